/*
 * Relay: the library, a block and a view of it in one step (shs_alloc_locked), filled where it is.
 */
#include "relay_library.h"
#include "shared_block.h"

static void *make_locked(struct letter *letter) {
    shs_handle handle = 0;
    void *view = NULL;
    expect_ok(shs_alloc_locked(letter->size, library_owner(), &handle, &view), "shs_alloc_locked");
    letter->handle = handle;
    return view;
}

static void unlock(struct letter *letter, void *view) { library_close(letter, view); }

const struct relay_peer relay_peer = { .enter = library_enter,
                                       .make = make_locked,
                                       .made = unlock,
                                       .open = library_open,
                                       .close = library_close,
                                       .drop = library_drop };
