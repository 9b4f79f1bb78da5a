# shshared_pkgconfig(NAME STATIC_TARGET): generate NAME.pc from cmake/NAME.pc.in and install it, one for each library of the
# project; where its static library is installed, NAME-static.pc as well, from cmake/NAME-static.pc.in: `pkg-config --static` is
# for programs that are static as a whole, and leads to the shared library in all others.
#
# The file is relocatable (its prefix is where it lies), and its Libs.private holds what STATIC_TARGET links privately,
# so that pkg-config --static says the truth; if there is no shared library they are no longer private. Where a packager
# gives absolute folders, those stand in it instead.

# The link flags of a static library's private dependencies: what a program that links it statically must add.
function(shshared_private_flags target result)
  get_target_property(libraries ${target} LINK_LIBRARIES)
  if(NOT libraries)
    set(libraries "")
  endif()
  list(FILTER libraries EXCLUDE REGEX "^shshared")
  list(TRANSFORM libraries REPLACE "^Threads::Threads$" "-pthread")
  list(TRANSFORM libraries REPLACE "^([^-].*)$" "-l\\1")
  list(JOIN libraries " " flags)
  set(${result} "${flags}" PARENT_SCOPE)
endfunction()

# A template may use @pc_prefix@, @pc_libdir@, @pc_includedir@, @pc_private_flags@ and @pc_static_file@; and of what is private
# only if there is a shared library @pc_private@ (in the name of a field), @pc_flags@ and @pc_cflags@.
function(shshared_pkgconfig name static_target)
  shshared_private_flags(${static_target} pc_private_flags)
  set(pc_private .private)
  if(NOT shared IN_LIST shshared_kinds)
    set(pc_private "")
    set(pc_flags ${pc_private_flags})
    set(pc_cflags -DSHSHARED_STATIC)
  endif()
  get_target_property(output ${static_target} OUTPUT_NAME)
  set(pc_static_file "\${libdir}/${CMAKE_STATIC_LIBRARY_PREFIX}${output}${CMAKE_STATIC_LIBRARY_SUFFIX}")
  file(RELATIVE_PATH up "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${up}")
  set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
  if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
    set(pc_libdir "${CMAKE_INSTALL_LIBDIR}")
  endif()
  if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
  endif()
  set(files ${name})
  if(static IN_LIST shshared_kinds)
    list(APPEND files ${name}-static)
  endif()
  foreach(file IN LISTS files)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/${file}.pc.in ${PROJECT_BINARY_DIR}/${file}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${file}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  endforeach()
endfunction()
