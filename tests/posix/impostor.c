/*
 * An owner that answers nonsense. See impostor.h.
 *
 * Every answer is made as an honest owner would make it, and then spoilt in the one way that this impostor has.
 */
#include "impostor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/block/handle_table.h"
#include "posix/block/segment.h"
#include "posix/ipc/endpoint.h"
#include "raw.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/sizes.h"
#include "support/suite.h"

#define LIVE_WORD (1u << SLOT_GENERATION_SHIFT | SLOT_LIVE)

/* An answer that is being made: as it should be, until a way spoils it. */
struct answer {
    struct message frame;
    size_t length; /* bytes of the frame to send */
    size_t copies; /* of fd */
    size_t times;
    int fd;
};

/* Its first words say that eight blocks live, each of the first generation. */
static int memory(uint64_t size, int seals) {
    static const uint32_t words[8] = { LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD };
    const int fd = memfd_create("impostor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    EXPECT(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
    EXPECT(pwrite(fd, words, sizeof words, 0) == (ssize_t)sizeof words);
    EXPECT(seals == 0 || fcntl(fd, F_ADD_SEALS, seals) == 0);
    return fd;
}

#define GOOD_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static void replace(struct answer *answer, int fd) {
    if (answer->fd < 0) return;
    close(answer->fd);
    answer->fd = fd;
}

static void half(struct answer *answer) { answer->length = WIRE_SIZE / 2; }

static void nothing(struct answer *answer) { answer->length = 0; }

static void no_frame(struct answer *answer) { answer->frame.kind = WIRE_KINDS; }

static void other_kind(struct answer *answer) {
    answer->frame.kind = answer->frame.kind == WIRE_LOOKUP ? WIRE_LIST : WIRE_LOOKUP;
}

static void other_question(struct answer *answer) { answer->frame.serial += 1000; }

static void without_end(struct answer *answer) {
    answer->frame.serial += 1000;
    answer->times = SIZE_MAX;
}

static void better_than_success(struct answer *answer) { answer->frame.status = 1; }

static void unknown_status(struct answer *answer) { answer->frame.status = -99; }

static void next_status(struct answer *answer) { answer->frame.status = STATUS_LAST - 1; }

static void last_status(struct answer *answer) {
    if (answer->frame.kind == WIRE_PROBE) answer->frame.status = STATUS_LAST;
}

static void no_descriptor(struct answer *answer) { answer->copies = answer->fd < 0; }

static void two_descriptors(struct answer *answer) { answer->copies = 2; }

static void a_pipe(struct answer *answer) {
    int ends[2];
    EXPECT(pipe(ends) == 0);
    close(ends[0]);
    replace(answer, ends[1]);
}

static void a_device(struct answer *answer) { replace(answer, open("/dev/zero", O_RDWR)); }

static void not_sealed(struct answer *answer) { replace(answer, memory(MIB, 0)); }

static void too_small(struct answer *answer) { replace(answer, memory(64, GOOD_SEALS)); }

static void elsewhere(struct answer *answer) { answer->frame.base = (answer->frame.base + 4096) % INDEX_COUNT; }

static void beyond(struct answer *answer) { answer->frame.base = INDEX_COUNT - 1; }

static void many_slots(struct answer *answer) { answer->frame.count = UINT32_MAX; }

static void no_slots(struct answer *answer) { answer->frame.count = 0; }

static void wide_slots(struct answer *answer) { answer->frame.stride = UINT64_C(1) << 62; }

static void far_slots(struct answer *answer) { answer->frame.offset = UINT64_MAX - 63; }

static void huge_block(struct answer *answer) { answer->frame.size = UINT64_MAX - 63; }

static void other_nonce(struct answer *answer) { answer->frame.nonce[0] ^= 1; }

static void no_handle(struct answer *answer) { answer->frame.handle = 3; }

static void nothing_at_all(struct answer *answer) { (void)answer; }

