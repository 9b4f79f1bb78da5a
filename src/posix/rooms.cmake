# The rooms of the POSIX backend and their order: the one place where it stands.
#
# A file of a room may include and call what is in its own room and in the rooms that its line names, and nothing else.
# The build makes one object library of each room; tests/structure checks every include and every call against this.
function(posix_room name)
  cmake_parse_arguments(room "" "" "USES;SOURCES" ${ARGN})
  list(TRANSFORM room_SOURCES PREPEND posix/)
  add_library(room_${name} OBJECT ${room_SOURCES})
  shshared_target(room_${name})
  set_target_properties(room_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON ROOM_USES "${room_USES}")
  target_include_directories(room_${name} PRIVATE
    ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/src/posix)
  target_compile_definitions(room_${name} PRIVATE SHSHARED_BUILD ${backend_definitions})
  set_property(GLOBAL APPEND PROPERTY shshared_rooms ${name})
  set(backend_objects ${backend_objects} $<TARGET_OBJECTS:room_${name}> PARENT_SCOPE)
endfunction()

# One mechanism of the operating system each. What a system must supply: os/systems.cmake.
posix_room(os SOURCES
  os/birth.c os/discard.c os/errno_status.c os/fd_tracking.c os/fdpass.c os/identity.c os/module.c os/random.c
  os/shm_names.c os/shm_object.c os/wait.c
  ${posix_system_sources})

# Readers that take no lock, and when what they look at may be freed.
posix_room(rcu USES os SOURCES rcu/rcu.c)

# A segment of shared memory, and what leads to it. No state of the process, no other process.
posix_room(block USES os rcu SOURCES
  block/address_map.c block/handle_numbers.c block/handle_table.c block/inherited.c block/pool.c block/segment.c block/view_count.c)

# Messages, and the addresses where processes find each other. No segments.
posix_room(ipc USES os SOURCES
  ipc/admission.c ipc/connect.c ipc/endpoint.c ipc/entry.c ipc/list_object.c ipc/message_io.c ipc/rendezvous.c
  ipc/runtime_dir.c ipc/sweep.c ipc/wire.c)

# The state of this process.
posix_room(state USES os rcu block ipc SOURCES
  state/arena.c state/block_list.c state/compaction.c state/context.c state/current.c state/descriptor_shares.c
  state/emptied.c state/kept.c state/notifications.c state/other_users.c state/owner.c state/peer.c state/peer_call.c
  state/peer_segments.c state/peer_watch.c state/registry.c state/third_grant.c state/third_numbers.c state/thread.c
  state/trim.c state/usage.c state/wakeup.c)

# What a call asks of other processes, and what others ask of this one.
posix_room(client USES os rcu block ipc state SOURCES client/await.c client/client.c client/exported.c client/new_segment.c)
posix_room(server USES os rcu block ipc state SOURCES
  server/arrivals.c server/connection.c server/handlers.c server/server.c server/told.c)

# The contract with the neutral half (src/backend.h).
posix_room(contract USES os rcu block ipc state client server SOURCES
  alloc.c attach.c lock.c map.c query.c)
