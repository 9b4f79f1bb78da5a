# What the POSIX backend is built from. Where a mechanism differs between systems, one file for each is chosen here.
find_package(Threads REQUIRED)
set(backend_libraries Threads::Threads)
set(backend_definitions _GNU_SOURCE _FILE_OFFSET_BITS=64)
set(backend_link_options "")

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  list(APPEND backend_link_options -Wl,-z,nodelete)
  if(NOT SHSHARED_SANITIZE) # whose run-time comes with the program
    list(APPEND backend_link_options -Wl,-z,defs)
  endif()
  set(backend_system posix/barrier_linux.c posix/free_memory_linux.c posix/life_linux.c posix/memfd_linux.c posix/peercred_linux.c posix/poller_epoll.c
                     posix/process_linux.c posix/wipe_linux.c)
else()
  message(FATAL_ERROR "no backend for ${CMAKE_SYSTEM_NAME} yet: see docs/design.md, 'Other systems'")
endif()

set(backend_sources
  # the contract
  posix/backend.c posix/alloc.c
  # what the process knows
  posix/world.c posix/forkpage.c posix/thread.c posix/holdings.c posix/sweep.c posix/pool.c posix/handles.c posix/view.c
  # a segment
  posix/segment.c posix/pin.c posix/object.c posix/object_names.c
  # other processes: those asked, and those answered
  posix/remote.c posix/peer.c posix/peer_connect.c posix/agent.c posix/link.c posix/answers.c posix/list.c
  posix/endpoint.c posix/directory.c
  # plumbing
  posix/wire.c posix/frames.c posix/fdpass.c posix/wait.c posix/descriptors.c posix/failure.c posix/random.c
  ${backend_system})
