# What the POSIX backend is built from. Where a mechanism differs between systems, one file for each is chosen here.
find_package(Threads REQUIRED)
set(backend_libraries Threads::Threads)
set(backend_definitions _GNU_SOURCE _FILE_OFFSET_BITS=64)
set(backend_link_options "")

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  list(APPEND backend_link_options -Wl,-z,nodelete -Wl,-z,defs)
  set(backend_system posix/life_linux.c posix/object_linux.c posix/peercred_linux.c posix/process_linux.c
                     posix/poller_epoll.c)
else()
  message(FATAL_ERROR "no backend for ${CMAKE_SYSTEM_NAME} yet: see docs/design.md, 'Other systems'")
endif()

set(backend_sources ${backend_system} posix/backend.c)
