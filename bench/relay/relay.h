/*
 * What a relay is: blocks that several processes hand on, four of them in flight, and who does what with them.
 *
 * Each file peers/relay_*.c defines the one object relay_peer and nothing else that is seen; frame.c has main(). The
 * producer fills a block in place and tells of it by a letter. What comes then is the pattern's: the next process
 * changes every byte and hands it on (a chain), or each of several reads it (a star). Who reads it last tells the
 * producer the sum of its words, which is checked. Letters go over the same sockets for every peer.
 */
#ifndef BENCH_RELAY_H
#define BENCH_RELAY_H

#include "peer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RELAY_FLIGHT 4 /* blocks on their way at once */

struct pattern {
    const char *name;
    unsigned helpers;
    int star; /* the producer tells every helper; else each tells the next one, and the last one the producer */
    int producer_owns;  /* else the last helper */
    int producer_frees; /* when all have answered; else the last helper, when it has read */
};

/* Ends the program when there is none of this name. */
const struct pattern *pattern_find(const char *name);

/* Functions that a peer does without are NULL; what is empty has none at all. */
struct relay_peer {
    /* Once, before there are several processes: what all inherit. */
    void (*prepare)(size_t largest);
    /* Once in each process, before the first letter. */
    void (*enter)(uint32_t owner, size_t largest);
    /* Producer: letter->size bytes to be filled. At most RELAY_FLIGHT are there at once, and they go in turns. */
    void *(*make)(struct letter *letter);
    /* Producer: they are filled; now the letter names the block. */
    void (*made)(struct letter *letter, void *view);
    /* Helper: see the block, and no longer. The frame closes the descriptor that came with the letter. */
    void *(*open)(const struct letter *letter, int writing);
    void (*close)(const struct letter *letter, void *view);
    /* Who frees it by the pattern. */
    void (*drop)(const struct letter *letter);
    /* Producer, when all have answered: release what is left of the block here. */
    void (*settle)(const struct letter *letter);
    /* The letters alone, no data. */
    int empty;
};

extern const struct relay_peer relay_peer;

#ifdef __cplusplus
}
#endif

#endif
