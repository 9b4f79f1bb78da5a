# How the POSIX backend is built: the rooms, and what they link.
find_package(Threads REQUIRED)
include(${PROJECT_SOURCE_DIR}/cmake/Atomics.cmake)
shshared_atomics(atomics)
set(backend_libraries Threads::Threads ${atomics})
set(backend_definitions _GNU_SOURCE _FILE_OFFSET_BITS=64)
set(backend_link_options "")
if(CMAKE_SYSTEM_NAME STREQUAL "SunOS") # where a standard hides what is no part of it
  list(APPEND backend_definitions __EXTENSIONS__ _XOPEN_SOURCE=700)
endif()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  list(APPEND backend_link_options -Wl,-z,nodelete)
  if(NOT SHSHARED_SANITIZE) # whose run-time comes with the program
    list(APPEND backend_link_options -Wl,-z,defs)
  endif()
endif()
include(posix/os/systems.cmake)
include(posix/rooms.cmake)
set(backend_sources ${backend_objects})
