# Cross-compile for 64-bit Windows with MinGW-w64; programs of the build run under Wine.
set(mingw_triplet x86_64-w64-mingw32)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
