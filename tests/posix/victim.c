/*
 * The victim's calls. See victim.h.
 */
#include "victim.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stepper.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/pattern.h"

#define REQUESTS 3    /* a connection, who is there, and the request itself */
#define PATIENCE 1000 /* milliseconds without a request after which there is none */

struct call {
    const char *name;
    void (*begin)(void); /* before anybody knows the pid */
    void (*prepare)(struct victim_task *task);
    void (*run)(const struct victim_task *task);
};

static void *view;

static unsigned char *data; /* for the block that the call makes */

/* ---- what comes before ---- */

static void stay_new(void) {}

static void attach(void) { EXPECT_STATUS(SHS_OK, shs_start(NULL)); }

static void serve(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    EXPECT_STATUS(SHS_OK, shs_start(&options));
}

static void nothing(struct victim_task *task) { (void)task; }

static void lock(struct victim_task *task) {
    void *before = pattern_new((size_t)task->size, PATTERN_BEFORE);
    if (task->handle == 0) EXPECT_STATUS(SHS_OK, shs_alloc(before, (size_t)task->size, task->owner, &task->handle));
    free(before);
    EXPECT_STATUS(SHS_OK, shs_lock(task->handle, task->owner, SHS_READ_WRITE, &view, NULL));
}

/* Everything is known and was done before: what follows takes the shortest way. */
static void know(struct victim_task *task) {
    lock(task);
    EXPECT_STATUS(SHS_OK, shs_unlock(view));
}

/* ---- what is cut short ---- */

static void run_start(const struct victim_task *task) {
    (void)task;
    (void)shs_start(NULL);
}

static void run_alloc(const struct victim_task *task) {
    shs_handle handle;
    (void)shs_alloc(data, (size_t)task->size, task->owner, &handle);
}

static void run_lock(const struct victim_task *task) {
    (void)shs_lock(task->handle, task->owner, SHS_READ_WRITE, &view, NULL);
}

static void run_read(const struct victim_task *task) {
    (void)shs_lock(task->handle, task->owner, SHS_READ, &view, NULL);
}

static void run_unlock(const struct victim_task *task) {
    (void)task;
    (void)shs_unlock(view);
}

static void run_free(const struct victim_task *task) { (void)shs_free(task->handle, task->owner); }

static void run_map(const struct victim_task *task) {
    shs_handle mapped;
    (void)shs_map_handle(task->handle, task->owner, task->to, SHS_READ_WRITE, &mapped);
}

static void run_stop(const struct victim_task *task) {
    (void)task;
    shs_stop();
}

static void run_serve(const struct victim_task *task) {
    struct pollfd watched = { .fd = shs_poll_fd(), .events = POLLIN };
    (void)task;
    for (int i = 0; i < REQUESTS && poll(&watched, 1, PATIENCE) > 0; i++)
        (void)shs_dispatch();
}

static const struct call calls[] = {
    { "start", stay_new, nothing, run_start },
    { "first alloc", stay_new, nothing, run_alloc },
    { "first lock", stay_new, nothing, run_lock },
    { "alloc", attach, know, run_alloc },
    { "lock", attach, know, run_lock },
    { "first read", attach, know, run_read },
    { "unlock", attach, lock, run_unlock },
    { "free", attach, know, run_free },
    { "map", attach, nothing, run_map },
    { "stop", attach, lock, run_stop },
    { "serve", serve, nothing, run_serve },
};

static const struct call *find(const char *name) {
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (strcmp(calls[i].name, name) == 0) return &calls[i];
    }
    exit(EXIT_FAILURE);
}

int victim_role(char **arguments) {
    const struct call *call = find(arguments[0]);
    struct victim_task task;
    call->begin();
    task.owner = (uint32_t)getpid();
    if (!parent_send(&task.owner, sizeof task.owner) || !parent_receive(&task, sizeof task)) return EXIT_FAILURE;
    call->prepare(&task);
    data = pattern_new((size_t)task.size, PATTERN_MADE);
    task.stepped = stepper_offer();
    if (!parent_send(&task, sizeof task) || task.stepped == 0) return EXIT_SUCCESS;
    stepper_mark();
    call->run(&task);
    stepper_mark();
    return EXIT_SUCCESS;
}
