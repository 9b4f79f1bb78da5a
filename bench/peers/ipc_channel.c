/*
 * Peer: ipc-channel (Rust, of the Servo browser) with its IpcSharedMemory, a fresh memfd for each block, whose
 * descriptor travels through a socket of the library's own. The calls are in rust/src/ipc_channel.rs.
 */
#include "peer.h"

void ipc_channel_prepare(size_t largest);
void ipc_channel_enter(enum role role, uint32_t other, size_t largest);
void ipc_channel_give(const void *data, size_t size, struct letter *letter);
uint64_t ipc_channel_take(const struct letter *letter);

const struct bench_peer bench_peer = {
    .prepare = ipc_channel_prepare, .enter = ipc_channel_enter, .give = ipc_channel_give, .take = ipc_channel_take
};
