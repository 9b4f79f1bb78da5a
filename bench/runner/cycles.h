/*
 * Whole cycles of every peer at every size: the heart of the benchmark, and what the plot shows.
 */
#ifndef BENCH_CYCLES_H
#define BENCH_CYCLES_H

#include "contest.h"
#include "settings.h"

enum peer_number {
    SHSHARED,
    PINGPONG,
    POOLED,
    PIPE,
    SOCKET,
    MQUEUE,
    MQUEUE_POOL,
    READV,
    BOOST_MANAGED,
    MEMFD,
    SHM_OPEN,
    SYSV,
    BOOST_OBJECT,
    APR,
    QT,
    ICEORYX2_PUBLISH,
    ICEORYX2_REQUEST,
    IPC_CHANNEL,
    WINE,
    WINE_PINGPONG,
    PEERS
};

#define CYCLES_MOST_SIZES 12

struct cycles {
    size_t sizes[CYCLES_MOST_SIZES];
    size_t size_count;
    struct contestant results[CYCLES_MOST_SIZES][PEERS];
};

void cycles_measure(const struct settings *settings, struct cycles *cycles);

/* All peers, nothing measured. */
void cycles_enter(struct contestant *all);

const char *cycles_title(enum peer_number peer);

/* Nanoseconds of a whole cycle; no samples where nothing was measured. */
const struct samples *cycles_samples(const struct cycles *cycles, size_t size, enum peer_number peer);

/* "64 B", "16 MiB"; text has room for SIZE_TEXT characters. */
#define SIZE_TEXT 32
const char *cycles_size_text(size_t size, char *text);

#endif
