/*
 * Relay: raw system calls, for each block anew. A fresh memfd, mapped with its pages in one call (faster than a fault
 * for each), its descriptor sent beside the letter (SCM_RIGHTS) and handed on, mapped and unmapped by each process.
 */
#define _GNU_SOURCE /* memfd_create, MAP_POPULATE */
#include <sys/mman.h>
#include <unistd.h>

#include "relay.h"
#include "support.h"

static void *map(const struct letter *letter, int writing) {
    const int protection = writing ? PROT_READ | PROT_WRITE : PROT_READ;
    void *view = mmap(NULL, letter->size, protection, MAP_SHARED | MAP_POPULATE, letter->descriptor, 0);
    if (view == MAP_FAILED) fail("mmap");
    return view;
}

static void unmap(const struct letter *letter, void *view) { munmap(view, letter->size); }

static void *make_object(struct letter *letter) {
    letter->descriptor = memfd_create("bench", MFD_CLOEXEC);
    if (letter->descriptor < 0 || ftruncate(letter->descriptor, (off_t)letter->size) != 0) fail("memfd_create");
    return map(letter, 1);
}

static void made(struct letter *letter, void *view) { unmap(letter, view); }

static void close_object(const struct letter *letter) { close(letter->descriptor); }

const struct relay_peer relay_peer = {
    .make = make_object, .made = made, .open = map, .close = unmap, .settle = close_object
};
