/*
 * Peer: iceoryx2 with publish and subscribe, the usual way to use it. The giver's pool of samples is made beforehand,
 * for the largest block; a loan is copied into, sent, read where it is, and comes back when the taker drops it. The
 * calls are in rust/src/publish.rs.
 */
#include "peer.h"

void publish_enter(enum role role, uint32_t other, size_t largest);
void publish_give(const void *data, size_t size, struct letter *letter);
uint64_t publish_take(const struct letter *letter);

const struct bench_peer bench_peer = { .enter = publish_enter, .give = publish_give, .take = publish_take };
