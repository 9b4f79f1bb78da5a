/*
 * Whole cycles of every peer at every size: the heart of the benchmark, and what the plot shows.
 *
 * All peers of one size compete in one contest, so that their ratios are those of one stretch of time. A peer that was
 * not built stays empty.
 */
#include "cycles.h"

#include <stdio.h>
#include <string.h>

struct peer_name {
    const char *program;
    const char *title;
};

static const struct peer_name names[PEERS] = {
    [SHSHARED] = { "peer-shshared", "shshared" },
    [PINGPONG] = { "peer-pingpong", "floor: empty socket ping-pong" },
    [POOLED] = { "peer-pooled", "floor: memcpy in and read out of a kept mapping" },
    [PIPE] = { "peer-pipe", "floor: pipe" },
    [SOCKET] = { "peer-socket", "floor: Unix stream socket" },
    [MQUEUE] = { "peer-mqueue", "floor: POSIX message queue" },
    [MQUEUE_POOL] = { "peer-mqueue-pool", "POSIX message queue with a pool" },
    [READV] = { "peer-readv", "process_vm_readv out of private memory" },
    [BOOST_MANAGED] = { "peer-boost-managed", "Boost managed segment" },
    [MEMFD] = { "peer-memfd", "raw memfd per block" },
    [SHM_OPEN] = { "peer-shm_open", "raw shm_open per block" },
    [SYSV] = { "peer-sysv", "System V segment per block" },
    [BOOST_OBJECT] = { "peer-boost-object", "Boost object per block" },
    [APR] = { "peer-apr", "APR apr_shm" },
    [QT] = { "peer-qt", "Qt QSharedMemory" },
    [ICEORYX2_PUBLISH] = { "peer-iceoryx2-publish", "iceoryx2 publish" },
    [ICEORYX2_REQUEST] = { "peer-iceoryx2-request", "iceoryx2 request" },
    [IPC_CHANNEL] = { "peer-ipc-channel", "ipc-channel IpcSharedMemory per block" },
    [WINE] = { "peer-wine", "Wine SHAllocShared" },
    [WINE_PINGPONG] = { "peer-wine-pingpong", "floor: Wine empty pipe ping-pong" },
};

static const size_t full_sizes[] = { 64,      256,     1024,    4096,    16384,   65536,
                                     1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28 };
static const size_t quick_sizes[] = { 64, 4096, 65536, 1 << 20, 1 << 24 };

_Static_assert(sizeof full_sizes / sizeof *full_sizes == CYCLES_MOST_SIZES, "room for every size");

void cycles_enter(struct contestant *all) {
    for (size_t peer = 0; peer < PEERS; peer++)
        all[peer] = (struct contestant){ .program = names[peer].program };
}

static void measure_size(const struct settings *settings, struct cycles *cycles, size_t index) {
    char size[SIZE_TEXT];
    char title[96];
    snprintf(title, sizeof title, "whole cycles, %s (size %zu of %zu)", cycles_size_text(cycles->sizes[index], size),
             index + 1, cycles->size_count);
    const struct contest contest = {
        .title = title, .size = cycles->sizes[index], .core = settings->core, .batch = CONTEST_BATCH
    };
    cycles_enter(cycles->results[index]);
    contest_steady(settings, &contest, cycles->results[index], PEERS);
}

void cycles_measure(const struct settings *settings, struct cycles *cycles) {
    const size_t *sizes = settings->quick ? quick_sizes : full_sizes;
    const size_t bytes = settings->quick ? sizeof quick_sizes : sizeof full_sizes;
    memcpy(cycles->sizes, sizes, bytes);
    cycles->size_count = bytes / sizeof *sizes;
    for (size_t i = 0; i < cycles->size_count; i++)
        measure_size(settings, cycles, i);
}

const char *cycles_title(enum peer_number peer) { return names[peer].title; }

const struct samples *cycles_samples(const struct cycles *cycles, size_t size, enum peer_number peer) {
    static const struct samples none;
    for (size_t i = 0; i < cycles->size_count; i++)
        if (cycles->sizes[i] == size) return &cycles->results[i][peer].samples;
    return &none;
}

const char *cycles_size_text(size_t size, char *text) {
    static const char *const units[] = { "B", "KiB", "MiB" };
    size_t unit = 0;
    for (; size >= 1024 && unit < 2; unit++)
        size /= 1024;
    snprintf(text, SIZE_TEXT, "%zu %s", size, units[unit]);
    return text;
}
