/*
 * The actor's side: a loop that executes one command after the other and answers each.
 *
 * While it waits for a command it serves the library's descriptor when there is one, as an application with an event
 * loop of its own does.
 */
#include <stdio.h>
#include <stdlib.h>

#include "actor.h"
#include "checked.h"
#include "leaks.h"
#include "pattern.h"
#include "sandbox.h"
#include "suite.h"

static struct leaks at_start;

static void *view_of(const struct actor_request *request) { return (void *)(uintptr_t)request->view; }

static int admit_everyone(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 1;
}

/* root, with its group, and with nothing untold. */
static int admit_root_coming_in(void *context, const struct shs_admit_request *request) {
    (void)context;
    return request->direction == SHS_INCOMING && request->pid != 0 && request->user == 0 && request->group == 0 &&
           request->group_known != 0 && request->reserved == 0;
}

static shs_status start(const struct actor_request *request) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = request->number;
    options.timeout_ms = (uint32_t)request->size;
    if (request->access == 1) options.admit = admit_everyone;
    if (request->access == 2) options.admit = admit_root_coming_in;
    return checked_start(&options);
}

static shs_status alloc(const struct actor_request *request, struct actor_reply *reply) {
    void *data = pattern_new((size_t)request->size, request->number);
    const shs_status status = checked_alloc(data, (size_t)request->size, request->pid, &reply->handle);
    free(data);
    return status;
}

static shs_status lock(const struct actor_request *request, struct actor_reply *reply) {
    void *view = NULL;
    size_t size = 0;
    const shs_status status = checked_lock(request->handle, request->pid, (shs_access)request->access, &view, &size);
    reply->view = (uintptr_t)view;
    reply->size = size;
    return status;
}

static shs_status list(const struct actor_request *request, struct actor_reply *reply) {
    struct shs_block_info block = { .handle = 0 };
    size_t count = 0;
    const shs_status status = checked_list(request->pid, &block, 1, &count);
    reply->size = count;
    if (count > 0) reply->handle = block.handle;
    return status;
}

static shs_status view_size(const struct actor_request *request, struct actor_reply *reply) {
    size_t size = 0;
    const shs_status status = shs_view_size(view_of(request), &size);
    reply->size = size;
    return status;
}

static shs_status matches(const struct actor_request *request) {
    return pattern_matches(view_of(request), (size_t)request->size, request->number) ? SHS_OK : SHS_E_ARGUMENT;
}

static shs_status write_pattern(const struct actor_request *request) {
    if (request->command == ACTOR_WRITE_FAULT) child_expects_fault();
    pattern_fill(view_of(request), (size_t)request->size, request->number);
    return SHS_OK;
}

static shs_status stop(void) {
    shs_stop();
    return SHS_OK;
}

static shs_status end(void) {
    char left[512];
    stop_all();
    if (leaks_settle(&at_start, left, sizeof left)) return SHS_OK;
    fprintf(stderr, "an actor leaked: %s\n", left);
    leaks_describe();
    return SHS_E_LIMIT;
}

static shs_status point_at(const char *directory) {
    sandbox_use(directory);
    return SHS_OK;
}

static shs_status execute(const struct actor_request *request, struct actor_reply *reply) {
    switch ((enum actor_command)request->command) {
        case ACTOR_START:
            return start(request);
        case ACTOR_STOP:
            return stop();
        case ACTOR_SELF:
            reply->pid = shs_self();
            return SHS_OK;
        case ACTOR_ALLOC:
        case ACTOR_ALLOC_EXIT:
            return alloc(request, reply);
        case ACTOR_LOCK:
            return lock(request, reply);
        case ACTOR_UNLOCK:
            return shs_unlock(view_of(request));
        case ACTOR_FREE:
            return checked_free(request->handle, request->pid);
        case ACTOR_MAP_HANDLE:
            return checked_map_handle(request->handle, request->pid, request->other, (shs_access)request->access,
                                      &reply->handle);
        case ACTOR_VIEW_SIZE:
            return view_size(request, reply);
        case ACTOR_PROBE:
            return checked_probe(request->pid);
        case ACTOR_LIST:
            return list(request, reply);
        case ACTOR_MATCHES:
            return matches(request);
        case ACTOR_WRITE:
        case ACTOR_WRITE_FAULT:
            return write_pattern(request);
        case ACTOR_EXIT:
            exit((int)request->number);
        case ACTOR_CRASH:
            child_crash();
            break;
        case ACTOR_DIRECTORY:
            return point_at(request->text);
        case ACTOR_BECOME:
            return child_become(request->number, request->other) ? SHS_OK : SHS_E_ACCESS;
        case ACTOR_END:
            return end();
    }
    return SHS_E_UNSUPPORTED;
}

static bool next_request(struct actor_request *request) {
    while (!parent_wait(shs_poll_fd())) {
        shs_dispatch();
    }
    return parent_receive(request, sizeof *request);
}

int actor_role(char **arguments) {
    (void)arguments;
    leaks_measure(&at_start);
    struct actor_request request;
    while (next_request(&request)) {
        struct actor_reply reply = { .handle = 0 };
        reply.status = (int32_t)execute(&request, &reply);
        if (!parent_send(&reply, sizeof reply)) break;
        if (request.command == ACTOR_END || request.command == ACTOR_ALLOC_EXIT) break;
    }
    return EXIT_SUCCESS;
}
