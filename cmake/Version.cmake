# The version of the project stands in the public header and nowhere else: shshared_version, and what a program that was
# linked with the shared libraries needs of them, shshared_soversion. Before 1.0.0 a minor version may change the
# interface, so it is a part of the name by which they are found.
set(shshared_header ${CMAKE_CURRENT_LIST_DIR}/../include/shshared/shshared.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${shshared_header})
foreach(part IN ITEMS MAJOR MINOR PATCH)
  file(STRINGS ${shshared_header} line REGEX "^#define SHS_VERSION_${part} [0-9]+$")
  string(REGEX REPLACE ".* " "" version_${part} "${line}")
endforeach()
set(shshared_version ${version_MAJOR}.${version_MINOR}.${version_PATCH})
set(shshared_soversion ${version_MAJOR})
if(version_MAJOR EQUAL 0)
  set(shshared_soversion 0.${version_MINOR})
endif()
