# What `cmake --install` puts where, and how other projects find it: by pkg-config (shshared.pc) and by
# find_package(shshared), with the targets of Kinds.cmake.
#
# Both descriptions are relocatable: the tree may be moved after it was installed. A part of the project with a library
# of its own installs it with shshared_pair(), and its .pc files with shshared_pkgconfig().
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/shshared)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/shshared/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/shshared
        FILES_MATCHING PATTERN *.h PATTERN *.hpp PATTERN win32 EXCLUDE)
shshared_pkgconfig(shshared shshared_static)

foreach(kind IN LISTS shshared_kinds) # one file each, as a packager may put the static libraries into a package of their own
  install(EXPORT shshared-${kind} NAMESPACE shshared:: FILE shshared-${kind}.cmake DESTINATION ${package_dir})
endforeach()
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/shshared-config.cmake.in
  ${PROJECT_BINARY_DIR}/shshared-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/shshared-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/shshared-config.cmake ${PROJECT_BINARY_DIR}/shshared-config-version.cmake
        DESTINATION ${package_dir})

if(NOT WIN32)
  include(${CMAKE_CURRENT_LIST_DIR}/Manuals.cmake)
endif()