const struct way impostor_ways[] = {
    [HONEST] = { "an honest one", nothing_at_all, true, 0 },
    [NOT_SEALED] = { "an object that is not sealed", not_sealed, true, LOCK | MAP_FROM | LIST },
    [ANYWHERE] = { "half an answer to HELLO", half, false, ALL },
    { "no answer to HELLO", nothing, false, ALL },
    { "no frame for HELLO", no_frame, false, ALL },
    { "another kind than HELLO", other_kind, false, ALL },
    { "another nonce", other_nonce, false, ALL },
    { "two descriptors with HELLO", two_descriptors, false, ALL },
    { "half an answer", half, true, ALL },
    { "no answer", nothing, true, ALL },
    { "no frame", no_frame, true, ALL },
    { "another kind", other_kind, true, ALL },
    { "an answer to another question", other_question, true, ALL },
    { "answers without end", without_end, true, ALL },
    { "better than success", better_than_success, true, ALL },
    { "an unknown status", unknown_status, true, ALL },
    { "the first unknown status", next_status, true, ALL },
    { "the last known status", last_status, true, PROBE },
    { "a descriptor too few or too many", no_descriptor, true, ALL },
    { "two descriptors", two_descriptors, true, ALL },
    { "a pipe", a_pipe, true, LOCK | MAP_FROM | LIST },
    { "a device", a_device, true, LOCK | MAP_FROM | LIST },
    { "an object that is too small", too_small, true, LOCK | MAP_FROM | LIST },
    { "a segment elsewhere", elsewhere, true, LOCK },
    { "a segment beyond the last number", beyond, true, LOCK | ALLOC },
    { "too many slots", many_slots, true, LOCK | LIST },
    { "no slots", no_slots, true, LOCK },
    { "slots too wide", wide_slots, true, LOCK },
    { "slots too far", far_slots, true, LOCK | MAP_FROM },
    { "a block too large", huge_block, true, MAP_FROM },
    { "no handle", no_handle, true, MAP_TO },
};

const size_t impostor_way_count = LENGTH(impostor_ways);

/* What an honest owner would say: it has one segment of eight slots, and it takes no more. */
static struct answer honest(const struct message *question, const struct endpoint *endpoint) {
    struct answer answer = {
        .frame = { .kind = question->kind, .serial = question->serial }, .length = WIRE_SIZE, .times = 1, .fd = -1
    };
    memcpy(answer.frame.nonce, endpoint->nonce, WIRE_NONCE_SIZE);
    answer.frame.pid = endpoint->pid;
    answer.frame.base = handle_index(question->handle) / 8 * 8;
    answer.frame.count = 8;
    answer.frame.stride = 64;
    answer.frame.offset = shs__segment_head(8);
    answer.frame.access = 1;
    answer.frame.handle = HANDLE;
    if (question->kind == WIRE_LOOKUP || question->kind == WIRE_EXPORT || question->kind == WIRE_LIST)
        answer.fd = memory(MIB, GOOD_SEALS);
    answer.copies = answer.fd >= 0 ? 1 : 0;
    return answer;
}

static bool send_answer(int socket, const struct answer *answer) {
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(&answer->frame, bytes);
    const int fd = answer->copies > 0 && answer->fd < 0 ? socket : answer->fd;
    for (size_t i = 0; i < answer->times; i++) {
        if (!raw_send(socket, bytes, answer->length, fd, answer->copies)) return false;
    }
    return answer->length == WIRE_SIZE;
}

static bool receive_question(int socket, struct message *question) {
    uint8_t bytes[WIRE_SIZE];
    return recv(socket, bytes, sizeof bytes, MSG_WAITALL) == WIRE_SIZE && shs__wire_decode(bytes, question);
}

static void serve(int socket, const struct endpoint *endpoint, const struct way *way) {
    struct message question;
    while (receive_question(socket, &question)) {
        struct answer answer = honest(&question, endpoint);
        if (question.kind == WIRE_HELLO ? !way->greets : way->greets) way->spoil(&answer);
        const bool whole = send_answer(socket, &answer);
        if (answer.fd >= 0) close(answer.fd);
        if (!whole) break;
    }
    /* what was not whole is never completed: the other side waits, and gives up */
    char byte;
    while (recv(socket, &byte, 1, 0) > 0) {
    }
}

static void serve_all(const struct endpoint *endpoint, const struct way *way) {
    struct pollfd watched = { .fd = endpoint->listener, .events = POLLIN };
    while (poll(&watched, 1, -1) == 1) {
        const int socket = accept(endpoint->listener, NULL, NULL);
        if (socket < 0) continue;
        serve(socket, endpoint, way);
        close(socket);
    }
}

static struct endpoint publish(void) {
    struct endpoint endpoint;
    EXPECT_STATUS(SHS_OK, shs__endpoint_publish(&endpoint, (uint32_t)getpid()));
    return endpoint;
}

static void say_ready(void) {
    const char ready = 1;
    EXPECT(parent_send(&ready, sizeof ready));
}

int impostor_role(char **arguments) {
    const struct endpoint endpoint = publish();
    say_ready();
    serve_all(&endpoint, &impostor_ways[strtoul(arguments[0], NULL, 10)]);
    return EXIT_FAILURE;
}

int deputy_role(char **arguments) {
    const struct endpoint endpoint = publish();
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        say_ready();
        serve_all(&endpoint, &impostor_ways[strtoul(arguments[0], NULL, 10)]);
    }
    pause();
    return EXIT_FAILURE;
}
