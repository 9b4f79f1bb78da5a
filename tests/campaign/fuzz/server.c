/*
 * Fuzzed: what a peer sends to the server. Messages, or bytes that are none, with descriptors of all kinds, over
 * several connections to this process's own server. Whatever comes, the process's own block is as it was, and nothing
 * piles up.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "posix/block/handle.h"
#include "posix/ipc/wire.h"
#include "posix/os/fdpass.h"
#include "posix/server/connection.h"
#include "posix/server/server.h"
#include "posix/state/context.h"
#include "support/pattern.h"

#define CONNECTIONS 3
#define STEPS_MOST 24
#define SIZE 3000

static shs_handle treasure;

static void start(void) {
    static unsigned char data[SIZE];
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    options.take_limit = UINT64_C(64) << 20;
    fuzz_must(shs_start(&options) == SHS_OK);
    pattern_fill(data, SIZE, 1);
    fuzz_must(shs_alloc(data, SIZE, shs_self(), &treasure) == SHS_OK);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_begin(start);
    return 0;
}

static void check_treasure(void) {
    void *view = NULL;
    size_t size = 0;
    fuzz_must(shs_lock(treasure, shs_self(), SHS_READ, &view, &size) == SHS_OK);
    fuzz_must(size == SIZE && pattern_matches(view, SIZE, 1));
    fuzz_must(shs_unlock(view) == SHS_OK);
}

static int connect_to_own(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return -1;
    const int on = 1;
    (void)setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    shs__connection_open(current_context()->server, fuzz_track(ends[1]));
    return ends[0];
}

/* A message whose fields are the input's, but near enough to sense to be looked at. The process's own block is not
 * named: whoever knows a handle may free it. */
static void make_message(struct input *input, uint8_t bytes[WIRE_SIZE]) {
    static const uint64_t strides[] = { 64, 256, 4096, 65536, 1 << 20, 0, UINT64_MAX };
    struct message message = { .kind = (enum wire_kind)(WIRE_HELLO + take_byte(input) % (WIRE_KINDS - WIRE_HELLO)) };
    message.handle = take_number(input);
    message.base = take_byte(input) % 2 == 0 ? take_byte(input) : take_number(input);
    message.count = UINT32_C(1) << take_byte(input) % 32;
    message.access = take_byte(input) % 2;
    message.stride = strides[take_byte(input) % 7];
    message.offset = (uint64_t)take_byte(input) << 12;
    message.size = take_byte(input) % 2 == 0 ? take_byte(input) : take_number(input);
    message.serial = take_byte(input);
    if (message.kind == WIRE_FREE)
        message.handle ^= (message.handle & ~UINT32_C(0x1FF)) == (treasure & ~UINT32_C(0x1FF)) ? 1u << 30 : 0;
    shs__wire_encode(&message, bytes);
}

static void send_something(struct input *input, int socket) {
    uint8_t bytes[WIRE_SIZE];
    const uint8_t how = take_byte(input);
    size_t length = WIRE_SIZE;
    if (how % 8 == 7) {
        length = 1 + how / 8;
        take_bytes(input, bytes, length);
    } else {
        make_message(input, bytes);
    }
    const int fd = how % 4 == 1 ? descriptor_of_kind(take_byte(input)) : -1;
    (void)shs__fdpass_send(socket, bytes, length, fd);
    if (fd >= 0) (void)close(fd);
}

static void hear(int socket) {
    uint8_t bytes[WIRE_SIZE];
    struct fdpass_extra extra;
    while (shs__fdpass_receive(socket, bytes, sizeof bytes, &extra) > 0) {
        if (extra.fd >= 0) (void)close(extra.fd);
    }
}

static void greet(int socket) {
    const struct message hello = { .kind = WIRE_HELLO };
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(&hello, bytes);
    (void)shs__fdpass_send(socket, bytes, sizeof bytes, -1);
    (void)shs_dispatch();
    hear(socket);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct input input = { bytes, size };
    int sockets[CONNECTIONS];
    const uint8_t greeted = take_byte(&input);
    for (int i = 0; i < CONNECTIONS; i++) {
        sockets[i] = connect_to_own();
        if ((greeted >> i & 1) != 0) greet(sockets[i]);
    }
    for (int step = 0; step < STEPS_MOST && input.left > 0; step++) {
        const int socket = sockets[take_byte(&input) % CONNECTIONS];
        send_something(&input, socket);
        if (take_byte(&input) % 4 != 0) (void)shs_dispatch();
        hear(socket);
    }
    for (int i = 0; i < CONNECTIONS; i++) {
        (void)close(sockets[i]);
    }
    (void)shs_dispatch();
    check_treasure();
    fuzz_check_leaks();
    return 0;
}
