/*
 * An actor is another process that calls the library for a test.
 *
 * It executes the commands below, one at a time, and answers each with the status and the outputs of its call. Between
 * commands it is blocked in a read, so that whatever it owns is answered for by the library and not by the application.
 * actor_tell() without actor_hear() leaves it at work while the test goes on. When it ends well, an actor stops the
 * library and compares what it owns with what it owned at its start; actor_end() checks that.
 */
#ifndef TESTS_ACTOR_H
#define TESTS_ACTOR_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "child.h"

#ifdef __cplusplus
extern "C" {
#endif

enum actor_command {
    ACTOR_START,       /* shs_start(): number = service, size = timeout, access: whom to admit, 1 all,
                          2 root that comes in */
    ACTOR_STOP,        /* shs_stop() */
    ACTOR_SELF,        /* shs_self() into pid */
    ACTOR_ALLOC,       /* shs_alloc() of size bytes of pattern number for pid */
    ACTOR_LOCK,        /* shs_lock() of (handle, pid) into view and size */
    ACTOR_UNLOCK,      /* shs_unlock(view) */
    ACTOR_FREE,        /* shs_free() of (handle, pid) */
    ACTOR_MAP_HANDLE,  /* shs_map_handle() of (handle, pid) into the process other */
    ACTOR_VIEW_SIZE,   /* shs_view_size(view) into size */
    ACTOR_PROBE,       /* shs_probe(pid) */
    ACTOR_LIST,        /* shs_list(pid): the count into size, the first handle into handle */
    ACTOR_MATCHES,     /* SHS_OK when view holds size bytes of pattern number */
    ACTOR_WRITE,       /* write size bytes of pattern number at view */
    ACTOR_WRITE_FAULT, /* the same, expecting to die of it with CHILD_FAULTED */
    ACTOR_ALLOC_EXIT,  /* as ACTOR_ALLOC, then exit at once after the answer, without shs_stop() */
    ACTOR_EXIT,        /* exit at once with code number, without shs_stop(), without an answer */
    ACTOR_CRASH,       /* end without any exit handler, without an answer */
    ACTOR_DIRECTORY,   /* point the library's runtime directory at text; none when text is empty */
    ACTOR_BECOME,      /* become the user number, who is in the group other as well */
    ACTOR_END          /* stop_all(), compare, answer, exit */
};

struct actor_request {
    uint32_t command;
    uint32_t handle;
    uint32_t pid;
    uint32_t other;
    uint32_t access;
    uint32_t number;
    uint64_t size;
    uint64_t view;
    char text[200];
};

struct actor_reply {
    int32_t status;
    uint32_t handle;
    uint32_t pid;
    uint32_t reserved;
    uint64_t size;
    uint64_t view;
};

/* A child that has not called the library yet. Ends the test when there is none. */
struct child *actor_start(void);

/* A child to which blocks can be given. It waits for others longer than a test may take, as a busy machine lets it
 * wait; ACTOR_START gives it another limit. */
struct child *actor_start_attached(void);

/* One command. An actor that ended instead of answering gives SHS_E_SYSTEM and fails the test. */
struct actor_reply actor_ask(struct child *actor, struct actor_request request);
void actor_tell(struct child *actor, struct actor_request request);
struct actor_reply actor_hear(struct child *actor);

/* The commands that most tests need. Outputs are written whatever the status. */
shs_status actor_alloc(struct child *actor, uint32_t pattern, size_t size, shs_pid owner, shs_handle *handle);
shs_status actor_lock(struct child *actor, shs_handle handle, shs_pid owner, shs_access access, uint64_t *view);
shs_status actor_unlock(struct child *actor, uint64_t view);
shs_status actor_free(struct child *actor, shs_handle handle, shs_pid owner);
shs_status actor_map_handle(struct child *actor, shs_handle handle, shs_pid from, shs_pid to, shs_access access,
                            shs_handle *mapped);
bool actor_matches(struct child *actor, uint64_t view, uint32_t pattern, size_t size);
void actor_write(struct child *actor, uint64_t view, uint32_t pattern, size_t size);

/* Lock, compare, unlock: what a receiver does. */
bool actor_sees(struct child *actor, shs_handle handle, shs_pid owner, uint32_t pattern, size_t size);

/* The actor stops the library, owns what it owned at its start, and exits with 0; all of it is checked. */
void actor_end(struct child *actor);

/* End it at once and take its end: when this returns, its pid names no process. */
void actor_kill(struct child *actor);

/* Can actors be held (child_pause())? Otherwise the test is skipped. */
bool actors_can_be_held(void);

/* The role: every suite program has it. */
int actor_role(char **arguments);

#ifdef __cplusplus
}
#endif

#endif
