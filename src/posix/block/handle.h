/*
 * What a handle's number means: generation << 20 | index << 2.
 *
 * The index leads to a slot of the owner (handle_table.h); the generation must be that of the slot's state word.
 */
#ifndef SHSHARED_BLOCK_HANDLE_H
#define SHSHARED_BLOCK_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#define INDEX_BITS 18
#define INDEX_COUNT (1u << INDEX_BITS)

static inline uint32_t handle_make(uint32_t index, uint32_t generation) {
    return generation << (INDEX_BITS + 2) | index << 2;
}

static inline uint32_t handle_index(uint32_t handle) { return (handle >> 2) & (INDEX_COUNT - 1); }
static inline uint32_t handle_generation(uint32_t handle) { return handle >> (INDEX_BITS + 2); }

/* Could a number that a peer says be a handle? */
static inline bool handle_is_sane(uint32_t handle) { return handle != 0 && (handle & 3u) == 0 && handle >> 31 == 0; }

#endif
