/*
 * What the programs that measure the library itself have in common: start it, and consume a block as its taker does.
 */
#include "shared_block.h"

#include <stdio.h>
#include <stdlib.h>

#include "support.h"

void expect_ok(shs_status status, const char *call) {
    if (status == SHS_OK) return;
    fprintf(stderr, "%s: %s (native error %ld)\n", call, shs_status_text(status), shs_native_error());
    exit(EXIT_FAILURE);
}

void start_library(size_t largest) {
    struct shs_options options = SHS_OPTIONS_INIT;
    if (2 * (uint64_t)largest > SHS_RETAIN_DEFAULT) options.retain = 2 * (uint64_t)largest;
    expect_ok(shs_start(&options), "shs_start");
}

uint64_t consume_block(shs_handle handle, shs_pid owner, size_t size) {
    void *view = NULL;
    expect_ok(shs_lock(handle, owner, SHS_READ_WRITE, &view, NULL), "shs_lock");
    const uint64_t sum = sum_words(view, size);
    expect_ok(shs_unlock(view), "shs_unlock");
    expect_ok(shs_free(handle, owner), "shs_free");
    return sum;
}
