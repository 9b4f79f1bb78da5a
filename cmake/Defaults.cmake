# What holds where whoever configures says nothing: how the code is compiled, which of the libraries there are, and
# whether the tests are built.

# Optimized, if it is this project that is built, and by a generator with one configuration.
get_property(several GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(PROJECT_IS_TOP_LEVEL AND NOT several AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "How to compile: Release, RelWithDebInfo, Debug, MinSizeRel, None" FORCE)
endif()

# BUILD_SHARED_LIBS says which kind is wanted; both, where nobody says. The other one can still be linked by a target of
# this build, as the tests do, but is not built for its own sake, and not installed.
set(shshared_kinds shared static)
if(NOT "${BUILD_SHARED_LIBS}" STREQUAL "")
  if(BUILD_SHARED_LIBS)
    set(shshared_kinds shared)
  else()
    set(shshared_kinds static)
  endif()
endif()

# Tests: of a project that is built for itself, if CUnit is there. Whoever wants them in any case says ON, and is told
# what is missing.
set(tests_default OFF)
if(PROJECT_IS_TOP_LEVEL)
  set(tests_default AUTO)
endif()
set(SHSHARED_TESTS ${tests_default} CACHE STRING "Build the tests (CUnit): ON, OFF, or AUTO: if CUnit is there")
if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
  set(SHSHARED_TESTS OFF)
endif()
if(SHSHARED_TESTS)
  find_path(CUNIT_INCLUDE_DIR CUnit/Basic.h)
  find_library(CUNIT_LIBRARY cunit)
  if(NOT CUNIT_INCLUDE_DIR OR NOT CUNIT_LIBRARY)
    set(how "install libcunit1-dev (Debian), CUnit-devel (Fedora), cunit (brew, pkg)")
    if(NOT SHSHARED_TESTS STREQUAL AUTO)
      message(FATAL_ERROR "CUnit is missing: ${how}, or configure with -DSHSHARED_TESTS=OFF")
    endif()
    message(STATUS "The tests are left out, as CUnit is missing: to have them, ${how}")
    set(SHSHARED_TESTS OFF)
  endif()
endif()
