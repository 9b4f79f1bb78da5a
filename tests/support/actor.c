/*
 * The test's side of an actor: one request, one reply, and the commands that most tests need as plain calls.
 */
#include "actor.h"

#include "suite.h"

#define PATIENCE 600000u /* milliseconds */

struct child *actor_start(void) {
    struct child *actor = child_start("actor", NULL);
    REQUIRE(actor != NULL);
    return actor;
}

struct child *actor_start_attached(void) {
    struct child *actor = actor_start();
    const struct actor_request start = { .command = ACTOR_START, .size = PATIENCE };
    REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(actor, start).status);
    return actor;
}

void actor_tell(struct child *actor, struct actor_request request) {
    CHECK(child_send(actor, &request, sizeof request));
}

struct actor_reply actor_hear(struct child *actor) {
    struct actor_reply reply = { .status = SHS_E_SYSTEM };
    if (!CHECK(child_receive(actor, &reply, sizeof reply))) reply = (struct actor_reply){ .status = SHS_E_SYSTEM };
    return reply;
}

struct actor_reply actor_ask(struct child *actor, struct actor_request request) {
    actor_tell(actor, request);
    return actor_hear(actor);
}

static shs_status ask_status(struct child *actor, struct actor_request request) {
    return (shs_status)actor_ask(actor, request).status;
}

shs_status actor_alloc(struct child *actor, uint32_t pattern, size_t size, shs_pid owner, shs_handle *handle) {
    const struct actor_reply reply = actor_ask(
        actor, (struct actor_request){ .command = ACTOR_ALLOC, .number = pattern, .size = size, .pid = owner });
    *handle = reply.handle;
    return (shs_status)reply.status;
}

shs_status actor_lock(struct child *actor, shs_handle handle, shs_pid owner, shs_access access, uint64_t *view) {
    const struct actor_request request = {
        .command = ACTOR_LOCK, .handle = handle, .pid = owner, .access = (uint32_t)access
    };
    const struct actor_reply reply = actor_ask(actor, request);
    *view = reply.view;
    return (shs_status)reply.status;
}

shs_status actor_unlock(struct child *actor, uint64_t view) {
    return ask_status(actor, (struct actor_request){ .command = ACTOR_UNLOCK, .view = view });
}

shs_status actor_free(struct child *actor, shs_handle handle, shs_pid owner) {
    return ask_status(actor, (struct actor_request){ .command = ACTOR_FREE, .handle = handle, .pid = owner });
}

shs_status actor_map_handle(struct child *actor, shs_handle handle, shs_pid from, shs_pid to, shs_access access,
                            shs_handle *mapped) {
    const struct actor_request request = {
        .command = ACTOR_MAP_HANDLE, .handle = handle, .pid = from, .other = to, .access = (uint32_t)access
    };
    const struct actor_reply reply = actor_ask(actor, request);
    *mapped = reply.handle;
    return (shs_status)reply.status;
}

bool actor_matches(struct child *actor, uint64_t view, uint32_t pattern, size_t size) {
    const struct actor_request request = { .command = ACTOR_MATCHES, .view = view, .number = pattern, .size = size };
    return ask_status(actor, request) == SHS_OK;
}

void actor_write(struct child *actor, uint64_t view, uint32_t pattern, size_t size) {
    const struct actor_request request = { .command = ACTOR_WRITE, .view = view, .number = pattern, .size = size };
    CHECK_STATUS(SHS_OK, ask_status(actor, request));
}

bool actor_sees(struct child *actor, shs_handle handle, shs_pid owner, uint32_t pattern, size_t size) {
    uint64_t view = 0;
    if (!CHECK_STATUS(SHS_OK, actor_lock(actor, handle, owner, SHS_READ, &view))) return false;
    const bool matches = actor_matches(actor, view, pattern, size);
    return CHECK_STATUS(SHS_OK, actor_unlock(actor, view)) && matches;
}

void actor_end(struct child *actor) {
    CHECK_STATUS(SHS_OK, ask_status(actor, (struct actor_request){ .command = ACTOR_END }));
    CHECK_NUMBER(0, (uint64_t)child_wait(actor));
}

void actor_kill(struct child *actor) {
    child_kill(actor);
    CHECK(child_wait(actor) == CHILD_KILLED);
}

bool actors_can_be_held(void) {
    if (!children_can_pause()) skip("this system cannot hold a process");
    return children_can_pause();
}
