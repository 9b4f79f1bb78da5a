# The manual pages of docs/man, installed; and for each further name of a page (shs_unlock in shs_lock.3) a page that
# leads to it, so that "man shs_unlock" works. The names are those that the page's section NAME lists.
file(GLOB manuals CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.[37])
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manuals})
set(manuals_made ${PROJECT_BINARY_DIR}/man)

foreach(page IN LISTS manuals)
  cmake_path(GET page FILENAME file)
  string(REGEX MATCH "[37]$" section ${file})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
  file(STRINGS ${page} names REGEX "^\\.Nm shs[a-z_]*( ,)?$")
  foreach(name IN LISTS names)
    string(REGEX REPLACE "^\\.Nm (shs[a-z_]*).*" "\\1.${section}" alias ${name})
    if(NOT alias STREQUAL file)
      file(CONFIGURE OUTPUT ${manuals_made}/${alias} CONTENT ".so man${section}/${file}\n" @ONLY)
      install(FILES ${manuals_made}/${alias} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
    endif()
  endforeach()
endforeach()
