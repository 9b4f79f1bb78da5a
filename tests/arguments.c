/*
 * Bad input: every public function against every argument that has no meaning. The table below is the documentation.
 *
 * A row is one call. The words of a row name arguments: which handle, which process, which output is missing. Each call
 * must give its status, leave its outputs, errno and every block as they were, and leave nothing behind. Processes that
 * only some systems have (zombies, other users, processes without the library) are in the suite "processes of others".
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/leaks.h"
#include "support/suite.h"

enum function { ALLOC, LOCK, FREE, MAP_FROM, MAP_TO, PROBE, LIST };

enum handle_kind {
    NONE,    /* 0 */
    ODD,     /* no multiple of 4 */
    HIGH,    /* bit 31 */
    ONES,    /* all bits */
    NEVER,   /* well formed, never given out */
    FREED,   /* freed a moment ago */
    STALE,   /* freed, and its place used again */
    LIVE,    /* of this process, and fine */
    FOREIGN, /* of the other process, and fine there */
    READER   /* of this process, for reading only */
};

enum process_kind {
    ZERO,
    DEAD,  /* ended and taken */
    HUGE,  /* 2^32 - 1 */
    MINUS, /* this process's pid, negated: a process group to the system */
    SELF,
    OTHER
};

enum fault { CORRECT, NO_OUTPUT, BAD_ACCESS, WRITING };

struct row {
    enum function function;
    enum handle_kind handle;
    enum process_kind process;
    enum fault fault;
    shs_status expected;
};

