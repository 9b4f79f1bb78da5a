/*
 * What the relays that use the library have in common: all but how a block is made and filled.
 */
#include "relay_library.h"

#include "shared_block.h"

static shs_pid the_owner;

void library_enter(uint32_t owner, size_t largest) {
    start_library(largest);
    the_owner = owner;
}

uint32_t library_owner(void) { return the_owner; }

void *library_open(const struct letter *letter, int writing) {
    void *view = NULL;
    const shs_access access = writing ? SHS_READ_WRITE : SHS_READ;
    expect_ok(shs_lock((shs_handle)letter->handle, the_owner, access, &view, NULL), "shs_lock");
    return view;
}

void library_close(const struct letter *letter, void *view) {
    (void)letter;
    expect_ok(shs_unlock(view), "shs_unlock");
}

void library_drop(const struct letter *letter) {
    expect_ok(shs_free((shs_handle)letter->handle, the_owner), "shs_free");
}
