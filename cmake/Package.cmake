# What can be done with an installation beyond `cmake --install`, where the project is built for itself: the targets uninstall
# (what the last `cmake --install` of this build put where), package (an archive to unpack anywhere) and package_source.
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -P ${PROJECT_SOURCE_DIR}/cmake/Uninstall.cmake
                  COMMENT "Take away what was installed" VERBATIM)

set(CPACK_GENERATOR TGZ)
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_IGNORE_FILES /build/ /build- /[.]git)
set(CPACK_SOURCE_PACKAGE_FILE_NAME shshared-${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGE_VENDOR "The shshared authors")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
