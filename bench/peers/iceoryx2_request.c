/*
 * Peer: iceoryx2 with request and response. As with publish and subscribe, and each block also has an answer of one
 * word that travels through shared memory. The calls are in rust/src/request.rs.
 */
#include "peer.h"

void request_enter(enum role role, uint32_t other, size_t largest);
void request_give(const void *data, size_t size, struct letter *letter);
uint64_t request_take(const struct letter *letter);
void request_settle(const struct letter *letter);

const struct bench_peer bench_peer = {
    .enter = request_enter, .give = request_give, .take = request_take, .settle = request_settle
};
