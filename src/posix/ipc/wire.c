/*
 * Messages to bytes and back. See wire.h.
 *
 * Layout: 0 magic, 4 version, 6 kind, 8 byte order, 12 status, 16 handle, 20 base, 24 count, 28 pid, 32 access (16
 * bits), 34 split (8 bits), 35 third (8 bits), 36 serial, 40 stride, 48 offset, 56 size, 64 nonce.
 */
#include "ipc/wire.h"

#include <string.h>

#define MAGIC 0x31534853u /* "SHS1" */
#define VERSION 5u
#define NATIVE_ORDER 0x0A0B0C0Du

static void put(uint8_t *at, unsigned width, uint64_t value) {
    for (unsigned i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *at, unsigned width) {
    uint64_t value = 0;
    for (unsigned i = 0; i < width; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

static uint32_t get32(const uint8_t *at) { return (uint32_t)get(at, 4); }

void shs__wire_encode(const struct message *message, uint8_t bytes[WIRE_SIZE]) {
    const uint32_t order = NATIVE_ORDER;
    memset(bytes, 0, WIRE_SIZE);
    put(bytes, 4, MAGIC);
    put(bytes + 4, 2, VERSION);
    put(bytes + 6, 2, (uint64_t)message->kind);
    memcpy(bytes + 8, &order, sizeof order);
    put(bytes + 12, 4, (uint32_t)message->status);
    put(bytes + 16, 4, message->handle);
    put(bytes + 20, 4, message->base);
    put(bytes + 24, 4, message->count);
    put(bytes + 28, 4, message->pid);
    put(bytes + 32, 2, message->access);
    put(bytes + 34, 1, message->split);
    put(bytes + 35, 1, message->third);
    put(bytes + 36, 4, message->serial);
    put(bytes + 40, 8, message->stride);
    put(bytes + 48, 8, message->offset);
    put(bytes + 56, 8, message->size);
    memcpy(bytes + 64, message->nonce, WIRE_NONCE_SIZE);
}

bool shs__wire_decode(const uint8_t bytes[WIRE_SIZE], struct message *message) {
    const uint32_t order = NATIVE_ORDER;
    const uint64_t kind = get(bytes + 6, 2);
    if (get32(bytes) != MAGIC || get(bytes + 4, 2) != VERSION) return false;
    if (memcmp(bytes + 8, &order, sizeof order) != 0) return false;
    if (kind < WIRE_HELLO || kind >= WIRE_KINDS) return false;
    *message = (struct message){
        .kind = (enum wire_kind)kind,
        .status = (int32_t)get32(bytes + 12),
        .handle = get32(bytes + 16),
        .base = get32(bytes + 20),
        .count = get32(bytes + 24),
        .pid = get32(bytes + 28),
        .access = (uint32_t)get(bytes + 32, 2),
        .split = (uint32_t)get(bytes + 34, 1),
        .third = (uint32_t)get(bytes + 35, 1),
        .serial = get32(bytes + 36),
        .stride = get(bytes + 40, 8),
        .offset = get(bytes + 48, 8),
        .size = get(bytes + 56, 8),
    };
    memcpy(message->nonce, bytes + 64, WIRE_NONCE_SIZE);
    return message->access <= 1 && message->split <= 1 && message->third <= WIRE_THIRDS_MOST;
}
