/*
 * Relay: the library without shs_alloc_locked. A block of zeros, which is then locked and filled.
 */
#include "relay_library.h"
#include "shared_block.h"

static void *make_zeros(struct letter *letter) {
    shs_handle handle = 0;
    expect_ok(shs_alloc(NULL, letter->size, library_owner(), &handle), "shs_alloc");
    letter->handle = handle;
    return library_open(letter, 1);
}

static void unlock(struct letter *letter, void *view) { library_close(letter, view); }

const struct relay_peer relay_peer = { .enter = library_enter,
                                       .make = make_zeros,
                                       .made = unlock,
                                       .open = library_open,
                                       .close = library_close,
                                       .drop = library_drop };
