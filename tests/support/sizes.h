/*
 * Sizes of blocks that are worth a try: around the powers of 4, where a size class may end, around pages, and large.
 */
#ifndef TESTS_SIZES_H
#define TESTS_SIZES_H

#include <stddef.h>

#define KIB ((size_t)1024)
#define MIB ((size_t)1024 * 1024)

static const size_t sizes[] = { 0,
                                1,
                                2,
                                3,
                                4,
                                5,
                                15,
                                16,
                                17,
                                63,
                                64,
                                65,
                                255,
                                256,
                                257,
                                1023,
                                1024,
                                1025,
                                4095,
                                4096,
                                4097,
                                16383,
                                16384,
                                16385,
                                65535,
                                65536,
                                65537,
                                100 * KIB,
                                256 * KIB - 1,
                                256 * KIB,
                                MIB - 1,
                                MIB,
                                MIB + 1,
                                3 * MIB,
                                16 * MIB };

#endif
