/*
 * Relay: the library with a copy. A buffer of the producer's own is filled, and shs_alloc copies it into the block.
 */
#include "relay_library.h"
#include "shared_block.h"
#include "support.h"

static void *buffer;
static size_t room;

static void enter(uint32_t owner, size_t largest) {
    library_enter(owner, largest);
    room = largest;
}

static void *use_buffer(struct letter *letter) {
    (void)letter;
    if (buffer == NULL) buffer = filled_memory(room);
    return buffer;
}

static void make_copy(struct letter *letter, void *view) {
    shs_handle handle = 0;
    expect_ok(shs_alloc(view, letter->size, library_owner(), &handle), "shs_alloc");
    letter->handle = handle;
}

const struct relay_peer relay_peer = { .enter = enter,
                                       .make = use_buffer,
                                       .made = make_copy,
                                       .open = library_open,
                                       .close = library_close,
                                       .drop = library_drop };
