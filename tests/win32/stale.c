/*
 * Numbers that Windows uses again: the handle of a freed block may soon be the handle of something else.
 *
 * Whether a number comes back is for Windows to say; a test that waits in vain for it is skipped.
 */
#include "native.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/suite.h"

#define TRIES 512

/* Open events until one has the number, or none has; all others are closed again. */
static bool reuse(shs_handle number, shs_pid pid, HANDLE event) {
    static shs_handle others[TRIES];
    size_t count = 0;
    bool found = false;
    while (!found && count < TRIES) {
        others[count] = native_give(event, pid);
        found = others[count] == number;
        if (!found) count++;
    }
    while (count > 0) {
        native_close(others[--count], pid);
    }
    if (!found) skip("the number of the freed handle was not used again");
    return found;
}

static void check_stale_handle(shs_pid pid) {
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    const shs_handle stale = block_new(1, 100, pid);
    shs_handle mapped = 0;
    CHECK_STATUS(SHS_OK, shs_free(stale, pid));
    if (reuse(stale, pid, event)) {
        CHECK_STATUS(SHS_E_HANDLE, shs_free(stale, pid));
        CHECK_STATUS(SHS_E_HANDLE, block_status(stale, pid));
        CHECK_STATUS(SHS_E_HANDLE, shs_map_handle(stale, pid, pid, SHS_READ, &mapped));
        CHECK(native_is_event(stale, pid, event));
        native_close(stale, pid);
    }
    CloseHandle(event);
}

static void in_this_process(void) { check_stale_handle(shs_self()); }

static void in_another_process(void) {
    struct child *owner = actor_start_attached();
    check_stale_handle(child_pid(owner));
    actor_end(owner);
}

#define ROUNDS 300
#define FREERS 4

/* Many free one handle while the owner, this process, opens events: none of them is ever closed. */
static void free_it(void *argument) {
    const shs_handle *handle = argument;
    shs_free(*handle, shs_self());
}

static void nothing_is_closed_in_a_race(void) {
    for (size_t round = 0; round < ROUNDS; round++) {
        struct parallel *freers[FREERS];
        HANDLE events[FREERS];
        shs_handle handle = block_new(1, 100, shs_self());
        for (size_t i = 0; i < FREERS; i++) {
            freers[i] = parallel_start(free_it, &handle);
            events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
        }
        for (size_t i = 0; i < FREERS; i++) {
            parallel_join(freers[i]);
        }
        for (size_t i = 0; i < FREERS; i++) {
            CHECK(SetEvent(events[i]) && CloseHandle(events[i]));
        }
        CHECK_STATUS(SHS_E_HANDLE, block_status(handle, shs_self()));
    }
}

static const struct test tests[] = {
    { "a stale handle of this process harms nothing else", in_this_process },
    { "a stale handle of another process harms nothing else", in_another_process },
    { "nothing else is closed when many free one handle", nothing_is_closed_in_a_race },
};

SUITE("stale", tests)
