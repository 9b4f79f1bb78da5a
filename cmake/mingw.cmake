# What the MinGW-w64 toolchain files have in common. They set mingw_triplet.
#
# SHSHARED_MINGW_ROOT is a folder with libraries for the target: where scripts/cunit-mingw.sh puts CUnit.
set(SHSHARED_MINGW_ROOT ${CMAKE_CURRENT_LIST_DIR}/../build/cunit/${mingw_triplet} CACHE PATH "CUnit for Windows")

set(CMAKE_SYSTEM_NAME Windows)
string(REGEX REPLACE "-.*" "" CMAKE_SYSTEM_PROCESSOR ${mingw_triplet})

set(CMAKE_C_COMPILER ${mingw_triplet}-gcc)
set(CMAKE_CXX_COMPILER ${mingw_triplet}-g++)
set(CMAKE_RC_COMPILER ${mingw_triplet}-windres)

set(CMAKE_FIND_ROOT_PATH /usr/${mingw_triplet} ${SHSHARED_MINGW_ROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

find_program(SHSHARED_WINE wine DOC "Wine, to run what was built")
if(SHSHARED_WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${SHSHARED_WINE})
endif()
