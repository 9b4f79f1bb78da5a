/*
 * What tests do with blocks again and again: make one with a pattern, see whether it holds a pattern.
 */
#ifndef TESTS_BLOCK_H
#define TESTS_BLOCK_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ends the test when there is none. */
shs_handle block_new(uint32_t pattern, size_t size, shs_pid owner);

/* A view; ends the test when there is none. */
void *block_lock(shs_handle handle, shs_pid owner, shs_access access);

/* Lock for reading, compare size and bytes, unlock. */
bool block_holds(shs_handle handle, shs_pid owner, uint32_t pattern, size_t size);

/* What shs_lock() says of the pair; a view that it gives is given back. */
shs_status block_status(shs_handle handle, shs_pid owner);

#ifdef __cplusplus
}
#endif

#endif
