/*
 * What a peer of the benchmark is: one way to bring a block of bytes from one process to another.
 *
 * Each file in bench/peers/ defines the one object bench_peer and nothing else that is seen; frame.c has main() and
 * runs whole cycles with it: the giver allocates a block with a copy of the data and tells the taker by a letter, the
 * taker looks at every byte, frees the block and answers. The letter is the application's own message: the same
 * bytes over the same socket for every peer, so that what differs is the peer alone.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum role { GIVER, TAKER };

#define NO_DESCRIPTOR (-1)

/* The application's message; in an answer, size is the sum of the words that the taker saw. */
struct letter {
    uint64_t size;
    uint64_t handle;    /* names the block, where a number does */
    char name[44];      /* names the block, where a name does */
    int32_t descriptor; /* travels beside the letter unless NO_DESCRIPTOR; the taker gets one of its own */
};

/*
 * How many givers one taker has, and whose cycle it is, counted from 0: what a peer asks that keeps something for each
 * giver. A giver is always its own number.
 */
#define CROWD_MOST 64

struct crowd {
    unsigned givers;
    unsigned giver;
};

extern struct crowd bench_crowd;

/* Functions that a peer does without are NULL; give and take are always there. */
struct bench_peer {
    /* Once, before there are two processes: what both inherit. */
    void (*prepare)(size_t largest);
    /* Once in each process, before the first letter. */
    void (*enter)(enum role role, uint32_t other, size_t largest);
    /* Giver: a block with a copy of data, named in the letter. */
    void (*give)(const void *data, size_t size, struct letter *letter);
    /* Giver, when the letter is on its way: bytes that flow while the taker reads. */
    void (*pour)(const void *data, size_t size);
    /* Taker: see every byte, free the block, tell the sum of its words. */
    uint64_t (*take)(const struct letter *letter);
    /* Giver, when the answer is there: release what is left of the block. */
    void (*settle)(const struct letter *letter);
    /* The letter alone, no data: the floor under all others. */
    int empty;
};

extern const struct bench_peer bench_peer;

#ifdef __cplusplus
}
#endif

#endif
