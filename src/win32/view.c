/*
 * The views of this process: address -> size.
 *
 * UnmapViewOfFile takes any address inside a view, and tells nobody whose view it was. So the library notes which views
 * are its own: one that was unlocked, or an address inside a block, is none. The size is the one that was found true
 * when the view was made, whatever is written to the block later.
 *
 * Every lock has a view of its own, so nothing is counted. A hash table with chains: views begin at multiples of 64 KiB
 * (plus the header), so the bits above tell them apart.
 *
 * Owns the notes, under one lock that is held for nothing but looking at them.
 */
#include "win32/view.h"

#include <stdint.h>
#include <stdlib.h>
#include <windows.h>

#define BUCKETS 4096u
#define GRANULARITY_SHIFT 16

struct note {
    const void *view;
    size_t size;
    struct note *next;
};

static SRWLOCK table_lock = SRWLOCK_INIT;
static struct note *table[BUCKETS];

static struct note **bucket_of(const void *view) { return &table[((uintptr_t)view >> GRANULARITY_SHIFT) % BUCKETS]; }

/* The link to the note of view, or to the end of its chain. */
static struct note **link_to(const void *view) {
    struct note **link = bucket_of(view);
    while (*link != NULL && (*link)->view != view)
        link = &(*link)->next;
    return link;
}

bool shs__view_add(const void *view, size_t size) {
    struct note *note = malloc(sizeof *note);
    if (note == NULL) return false;
    struct note **bucket = bucket_of(view);
    AcquireSRWLockExclusive(&table_lock);
    *note = (struct note){ view, size, *bucket };
    *bucket = note;
    ReleaseSRWLockExclusive(&table_lock);
    return true;
}

bool shs__view_remove(const void *view) {
    AcquireSRWLockExclusive(&table_lock);
    struct note **link = link_to(view);
    struct note *note = *link;
    if (note != NULL) *link = note->next;
    ReleaseSRWLockExclusive(&table_lock);
    free(note);
    return note != NULL;
}

bool shs__view_find(const void *view, size_t *size) {
    AcquireSRWLockShared(&table_lock);
    const struct note *note = *link_to(view);
    if (note != NULL) *size = note->size;
    ReleaseSRWLockShared(&table_lock);
    return note != NULL;
}
