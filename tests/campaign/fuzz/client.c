/*
 * Fuzzed: what an owner answers. The linker leads the library's connecting here, where a socket with answers that are
 * already written waits for each call: messages that are nearly right, or bytes that are none. Whatever comes, a call
 * ends with a status that the header names, and what it maps can be read to its end.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "posix/ipc/connect.h"
#include "posix/ipc/wire.h"
#include "posix/os/fdpass.h"
#include "posix/os/identity.h"
#include "posix/os/sender.h"

#define OWNER 1 /* a process that lives everywhere; nobody asks it */
#define ANSWERS_MOST 6
#define CALLS_MOST 4

static struct input *answers; /* NULL: nobody is there */

shs_status __wrap_shs__connect_peer(const struct connect_request *request, const struct waiting *wait,
                                    struct connected *connected);

static void start(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = 20;
    fuzz_must(shs_start(&options) == SHS_OK);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_begin(start);
    return 0;
}

/* ---- the owner ---- */

static void make_answer(struct input *input, uint32_t serial, uint8_t bytes[WIRE_SIZE]) {
    const uint8_t how = take_byte(input);
    struct message message = { .kind = (enum wire_kind)(WIRE_HELLO + take_byte(input) % (WIRE_KINDS - WIRE_HELLO)) };
    message.status = how % 4 == 3 ? -(int32_t)(take_byte(input) % 16) : SHS_OK;
    message.serial = how % 8 == 1 ? take_byte(input) : serial;
    message.base = how % 16 == 2 ? take_number(input) : take_byte(input);
    message.count = UINT32_C(1) << take_byte(input) % 20;
    message.stride = UINT64_C(1) << take_byte(input) % 64;
    message.offset = (uint64_t)take_byte(input) << 12;
    message.size = take_byte(input) % 2 == 0 ? take_byte(input) : UINT64_C(1) << take_byte(input) % 64;
    message.access = take_byte(input) % 2;
    message.split = take_byte(input) % 2;
    message.third = take_byte(input) % (WIRE_THIRDS_MOST + 1);
    message.handle = take_number(input);
    shs__wire_encode(&message, bytes);
}

static void answer(struct input *input, int socket, uint32_t serial) {
    uint8_t bytes[WIRE_SIZE];
    const uint8_t how = take_byte(input);
    size_t length = WIRE_SIZE;
    if (how % 16 == 15) {
        length = 1 + how / 4;
        take_bytes(input, bytes, length);
    } else {
        make_answer(input, serial, bytes);
    }
    const int fd = how % 2 == 0 ? descriptor_of_kind(take_byte(input)) : -1;
    (void)shs__fdpass_send(socket, bytes, length, fd);
    if (fd >= 0) (void)close(fd);
}

shs_status __wrap_shs__connect_peer(const struct connect_request *request, const struct waiting *wait,
                                    struct connected *connected) {
    int ends[2];
    (void)request, (void)wait;
    if (answers == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        return SHS_E_NO_PROCESS;
    fuzz_must(shs__sender_ask(ends[0]));
    const int count = 1 + take_byte(answers) % ANSWERS_MOST;
    for (int i = 0; i < count; i++)
        answer(answers, ends[1], (uint32_t)i + 1);
    (void)shutdown(ends[1], SHUT_WR);
    (void)close(ends[1]);
    answers = NULL;
    *connected = (struct connected){ fuzz_track(ends[0]), -1, shs__identity_user() };
    return SHS_OK;
}

/* ---- calls ---- */

static void read_all(const void *view) {
    size_t size = 0;
    fuzz_must(shs_view_size(view, &size) == SHS_OK);
    const volatile unsigned char *bytes = view;
    for (size_t i = 0; i < size; i += 4096)
        (void)bytes[i];
    if (size > 0) (void)bytes[size - 1];
    fuzz_must(shs_unlock(view) == SHS_OK);
}

static shs_status alloc_or_fill(struct input *input) {
    static const unsigned char data[70000] = { 1 };
    shs_handle handle = 0;
    void *view = NULL;
    const size_t size = take_byte(input) * UINT32_C(274);
    if (take_byte(input) % 2 == 0) return shs_alloc(data, size, OWNER, &handle);
    const shs_status status = shs_alloc_locked(size, OWNER, &handle, &view);
    if (status == SHS_OK) read_all(view);
    return status;
}

static shs_status call(struct input *input) {
    struct shs_block_info blocks[4];
    const uint8_t which = take_byte(input);
    const shs_handle handle =
        take_byte(input) % 2 == 0 ? (shs_handle)take_byte(input) << 2 | 1 << 20 : take_number(input);
    size_t count = 0;
    void *view = NULL;
    shs_handle mapped = 0;
    shs_status status;
    switch (which % 6) {
        case 0:
            status = shs_lock(handle, OWNER, which / 8 % 2 == 0 ? SHS_READ : SHS_READ_WRITE, &view, &count);
            if (status == SHS_OK) read_all(view);
            return status;
        case 1:
            return alloc_or_fill(input);
        case 2:
            return shs_free(handle, OWNER);
        case 3:
            return shs_list(OWNER, blocks, 4, &count);
        case 4:
            status = shs_map_handle(handle, OWNER, shs_self(), SHS_READ, &mapped);
            if (status == SHS_OK) fuzz_must(shs_free(mapped, shs_self()) == SHS_OK);
            return status;
        default:
            return shs_probe(OWNER);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct input input = { bytes, size };
    answers = &input;
    for (int i = 0; i < CALLS_MOST; i++) {
        errno = 17;
        const shs_status status = call(&input);
        fuzz_must(status <= SHS_OK && status >= SHS_E_READ_ONLY && errno == 17);
    }
    answers = NULL;
    (void)shs_probe(OWNER); /* finds the connection at its end */
    fuzz_check_leaks();
    return 0;
}
