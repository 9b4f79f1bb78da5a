# What each system supplies: for every mechanism below, the file that does it there. The header of the same name says
# what the file must do; "none" is for systems that lack the mechanism, and everything works with it. What other files
# take for granted, and macOS lacks, is in docs/design.md, "Other systems". The option
# SHSHARED_PORTABLE takes "none" wherever there is one, so that the tests see those files do their work on any system.
#
# mechanism         what it is                                           with none
# peercred          who is at the other end of a socket                  needed
# poller            wait for many descriptors                            needed
# process_info      whether a pid lives, and whose it is                 needed
# memfd             memory objects of the kernel, with seals             shm_open
# membarrier        a fence in all threads of the process                a fence in every call
# wipe_on_fork      a page that reads as zeros in a forked child         the pid is compared
# liveness          a word that the kernel marks when a thread dies      the connection is asked
# memory_available  how much memory is left                              a large block is not refused beforehand
# timer             a descriptor that is readable at a moment            an application's loop is not woken for what is due
# thread_stack      what a new thread's stack is used for before it      nothing is
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(posix_system
    peercred_linux poller_epoll process_info_linux memfd_linux membarrier_linux wipe_on_fork_linux liveness_linux
    memory_available_linux thread_stack_elf timer_linux)
else()
  message(FATAL_ERROR "no POSIX backend for ${CMAKE_SYSTEM_NAME} yet: src/posix/os/systems.cmake says what it needs")
endif()
option(SHSHARED_PORTABLE "For the tests: do without every mechanism that a POSIX system may lack" OFF)
if(SHSHARED_PORTABLE)
  foreach(mechanism IN ITEMS memfd membarrier wipe_on_fork liveness memory_available timer)
    list(TRANSFORM posix_system REPLACE "^${mechanism}_.*" "${mechanism}_none")
  endforeach()
endif()
set_property(GLOBAL PROPERTY shshared_posix_system ${posix_system}) # what the tests ask, too
list(TRANSFORM posix_system REPLACE "(.+)" "os/\\1.c" OUTPUT_VARIABLE posix_system_sources)
