# Cross-compile for Linux on 32-bit x86, by Debian's compiler (gcc-i686-linux-gnu, g++-i686-linux-gnu). A 64-bit kernel
# runs the programs, with the C library that came with the compiler. Where scripts/cunit-mingw.sh puts CUnit, it is found.
set(SHSHARED_LINUX32_ROOT ${CMAKE_CURRENT_LIST_DIR}/../build/cunit/i686-linux-gnu CACHE PATH "CUnit for 32 bits")

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER i686-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER i686-linux-gnu-g++)

set(CMAKE_FIND_ROOT_PATH /usr/i686-linux-gnu ${SHSHARED_LINUX32_ROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(PKG_CONFIG_EXECUTABLE /bin/false CACHE FILEPATH "there are packages for 64 bits only")

set(linux32_libraries /usr/i686-linux-gnu/lib)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--dynamic-linker=${linux32_libraries}/ld-linux.so.2,-rpath=${linux32_libraries}")
