/*
 * Owners that answer nonsense: every call that asks one ends with an error, within its deadline, and leaves nothing
 * behind.
 *
 * The impostor is a role that publishes a real endpoint, as its identity is not in question, and answers in one wrong
 * way.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/endpoint.h"
#include "posix/handles.h"
#include "posix/segment.h"
#include "raw.h"
#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/sizes.h"
#include "support/suite.h"

#define DEADLINE 100

#define HANDLE ((1u << 20) | (16u << 2)) /* index 16, first generation */
#define LIVE_WORD (1u << SLOT_GENERATION_SHIFT | SLOT_LIVE)

/* ---- the impostor ---- */

/* An answer that is being made: as it should be, until a way spoils it. */
struct answer {
    struct frame frame;
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
    answer->frame.kind = answer->frame.kind == WIRE_FIND ? WIRE_LIST : WIRE_FIND;
}

static void other_question(struct answer *answer) { answer->frame.serial += 1000; }

static void without_end(struct answer *answer) {
    answer->frame.serial += 1000;
    answer->times = SIZE_MAX;
}

static void better_than_success(struct answer *answer) { answer->frame.status = 1; }

static void unknown_status(struct answer *answer) { answer->frame.status = -99; }

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

/* Calls that may not succeed. */
enum { PROBE = 1, LOCK = 2, ALLOC = 4, MAP_FROM = 8, MAP_TO = 16, LIST = 32, ALL = 63 };

