/*
 * Relay: a pool written by hand. As many memfds as blocks are in flight; the descriptor of each goes beside the first
 * letter that names it (SCM_RIGHTS), every process maps it then and keeps it, and later letters tell only its number.
 * It knows that blocks come back in turns, are of one size and four at most; nobody can free anything.
 */
#define _GNU_SOURCE /* memfd_create */
#include <sys/mman.h>
#include <unistd.h>

#include "relay.h"
#include "support.h"

static void *views[RELAY_FLIGHT];
static size_t stride;

static void enter(uint32_t owner, size_t largest) {
    (void)owner;
    stride = largest;
}

static void *show(const struct letter *letter, int writing) {
    void **view = &views[letter->handle];
    (void)writing;
    if (*view == NULL) *view = mmap(NULL, stride, PROT_READ | PROT_WRITE, MAP_SHARED, letter->descriptor, 0);
    if (*view == MAP_FAILED) fail("mmap");
    return *view;
}

static void *take_next(struct letter *letter) {
    static uint64_t next;
    letter->handle = next++ % RELAY_FLIGHT;
    if (views[letter->handle] != NULL) return views[letter->handle];
    letter->descriptor = memfd_create("bench", MFD_CLOEXEC);
    if (letter->descriptor < 0 || ftruncate(letter->descriptor, (off_t)stride) != 0) fail("memfd_create");
    return show(letter, 1);
}

const struct relay_peer relay_peer = { .enter = enter, .make = take_next, .open = show };
