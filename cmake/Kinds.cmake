# shshared_pair(NAME SHARED STATIC): how a library of the project is known from outside, and which of its two kinds is
# built and installed. shshared_kinds (Defaults.cmake) says which are wanted.
#
# shshared::NAME is the shared library, or the static one where nothing else is wanted, so that a project need not know
# how the library was built. shshared::NAME_static is the static one in every case.
function(shshared_pair name shared static)
  set(wanted "")
  foreach(kind IN ITEMS shared static)
    if(kind IN_LIST shshared_kinds)
      list(APPEND wanted ${${kind}})
    else()
      set_target_properties(${${kind}} PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
  endforeach()
  list(GET wanted 0 main)
  add_library(shshared::${name} ALIAS ${main})
  add_library(shshared::${name}_static ALIAS ${static})
  set_target_properties(${shared} PROPERTIES EXPORT_NAME ${name})
  set_target_properties(${static} PROPERTIES EXPORT_NAME ${name}_static)
  if(SHSHARED_INSTALL)
    foreach(kind IN LISTS shshared_kinds)
      install(TARGETS ${${kind}} EXPORT shshared-${kind})
    endforeach()
  endif()
endfunction()
