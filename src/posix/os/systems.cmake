# What each system supplies: for every mechanism below, the file that does it there. The header of the same name says
# what the file must do; "none" is for systems that lack the mechanism, and everything works with it. A system that
# nobody thought of gets what POSIX.1-2008, descriptor passing and getpeereid() can do. The option SHSHARED_PORTABLE
# takes the same on Linux, so that the tests see those files do their work.
#
# mechanism         what it is                                           with none
# poller            wait for many descriptors                            needed
# peercred          who made a connection                                needed
# sender            who sent a message                                   who connected stands for it
# process_info      whether a pid lives, and whose it is                 needed
# process_entry     the table of processes (of process_info_posix)       kill() and waitid() tell who lives
# newborn           descriptors closed on exec from their birth on       they are told so afterwards
# timed_wait        a wait by the clock that nobody sets                 needed
# reserve           memory for an object before it is touched            zeros are written
# entropy           a call for random bytes                              /dev/urandom
# memfd             memory objects of the kernel, with seals             shm_open
# membarrier        a fence in all threads of the process                a fence in every call
# wipe_on_fork      a page that reads as zeros in a forked child         the pid is compared
# liveness          a word that the kernel marks when a thread dies      the connection is asked
# memory_available  how much memory is left                              a large block is not refused beforehand
# first_touch       huge pages, and fewer faults, for large objects       each page costs a fault
# timer             a descriptor that is readable at a moment            an application's loop is not woken for what is due
# in_flight         whether a descriptor outlives its sender's close     it is kept until it was heard of
# file_identity     which file a descriptor leads to, asking none        the number is all that is known of it
# thread_stack      what a new thread's stack is used for before it      nothing is
# race_detector     that of the program, if it has one                   it is told nothing
set(posix_mechanisms poller peercred sender process_info process_entry newborn timed_wait reserve entropy memfd membarrier
    wipe_on_fork liveness memory_available first_touch timer in_flight file_identity thread_stack
    race_detector)

# posix_system(FILE...): these files; where a mechanism is not named, its generic one.
function(posix_system)
  set(generic poller_poll peercred_user process_info_posix timed_wait_clock)
  set(chosen "")
  foreach(mechanism IN LISTS posix_mechanisms)
    set(files ${ARGN} ${generic} ${mechanism}_none)
    list(FILTER files INCLUDE REGEX "^${mechanism}_")
    list(GET files 0 file)
    list(APPEND chosen ${file})
  endforeach()
  if(SHSHARED_SANITIZE MATCHES "thread") # which sees the library's steps itself
    list(TRANSFORM chosen REPLACE "race_detector_elf" "race_detector_none")
  endif()
  if("process_info_linux" IN_LIST chosen)
    list(REMOVE_ITEM chosen process_entry_none)
    list(APPEND chosen textfile)
  endif()
  if("poller_poll" IN_LIST chosen)
    list(APPEND chosen lookout)
  endif()
  set(posix_system ${chosen} PARENT_SCOPE)
endfunction()

set(bsd poller_kqueue newborn_flagged in_flight_held)
option(SHSHARED_PORTABLE "For the tests: do without every mechanism that a POSIX system may lack" OFF)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND SHSHARED_PORTABLE)
  posix_system(peercred_portable thread_stack_elf race_detector_elf)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  posix_system(poller_epoll peercred_linux sender_linux process_info_linux newborn_flagged reserve_fallocate
    entropy_getentropy memfd_linux membarrier_linux wipe_on_fork_linux liveness_linux memory_available_linux
    first_touch_linux timer_linux in_flight_held file_identity_linux thread_stack_elf race_detector_elf)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
  posix_system(poller_kqueue peercred_macos process_entry_macos timed_wait_macos entropy_getentropy)
elseif(CMAKE_SYSTEM_NAME STREQUAL "FreeBSD")
  posix_system(${bsd} peercred_freebsd process_entry_freebsd reserve_fallocate entropy_getentropy memfd_freebsd
    wipe_on_fork_freebsd thread_stack_elf race_detector_elf)
elseif(CMAKE_SYSTEM_NAME STREQUAL "NetBSD")
  posix_system(${bsd} peercred_netbsd process_entry_netbsd reserve_fallocate entropy_getentropy wipe_on_fork_bsd
    thread_stack_elf race_detector_elf)
elseif(CMAKE_SYSTEM_NAME STREQUAL "OpenBSD")
  posix_system(${bsd} peercred_openbsd process_entry_openbsd entropy_openbsd wipe_on_fork_bsd)
elseif(CMAKE_SYSTEM_NAME STREQUAL "SunOS")
  posix_system(newborn_flagged in_flight_held peercred_illumos process_entry_illumos reserve_fallocate entropy_getentropy)
else()
  posix_system()
endif()
set_property(GLOBAL PROPERTY shshared_posix_mechanisms ${posix_mechanisms} lookout textfile) # and what checks the structure
set_property(GLOBAL PROPERTY shshared_posix_system ${posix_system}) # what the tests ask, too
list(TRANSFORM posix_system REPLACE "(.+)" "os/\\1.c" OUTPUT_VARIABLE posix_system_sources)