static const struct way {
    const char *name;
    void (*spoil)(struct answer *answer);
    bool greets; /* HELLO is answered well */
    unsigned fails;
} ways[] = {
    { "an honest one", nothing_at_all, true, 0 },
    { "half an answer to HELLO", half, false, ALL },
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
    { "a descriptor too few or too many", no_descriptor, true, ALL },
    { "two descriptors", two_descriptors, true, ALL },
    { "a pipe", a_pipe, true, LOCK | MAP_FROM | LIST },
    { "a device", a_device, true, LOCK | MAP_FROM | LIST },
    { "an object that is not sealed", not_sealed, true, LOCK | MAP_FROM | LIST },
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

/* What an honest owner would say: it has one segment of eight slots, and it takes no more. */
static struct answer honest(const struct frame *question, const struct endpoint *endpoint) {
    struct answer answer = {
        .frame = { .kind = question->kind, .serial = question->serial }, .length = WIRE_SIZE, .times = 1, .fd = -1
    };
    memcpy(answer.frame.nonce, endpoint->nonce, WIRE_NONCE_SIZE);
    answer.frame.pid = endpoint->pid;
    answer.frame.base = handle_index(question->handle) / 8 * 8;
    answer.frame.count = 8;
    answer.frame.stride = 64;
    answer.frame.offset = segment_head(8);
    answer.frame.access = 1;
    answer.frame.handle = HANDLE;
    if (question->kind == WIRE_FIND || question->kind == WIRE_DATA || question->kind == WIRE_LIST)
        answer.fd = memory(MIB, GOOD_SEALS);
    answer.copies = answer.fd >= 0 ? 1 : 0;
    return answer;
}

static bool send_answer(int socket, const struct answer *answer) {
    uint8_t bytes[WIRE_SIZE];
    wire_encode(&answer->frame, bytes);
    const int fd = answer->copies > 0 && answer->fd < 0 ? socket : answer->fd;
    for (size_t i = 0; i < answer->times; i++) {
        if (!raw_send(socket, bytes, answer->length, fd, answer->copies)) return false;
    }
    return answer->length == WIRE_SIZE;
}

static bool receive_question(int socket, struct frame *question) {
    uint8_t bytes[WIRE_SIZE];
    return recv(socket, bytes, sizeof bytes, MSG_WAITALL) == WIRE_SIZE && wire_decode(bytes, question);
}

static void serve(int socket, const struct endpoint *endpoint, const struct way *way) {
    struct frame question;
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

static int impostor_role(char **arguments) {
    struct endpoint endpoint;
    struct pollfd watched = { .events = POLLIN };
    const char ready = 1;
    const struct way *way = &ways[strtoul(arguments[0], NULL, 10)];
    EXPECT_STATUS(SHS_OK, endpoint_publish(&endpoint, (uint32_t)getpid()));
    EXPECT(parent_send(&ready, sizeof ready));
    watched.fd = endpoint.listener;
    while (poll(&watched, 1, -1) == 1) {
        const int socket = accept(endpoint.listener, NULL, NULL);
        if (socket < 0) continue;
        serve(socket, &endpoint, way);
        close(socket);
    }
    return EXIT_FAILURE;
}

/* ---- its victim ---- */

static shs_status try_lock(shs_pid pid) {
    void *view = NULL;
    const shs_status status = shs_lock(HANDLE, pid, SHS_READ_WRITE, &view);
    if (status == SHS_OK) CHECK_STATUS(SHS_OK, shs_unlock(view));
    return status;
}

static shs_status try_map_from(shs_pid pid) {
    shs_handle handle = 0;
    const shs_status status = shs_map_handle(HANDLE, pid, shs_self(), SHS_READ_WRITE, &handle);
    if (status == SHS_OK) CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    return status;
}

static shs_status try_map_to(shs_pid pid) {
    shs_handle handle = 0;
    const shs_handle own = block_new(1, 100, shs_self());
    const shs_status status = shs_map_handle(own, shs_self(), pid, SHS_READ_WRITE, &handle);
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    return status;
}

static shs_status try_alloc(shs_pid pid) {
    shs_handle handle = 0;
    return shs_alloc("data", 4, pid, &handle);
}

static shs_status try_list(shs_pid pid) {
    struct shs_block_info blocks[4];
    size_t count = 0;
    return shs_list(pid, blocks, LENGTH(blocks), &count);
}

static const struct {
    unsigned bit;
    const char *name;
    shs_status (*call)(shs_pid pid);
} calls[] = {
    { PROBE, "probe", shs_probe },          { LOCK, "lock", try_lock },       { ALLOC, "alloc", try_alloc },
    { MAP_FROM, "map from", try_map_from }, { MAP_TO, "map to", try_map_to }, { LIST, "list", try_list },
};

static void check_calls(const struct way *way, shs_pid pid) {
    char text[128];
    for (size_t i = 0; i < LENGTH(calls); i++) {
        const shs_status status = calls[i].call(pid);
        snprintf(text, sizeof text, "%s: %s gives %s", way->name, calls[i].name, shs_status_name(status));
        const bool fails = (way->fails & calls[i].bit) != 0;
        check_true(fails ? status != SHS_OK : way->fails != 0 || status == SHS_OK, text, __FILE__, __LINE__, false);
    }
}

static void meet(size_t way) {
    char number[16];
    char ready = 0;
    struct shs_options options = SHS_OPTIONS_INIT;
    options.deadline = DEADLINE;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    snprintf(number, sizeof number, "%zu", way);
    struct child *impostor = child_start("impostor", (const char *const[]){ number, NULL });
    REQUIRE(impostor != NULL);
    CHECK(child_receive(impostor, &ready, sizeof ready));
    check_calls(&ways[way], child_pid(impostor));
    child_kill(impostor);
    CHECK(child_wait(impostor) == CHILD_KILLED);
    shs_stop();
}

static void an_honest_one(void) { meet(0); }

static void every_way_to_lie(void) {
    for (size_t way = 1; way < LENGTH(ways); way++) {
        meet(way);
    }
}

static const struct test tests[] = {
    { "an honest one, to compare with", an_honest_one },
    { "every way to lie", every_way_to_lie },
};

static const struct role roles[] = { { "impostor", impostor_role } };

SUITE_WITH_ROLES("impostors", tests, roles, LENGTH(roles))
