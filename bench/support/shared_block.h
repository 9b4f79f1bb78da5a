/*
 * What the programs that measure the library itself have in common: start it, and consume a block as its taker does.
 */
#ifndef BENCH_SHARED_BLOCK_H
#define BENCH_SHARED_BLOCK_H

#include <shshared/shshared.h>
#include <stddef.h>
#include <stdint.h>

/* Ends the program unless status is SHS_OK. */
void expect_ok(shs_status status, const char *call);

/* Start with the defaults, and with room to retain two blocks of the largest size. */
void start_library(size_t largest);

/* Lock, sum the words, unlock, free; returns the sum. */
uint64_t consume_block(shs_handle handle, shs_pid owner, size_t size);

#endif
