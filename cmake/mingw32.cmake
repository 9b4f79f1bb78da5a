# Cross-compile for 32-bit Windows with MinGW-w64; programs of the build run under Wine (Debian: wine32).
set(mingw_triplet i686-w64-mingw32)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
