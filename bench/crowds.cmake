# The crowds: bench_crowd(NAME SOURCES... LIBRARIES...) makes the program crowd-NAME out of a peer's one file and the
# frame of many givers. Only peers that keep nothing for a giver, or ask bench_crowd whose turn it is.
function(bench_crowd name)
  cmake_parse_arguments(crowd "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(crowd-${name} crowd/frame.c crowd/diary.c ${crowd_SOURCES})
  target_link_libraries(crowd-${name} PRIVATE bench_relay ${crowd_LIBRARIES})
endfunction()

function(bench_plain_crowd name)
  bench_crowd(${name} ${ARGN})
  shshared_target(crowd-${name})
endfunction()

foreach(crowd pingpong pooled socket sysv)
  bench_plain_crowd(${crowd} SOURCES peers/${crowd}.c)
endforeach()
bench_plain_crowd(shshared SOURCES peers/shshared.c LIBRARIES bench_library)
bench_plain_crowd(mqueue-pool SOURCES peers/mqueue_pool.c LIBRARIES rt)
bench_plain_crowd(memfd SOURCES peers/memfd.c peers/descriptor.c)
bench_plain_crowd(shm_open SOURCES peers/shm_open.c peers/descriptor.c LIBRARIES rt)
if(TARGET Boost::headers)
  bench_crowd(boost-managed SOURCES peers/boost_managed.cpp LIBRARIES Boost::headers rt Threads::Threads)
endif()