static const struct row rows[] = {
    /* function, handle, process, fault, expected */
    { ALLOC, NONE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { ALLOC, NONE, ZERO, NO_OUTPUT, SHS_E_ARGUMENT },
    { ALLOC, NONE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC, NONE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC, NONE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC, NONE, MINUS, CORRECT, SHS_E_NO_PROCESS },

    { LOCK, LIVE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { LOCK, LIVE, SELF, BAD_ACCESS, SHS_E_ARGUMENT },
    { LOCK, NONE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { LOCK, NONE, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, NONE, ZERO, CORRECT, SHS_E_HANDLE },
    { LOCK, ODD, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, HIGH, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, ONES, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, NEVER, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, FREED, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, STALE, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, FOREIGN, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, ODD, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, NEVER, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, LIVE, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, FREED, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, LIVE, MINUS, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, READER, SELF, WRITING, SHS_E_ACCESS },

    { FREE, NONE, SELF, CORRECT, SHS_OK },
    { FREE, NONE, ZERO, CORRECT, SHS_OK },
    { FREE, NONE, DEAD, CORRECT, SHS_OK },
    { FREE, NONE, HUGE, CORRECT, SHS_OK },
    { FREE, ODD, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, HIGH, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, ONES, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, NEVER, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, FREED, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, STALE, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, FOREIGN, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, NEVER, OTHER, CORRECT, SHS_E_HANDLE },
    { FREE, LIVE, OTHER, CORRECT, SHS_E_HANDLE },
    { FREE, FREED, OTHER, CORRECT, SHS_E_HANDLE },
    { FREE, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { FREE, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { FREE, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { FREE, LIVE, MINUS, CORRECT, SHS_E_NO_PROCESS },

    { MAP_FROM, LIVE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { MAP_FROM, LIVE, SELF, BAD_ACCESS, SHS_E_ARGUMENT },
    { MAP_FROM, NONE, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, ODD, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, HIGH, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, NEVER, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, FREED, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, STALE, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, FOREIGN, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, LIVE, OTHER, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { MAP_FROM, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { MAP_FROM, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { MAP_FROM, READER, SELF, WRITING, SHS_E_ACCESS },
    { MAP_TO, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, LIVE, MINUS, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, NEVER, OTHER, CORRECT, SHS_E_HANDLE },
    { MAP_TO, READER, OTHER, WRITING, SHS_E_ACCESS },

    { PROBE, NONE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { PROBE, NONE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { PROBE, NONE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { PROBE, NONE, MINUS, CORRECT, SHS_E_NO_PROCESS },

    { LIST, NONE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { LIST, NONE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { LIST, NONE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { LIST, NONE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { LIST, NONE, MINUS, CORRECT, SHS_E_NO_PROCESS },
};

#define SIZE 100
#define OWN_PATTERN 1
#define FOREIGN_PATTERN 2
#define FILLERS 50 /* so that numbers of live blocks here mean nothing there */
#define UNTOUCHED 0x5A5A5A5Au
#define ERRNO_BEFORE 4711

/* The processes and blocks that rows speak of. */
static struct {
    struct child *other;
    shs_pid dead;
    shs_handle fillers[FILLERS];
    shs_handle handles[READER + 1];
} scene;

static shs_pid pid_of(enum process_kind kind) {
    switch (kind) {
        case ZERO:
            return 0;
        case DEAD:
            return scene.dead;
        case HUGE:
            return UINT32_MAX;
        case MINUS:
            return 0u - shs_self();
        case SELF:
            return shs_self();
        case OTHER:
            return child_pid(scene.other);
    }
    return 0;
}

static shs_pid dead_pid(void) {
    struct child *child = actor_start_attached();
    const shs_pid pid = child_pid(child);
    actor_end(child);
    return pid;
}

static shs_handle freed_handle(void) {
    const shs_handle handle = block_new(OWN_PATTERN, SIZE, shs_self());
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    return handle;
}

/* Freed, and as many made since as any reuse of its place can need. */
static shs_handle stale_handle(void) {
    const shs_handle handle = freed_handle();
    for (size_t i = 0; i < FILLERS; i++) {
        scene.fillers[i] = block_new(OWN_PATTERN, SIZE, shs_self());
    }
    return handle;
}

static void set_scene(void) {
    scene.dead = dead_pid();
    scene.other = actor_start_attached();
    scene.handles[ODD] = 0x00100006;
    scene.handles[HIGH] = 0x80100004;
    scene.handles[ONES] = UINT32_MAX;
    scene.handles[NEVER] = 0x7FFFFFFC;
    scene.handles[STALE] = stale_handle();
    scene.handles[LIVE] = block_new(OWN_PATTERN, SIZE, shs_self());
    CHECK_STATUS(SHS_OK, shs_map_handle(scene.handles[LIVE], shs_self(), shs_self(), SHS_READ, &scene.handles[READER]));
    scene.handles[FREED] = freed_handle();
    for (size_t i = 0; i < 2 * FILLERS; i++) {
        scene.handles[FOREIGN] = block_new(FOREIGN_PATTERN, SIZE, child_pid(scene.other));
    }
}

static void check_scene(void) {
    const shs_pid self = shs_self();
    CHECK(block_holds(scene.handles[LIVE], self, OWN_PATTERN, SIZE));
    CHECK(block_holds(scene.handles[READER], self, OWN_PATTERN, SIZE));
    CHECK(block_holds(scene.handles[FOREIGN], child_pid(scene.other), FOREIGN_PATTERN, SIZE));
}

static void clear_scene(void) {
    check_scene();
    for (size_t i = 0; i < FILLERS; i++) {
        CHECK_STATUS(SHS_OK, shs_free(scene.fillers[i], shs_self()));
    }
    CHECK_STATUS(SHS_OK, shs_free(scene.handles[LIVE], shs_self()));
    CHECK_STATUS(SHS_OK, shs_free(scene.handles[READER], shs_self()));
    actor_end(scene.other);
}

struct outputs {
    shs_handle handle;
    void *view;
    size_t count;
};

static shs_access access_of(const struct row *row) {
    if (row->fault == BAD_ACCESS) return (shs_access)2;
    return row->fault == WRITING ? SHS_READ_WRITE : SHS_READ;
}

static shs_status call(const struct row *row, struct outputs *outputs) {
    const shs_handle handle = scene.handles[row->handle];
    const shs_pid pid = pid_of(row->process);
    const shs_access access = access_of(row);
    const bool blind = row->fault == NO_OUTPUT;
    switch (row->function) {
        case ALLOC:
            return shs_alloc("data", 4, pid, blind ? NULL : &outputs->handle);
        case LOCK:
            return shs_lock(handle, pid, access, blind ? NULL : &outputs->view);
        case FREE:
            return shs_free(handle, pid);
        case MAP_FROM:
            return shs_map_handle(handle, pid, shs_self(), access, blind ? NULL : &outputs->handle);
        case MAP_TO:
            return shs_map_handle(handle, shs_self(), pid, access, blind ? NULL : &outputs->handle);
        case PROBE:
            return shs_probe(pid);
        case LIST:
            return shs_list(pid, NULL, 0, blind ? NULL : &outputs->count);
    }
    return SHS_OK;
}

static void check_row(size_t index) {
    const struct row *row = &rows[index];
    struct outputs outputs = { UNTOUCHED, &outputs, UNTOUCHED };
    char text[128];
    errno = ERRNO_BEFORE;
    const shs_status status = call(row, &outputs);
    const int errno_after = errno;
    snprintf(text, sizeof text, "row %zu: %s instead of %s", index, shs_status_name(status),
             shs_status_name(row->expected));
    check_true(status == row->expected, text, __FILE__, __LINE__, false);
    snprintf(text, sizeof text, "row %zu: errno or an output changed", index);
    check_true(errno_after == ERRNO_BEFORE && outputs.handle == UNTOUCHED && outputs.view == &outputs &&
                   outputs.count == UNTOUCHED,
               text, __FILE__, __LINE__, false);
}

/* Twice: what the first round opens once (a connection, a second mapping) is not a leak, what the second opens is. */
static void every_row(void) {
    struct leaks before;
    char left[256];
    set_scene();
    for (int round = 0; round < 2; round++) {
        check_scene();
        leaks_measure(&before);
        for (size_t i = 0; i < LENGTH(rows); i++) {
            check_row(i);
        }
    }
    check_true(leaks_settle(&before, left, sizeof left), left, __FILE__, __LINE__, false);
    clear_scene();
}

static void views_that_are_none(void) {
    size_t size = UNTOUCHED;
    const uintptr_t addresses[] = { 1, 64, 4096, (uintptr_t)&size, (uintptr_t)rows, UINTPTR_MAX, UINTPTR_MAX - 63 };
    for (size_t i = 0; i < LENGTH(addresses); i++) {
        errno = ERRNO_BEFORE;
        CHECK_STATUS(SHS_E_VIEW, shs_unlock((void *)addresses[i]));
        CHECK_STATUS(SHS_E_VIEW, shs_view_size((const void *)addresses[i], &size));
        CHECK(errno == ERRNO_BEFORE);
    }
    CHECK_STATUS(SHS_E_VIEW, shs_unlock(NULL));
    CHECK_STATUS(SHS_E_VIEW, shs_view_size(NULL, &size));
    CHECK_STATUS(SHS_E_ARGUMENT, shs_view_size(&size, NULL));
    CHECK_NUMBER(UNTOUCHED, size);
}

static void list_without_room(void) {
    size_t count = UNTOUCHED;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_list(shs_self(), NULL, 1, &count));
    CHECK_STATUS(SHS_E_ARGUMENT, shs_list(shs_self(), NULL, 0, NULL));
    CHECK_NUMBER(UNTOUCHED, count);
}

static void sizes_that_cannot_be(void) {
    static const size_t impossible[] = { SIZE_MAX,        SIZE_MAX - 1,     SIZE_MAX - 63,
                                         SIZE_MAX - 4095, SIZE_MAX / 2 + 1, SIZE_MAX / 2 };
    shs_handle handle = UNTOUCHED;
    for (size_t i = 0; i < LENGTH(impossible); i++) {
        errno = ERRNO_BEFORE;
        CHECK_STATUS(SHS_E_NO_MEMORY, shs_alloc(NULL, impossible[i], shs_self(), &handle));
        CHECK(errno == ERRNO_BEFORE);
    }
    CHECK_NUMBER(UNTOUCHED, handle);
}

static void options_that_have_no_meaning(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.size = sizeof options - 1;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    options.size = 0;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    options = (struct shs_options)SHS_OPTIONS_INIT;
    options.service = (shs_service)2;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    options = (struct shs_options)SHS_OPTIONS_INIT;
    options.reserved = 1;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_start(NULL));
}

static void failures_of_no_system_say_so(void) {
    void *view = NULL;
    CHECK_STATUS(SHS_E_HANDLE, shs_lock(3, shs_self(), SHS_READ, &view));
    CHECK(shs_native_error() == 0);
}

static const struct test tests[] = {
    { "every row of the table", every_row },
    { "views that are none", views_that_are_none },
    { "a list without room", list_without_room },
    { "sizes that cannot be", sizes_that_cannot_be },
    { "options that have no meaning", options_that_have_no_meaning },
    { "failures that are no system's say so", failures_of_no_system_say_so },
};

SUITE("arguments", tests)
