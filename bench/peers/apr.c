/*
 * Peer: the Apache Portable Runtime. A named apr_shm for each block: the giver creates and fills it, the taker attaches
 * by its name, reads and detaches, the giver destroys it. Anonymous segments of APR reach forked children only.
 */
#include <apr_general.h>
#include <apr_shm.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "support.h"

static apr_pool_t *pool;
static apr_shm_t *given;

static void expect(apr_status_t status, const char *call) {
    if (status != APR_SUCCESS) fail(call);
}

static void start(enum role role, uint32_t other, size_t largest) {
    (void)role;
    (void)other;
    (void)largest;
    expect(apr_initialize(), "apr_initialize");
    expect(apr_pool_create(&pool, NULL), "apr_pool_create");
}

static void give_segment(const void *data, size_t size, struct letter *letter) {
    static unsigned serial;
    snprintf(letter->name, sizeof letter->name, "/tmp/bench-apr-%ld-%u", (long)getpid(), serial++);
    expect(apr_shm_create(&given, size, letter->name, pool), "apr_shm_create");
    memcpy(apr_shm_baseaddr_get(given), data, size);
}

static uint64_t take_segment(const struct letter *letter) {
    apr_shm_t *taken = NULL;
    expect(apr_shm_attach(&taken, letter->name, pool), "apr_shm_attach");
    const uint64_t sum = sum_words(apr_shm_baseaddr_get(taken), letter->size);
    expect(apr_shm_detach(taken), "apr_shm_detach");
    apr_pool_clear(pool);
    return sum;
}

static void destroy_segment(const struct letter *letter) {
    (void)letter;
    expect(apr_shm_destroy(given), "apr_shm_destroy");
    apr_pool_clear(pool);
}

const struct bench_peer bench_peer = {
    .enter = start, .give = give_segment, .take = take_segment, .settle = destroy_segment
};
