/*
 * Bad input: every public function against every argument that has no meaning. The table is in bad_input.h.
 *
 * Each call must give its status, leave its outputs, errno and every block as they were, and leave nothing behind. What
 * depends on the kind of process alone, and not on the function, is in the suite "strangers".
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bad_input.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/leaks.h"
#include "support/suite.h"
#include "support/system.h"

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
    return system_keeps_handles_apart() ? handle : scene.handles[NEVER];
}

/* The last of many, which are freed again: neither it nor any live handle here has a number that is live there, too. */
static shs_handle foreign_handle(shs_pid pid) {
    static shs_handle crowd[2 * FILLERS];
    for (size_t i = 0; i < LENGTH(crowd); i++) {
        crowd[i] = block_new(FOREIGN_PATTERN, SIZE, pid);
    }
    for (size_t i = 0; i < LENGTH(crowd) - 1; i++) {
        CHECK_STATUS(SHS_OK, shs_free(crowd[i], pid));
    }
    return crowd[LENGTH(crowd) - 1];
}

static void set_scene(void) {
    scene.dead = dead_pid();
    scene.other = actor_start_attached();
    scene.handles[ONES] = UINT32_MAX;
    scene.handles[NEVER] = 0x7FFFFFFC;
    scene.handles[STALE] = stale_handle();
    scene.handles[LIVE] = block_new(OWN_PATTERN, SIZE, shs_self());
    scene.handles[ODD] = scene.handles[LIVE] | 2;
    scene.handles[HIGH] = scene.handles[LIVE] | 0x80000000u;
    CHECK_STATUS(SHS_OK, shs_map_handle(scene.handles[LIVE], shs_self(), shs_self(), SHS_READ, &scene.handles[READER]));
    scene.handles[FREED] = freed_handle();
    scene.handles[FOREIGN] = foreign_handle(child_pid(scene.other));
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
    size_t size;
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
        case ALLOC_LOCKED:
            return shs_alloc_locked(4, pid, blind ? NULL : &outputs->handle, &outputs->view);
        case NO_VIEW:
            return shs_alloc_locked(4, pid, &outputs->handle, NULL);
        case LOCK:
            return shs_lock(handle, pid, access, blind ? NULL : &outputs->view, &outputs->size);
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
    struct outputs outputs = { UNTOUCHED, &outputs, UNTOUCHED, UNTOUCHED };
    char text[128];
    errno = ERRNO_BEFORE;
    const shs_status status = call(row, &outputs);
    const int errno_after = errno;
    snprintf(text, sizeof text, "row %zu: %s instead of %s", index, shs_status_name(status),
             shs_status_name(row->expected));
    check_true(status == row->expected, text, __FILE__, __LINE__, false);
    snprintf(text, sizeof text, "row %zu: errno or an output changed", index);
    check_true(errno_after == ERRNO_BEFORE && outputs.handle == UNTOUCHED && outputs.view == &outputs &&
                   outputs.size == UNTOUCHED && outputs.count == UNTOUCHED,
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
        const shs_status unlocked = shs_unlock((void *)addresses[i]);
        const shs_status sized = shs_view_size((const void *)addresses[i], &size);
        CHECK(errno == ERRNO_BEFORE);
        CHECK_STATUS(SHS_E_VIEW, unlocked);
        CHECK_STATUS(SHS_E_VIEW, sized);
    }
    CHECK_STATUS(SHS_E_VIEW, shs_unlock(NULL));
    CHECK_STATUS(SHS_E_VIEW, shs_view_size(NULL, &size));
    CHECK_STATUS(SHS_E_ARGUMENT, shs_view_size(&size, NULL));
    CHECK_STATUS(SHS_E_ARGUMENT, shs_view_size(NULL, NULL));
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
        void *view = NULL;
        CHECK(shs_alloc_locked(impossible[i], shs_self(), &handle, &view) != SHS_OK && view == NULL);
        const shs_status status = shs_alloc(NULL, impossible[i], shs_self(), &handle);
        CHECK(errno == ERRNO_BEFORE);
        CHECK_STATUS(SHS_E_NO_MEMORY, status);
    }
    CHECK_NUMBER(UNTOUCHED, handle);
}

/* Sizes that an address space has and no machine: refused at once, not when the memory of all is gone. */
static void sizes_beyond_the_machine(void) {
    shs_handle handle = UNTOUCHED;
    if (sizeof(size_t) < sizeof(uint64_t)) {
        skip("the address space is smaller than memory can be");
        return;
    }
    if (!system_tells_memory_left()) return;
    for (unsigned bit = 44; bit < 48; bit++) {
        CHECK_STATUS(SHS_E_NO_MEMORY, shs_alloc(NULL, (size_t)(UINT64_C(1) << bit), shs_self(), &handle));
    }
    CHECK_NUMBER(UNTOUCHED, handle);
}

static void options_that_have_no_meaning(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.size = offsetof(struct shs_options, await_starting) - 1; /* the structure as it was first */
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    options.size = 0;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    options = (struct shs_options)SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION + 1;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    options.service = SHS_SERVE_DEFAULT;
    options.reserved = 1;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_start(NULL));
}

static void failures_of_no_system_say_so(void) {
    void *view = NULL;
    CHECK_STATUS(SHS_E_HANDLE, shs_lock(3, shs_self(), SHS_READ, &view, NULL));
    CHECK(shs_native_error() == 0);
}

static const struct test tests[] = {
    { "every row of the table", every_row },
    { "views that are none", views_that_are_none },
    { "a list without room", list_without_room },
    { "sizes that cannot be", sizes_that_cannot_be },
    { "sizes beyond the machine", sizes_beyond_the_machine },
    { "options that have no meaning", options_that_have_no_meaning },
    { "failures that are no system's say so", failures_of_no_system_say_so },
};

SUITE("arguments", tests)
