# The peers: bench_peer(NAME SOURCES... LIBRARIES...) makes the program peer-NAME out of its one file and the frame.
function(bench_peer name)
  cmake_parse_arguments(peer "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(peer-${name} support/frame.c ${peer_SOURCES})
  target_link_libraries(peer-${name} PRIVATE bench_support ${peer_LIBRARIES})
endfunction()

# Nobody's headers but the system's: held to the project's warnings.
function(bench_plain_peer name)
  bench_peer(${name} ${ARGN})
  shshared_target(peer-${name})
endfunction()

bench_plain_peer(shshared SOURCES peers/shshared.c LIBRARIES bench_library)
bench_plain_peer(pingpong SOURCES peers/pingpong.c)
bench_plain_peer(pooled SOURCES peers/pooled.c)
bench_plain_peer(pipe SOURCES peers/pipe.c)
bench_plain_peer(readv SOURCES peers/readv.c)
bench_plain_peer(socket SOURCES peers/socket.c)
bench_plain_peer(mqueue SOURCES peers/mqueue.c LIBRARIES rt)
bench_plain_peer(sysv SOURCES peers/sysv.c)
bench_plain_peer(mqueue-pool SOURCES peers/mqueue_pool.c LIBRARIES rt)
bench_plain_peer(memfd SOURCES peers/memfd.c peers/descriptor.c)
bench_plain_peer(shm_open SOURCES peers/shm_open.c peers/descriptor.c LIBRARIES rt)

find_package(PkgConfig)
if(PkgConfig_FOUND)
  pkg_check_modules(APR IMPORTED_TARGET apr-1)
endif()
if(TARGET PkgConfig::APR)
  bench_peer(apr SOURCES peers/apr.c LIBRARIES PkgConfig::APR)
else()
  message(STATUS "bench: no peer apr (libapr1-dev)")
endif()

include(CheckLanguage)
check_language(CXX)
if(CMAKE_CXX_COMPILER)
  enable_language(CXX)
  set(CMAKE_CXX_STANDARD 17)
  find_package(Boost QUIET)
  find_package(Qt6 QUIET COMPONENTS Core)
endif()
if(TARGET Boost::headers)
  bench_peer(boost-object SOURCES peers/boost_object.cpp LIBRARIES Boost::headers rt)
  bench_peer(boost-managed SOURCES peers/boost_managed.cpp LIBRARIES Boost::headers rt Threads::Threads)
else()
  message(STATUS "bench: no peers boost-object and boost-managed (a C++ compiler, libboost-dev)")
endif()
if(TARGET Qt6::Core)
  bench_peer(qt SOURCES peers/qt.cpp LIBRARIES Qt6::Core)
else()
  message(STATUS "bench: no peer qt (a C++ compiler, qt6-base-dev)")
endif()

# Windows programs: another compiler, called directly, and a script that runs them under Wine.
find_program(BENCH_MINGW x86_64-w64-mingw32-gcc)
find_program(BENCH_WINE NAMES wine64 wine)

function(bench_wine_peer name source)
  set(sources support/answer.c support/cycle.c support/frame.c support/pair_win32.c support/support.c support/tail.c
      peers/${source})
  set(program "${CMAKE_CURRENT_BINARY_DIR}/peer-${name}.exe")
  list(TRANSFORM sources PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  add_custom_command(OUTPUT "${program}"
    COMMAND "${BENCH_MINGW}" -std=c11 -O3 -Wall -Wextra -Wshadow -Wconversion -D__USE_MINGW_ANSI_STDIO=1
            "-I${CMAKE_CURRENT_SOURCE_DIR}/support" ${sources} -o "${program}" -static -lshlwapi -lwinpthread
    DEPENDS ${sources} support/answer.h support/cycle.h support/pair.h support/peer.h support/support.h support/tail.h
    VERBATIM)
  add_custom_target(peer-${name} ALL DEPENDS "${program}")
  configure_file(peers/wine.sh.in peer-${name} @ONLY)
  file(CHMOD "${CMAKE_CURRENT_BINARY_DIR}/peer-${name}"
       FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endfunction()

if(BENCH_MINGW AND BENCH_WINE)
  bench_wine_peer(wine wine.c)
  bench_wine_peer(wine-pingpong pingpong.c)
else()
  message(STATUS "bench: no peers wine and wine-pingpong (gcc-mingw-w64-x86-64, wine64)")
endif()
