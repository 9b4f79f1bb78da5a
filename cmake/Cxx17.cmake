# Included by folders with C++17 in them: enables the language there, if this machine has it. The library needs no C++.
# Sets cxx17_missing: empty, or what is missing.
include(CheckLanguage)
check_language(CXX)
set(cxx17_missing "")
if(NOT CMAKE_CXX_COMPILER)
  set(cxx17_missing "there is no C++ compiler")
else()
  enable_language(CXX)
  if(NOT cxx_std_17 IN_LIST CMAKE_CXX_COMPILE_FEATURES)
    set(cxx17_missing "the C++ compiler knows no C++17")
  endif()
endif()
if(MINGW)
  add_link_options($<$<LINK_LANGUAGE:CXX>:-static>) # the runtime of C++ is in DLLs that Windows does not find
endif()
