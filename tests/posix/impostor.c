/*
 * An owner that answers nonsense. See impostor.h.
 *
 * Every response is made as an honest owner would make it, and then spoilt in the one way that this impostor has.
 */
#include "impostor.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
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

#define OTHER_USER 54321u
#define LIVE_WORD (1u << SLOT_GENERATION_SHIFT | SLOT_LIVE)

/* A response that is being made: as it should be, until a way spoils it. */
struct response {
    struct message message;
    size_t length; /* bytes of the message to send */
    size_t copies; /* of fd */
    size_t times;
    int fd;
    bool in_other_name; /* the sender's user is not its own: only root can say so */
};

static int vacant(uint64_t size, int seals) {
    const int fd = memfd_create("impostor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    EXPECT(fd >= 0 && posix_fallocate(fd, 0, (off_t)size) == 0);
    EXPECT(seals == 0 || fcntl(fd, F_ADD_SEALS, seals) == 0);
    return fd;
}

/* Its first words say that eight blocks live, each of the first generation. */
static int memory(uint64_t size, int seals) {
    static const uint32_t words[8] = { LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD, LIVE_WORD };
    const int fd = vacant(size, seals);
    EXPECT(pwrite(fd, words, sizeof words, 0) == (ssize_t)sizeof words);
    return fd;
}

#define GOOD_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static void replace(struct response *response, int fd) {
    if (response->fd < 0) return;
    close(response->fd);
    response->fd = fd;
}

static void half(struct response *response) { response->length = WIRE_SIZE / 2; }

static void nothing(struct response *response) { response->length = 0; }

static void no_message(struct response *response) { response->message.kind = WIRE_KINDS; }

static void other_kind(struct response *response) {
    response->message.kind = response->message.kind == WIRE_LOOKUP ? WIRE_LIST : WIRE_LOOKUP;
}

static void other_request(struct response *response) { response->message.serial += 1000; }

static void without_end(struct response *response) {
    response->message.serial += 1000;
    response->times = SIZE_MAX;
}

static void better_than_success(struct response *response) { response->message.status = 1; }

static void unknown_status(struct response *response) { response->message.status = -99; }

static void next_status(struct response *response) { response->message.status = STATUS_LAST - 1; }

static void last_status(struct response *response) {
    if (response->message.kind == WIRE_PROBE) response->message.status = STATUS_LAST;
}

static void an_answer(struct response *response) {
    if (response->message.kind == WIRE_PROBE) response->message.status = SHS_E_LIMIT;
}

/* What only a process can say of itself. */
static void no_answer(struct response *response) { response->message.status = SHS_E_NO_PROCESS; }

static void no_descriptor(struct response *response) { response->copies = response->fd < 0; }

static void two_descriptors(struct response *response) { response->copies = 2; }

static void a_pipe(struct response *response) {
    int ends[2];
    EXPECT(pipe(ends) == 0);
    close(ends[0]);
    replace(response, ends[1]);
}

static void a_device(struct response *response) { replace(response, open("/dev/zero", O_RDWR)); }

static void not_sealed(struct response *response) { replace(response, memory(MIB, 0)); }

static void never_sealed(struct response *response) { replace(response, open("/dev/shm", O_TMPFILE | O_RDWR, 0600)); }

static void without_memory(struct response *response) {
    const int fd = memory(64, 0);
    EXPECT(ftruncate(fd, MIB) == 0 && fcntl(fd, F_ADD_SEALS, GOOD_SEALS) == 0);
    replace(response, fd);
}

static void too_small(struct response *response) { replace(response, memory(64, GOOD_SEALS)); }

static void elsewhere(struct response *response) {
    response->message.base = (response->message.base + 4096) % INDEX_COUNT;
}

static void beyond(struct response *response) { response->message.base = INDEX_COUNT - 4; }

static void many_slots(struct response *response) { response->message.count = UINT32_MAX; }

static void long_list(struct response *response) { response->message.count = WIRE_ENTRIES_MOST; }

static void no_slots(struct response *response) { response->message.count = 0; }

static void wide_slots(struct response *response) { response->message.stride = UINT64_C(1) << 62; }

static void far_slots(struct response *response) { response->message.offset = UINT64_MAX - 63; }

static void huge_block(struct response *response) { response->message.size = UINT64_MAX - 63; }

static void no_room(struct response *response) { response->message.stride = 0; }

static void little_room(struct response *response) { response->message.size = response->message.stride + 1; }

static void other_nonce(struct response *response) { response->message.nonce[0] ^= 1; }

static void in_other_name(struct response *response) {
    response->in_other_name = geteuid() == 0;
    if (!response->in_other_name) response->length = 0;
}

static void memory_too_many(struct response *response) {
    if (response->fd >= 0) return;
    response->fd = memory(MIB, GOOD_SEALS);
    response->copies = 1;
}

static void other_nonce_and_a_descriptor(struct response *response) {
    other_nonce(response);
    response->fd = memory(MIB, GOOD_SEALS);
    response->copies = 1;
}

/* It says that the process has ended, and is not to be believed: anybody may have written that. */
static void a_word_that_others_write(struct response *response) {
    const uint32_t ended = FUTEX_OWNER_DIED;
    response->fd = memory(MIB, 0);
    EXPECT(pwrite(response->fd, &ended, sizeof ended, 0) == (ssize_t)sizeof ended);
    EXPECT(fcntl(response->fd, F_ADD_SEALS, GOOD_SEALS) == 0);
    response->copies = 1;
}

static void a_word_without_memory(struct response *response) {
    response->fd = memfd_create("impostor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    EXPECT(ftruncate(response->fd, MIB) == 0);
    EXPECT(fcntl(response->fd, F_ADD_SEALS, GOOD_SEALS | F_SEAL_FUTURE_WRITE) == 0);
    response->copies = 1;
}

static void no_handle(struct response *response) { response->message.handle = 3; }

static void nothing_at_all(struct response *response) { (void)response; }

const struct way impostor_ways[] = {
    [HONEST] = { "an honest one", nothing_at_all, true, 0 },
    [NOT_SEALED] = { "an object that is not sealed", not_sealed, true, LOCK | MAP_FROM },
    [NEVER_SEALED] = { "an object that cannot be sealed", never_sealed, true, LOCK | MAP_FROM | LIST },
    [WITHOUT_MEMORY] = { "an object without memory", without_memory, true, LOCK | MAP_FROM },
    [ANYWHERE] = { "half a response to HELLO", half, false, ALL },
    { "no response to HELLO", nothing, false, ALL },
    { "no message for HELLO", no_message, false, ALL },
    { "another kind than HELLO", other_kind, false, ALL },
    { "another nonce", other_nonce, false, ALL },
    { "another nonce, and a descriptor", other_nonce_and_a_descriptor, false, ALL },
    { "a HELLO of another user", in_other_name, false, ALL },
    { "two descriptors with HELLO", two_descriptors, false, ALL },
    { "half a response", half, true, ALL },
    { "no response", nothing, true, ALL },
    { "no message", no_message, true, ALL },
    { "another kind", other_kind, true, ALL },
    { "a response to another request", other_request, true, ALL },
    { "answers without end", without_end, true, ALL },
    { "better than success", better_than_success, true, ALL },
    { "an unknown status", unknown_status, true, ALL },
    { "the first unknown status", next_status, true, ALL },
    { "the last known status", last_status, true, PROBE },
    { "an answer", an_answer, true, PROBE },
    { "no answer", no_answer, true, ALL },
    { "a descriptor too few or too many", no_descriptor, true, ALL },
    { "two descriptors", two_descriptors, true, ALL },
    { "memory that nobody asked for", memory_too_many, true, PROBE | ALLOC | MAP_TO },
    { "a pipe", a_pipe, true, LOCK | MAP_FROM | LIST },
    { "a device", a_device, true, LOCK | MAP_FROM | LIST },
    { "an object that is too small", too_small, true, LOCK | MAP_FROM | LIST },
    { "a segment elsewhere", elsewhere, true, LOCK },
    { "a segment beyond the last number", beyond, true, LOCK | ALLOC },
    { "too many slots", many_slots, true, LOCK | LIST },
    { "a list longer than its object", long_list, true, LOCK | LIST },
    { "no slots", no_slots, true, LOCK },
    { "slots too wide", wide_slots, true, LOCK },
    { "slots too far", far_slots, true, LOCK | MAP_FROM },
    { "a block too large", huge_block, true, MAP_FROM },
    { "a block larger than its room", little_room, true, MAP_FROM },
    { "a block without room", no_room, true, LOCK | MAP_FROM },
    { "a liveness word that others write", a_word_that_others_write, false, 0 },
    { "a liveness word without memory", a_word_without_memory, false, 0 },
    { "no handle", no_handle, true, MAP_TO },
};

const size_t impostor_way_count = LENGTH(impostor_ways);

/* What an honest owner would say: it has one segment of eight slots, and it takes no more. */
static struct response honest(const struct message *request, const struct endpoint *endpoint) {
    struct response response = {
        .message = { .kind = request->kind, .serial = request->serial }, .length = WIRE_SIZE, .times = 1, .fd = -1
    };
    memcpy(response.message.nonce, endpoint->nonce, WIRE_NONCE_SIZE);
    response.message.pid = endpoint->pid;
    response.message.base = handle_index(request->handle) / 8 * 8;
    response.message.count = 8;
    response.message.stride = 64;
    response.message.offset = shs__segment_head(8);
    response.message.access = 1;
    response.message.handle = HANDLE;
    if (request->split) response.fd = vacant(MIB, GOOD_SEALS);
    if (request->kind == WIRE_LOOKUP || request->kind == WIRE_EXPORT || request->kind == WIRE_LIST)
        response.fd = memory(MIB, GOOD_SEALS);
    response.copies = response.fd >= 0 ? 1 : 0;
    return response;
}

/* The kernel lets root say who sends. */
static bool send_in_other_name(int socket, const uint8_t bytes[WIRE_SIZE]) {
    const struct ucred who = { .pid = getpid(), .uid = OTHER_USER, .gid = getgid() };
    _Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof who)] = { 0 };
    uint8_t copy[WIRE_SIZE];
    memcpy(copy, bytes, sizeof copy);
    struct iovec part = { .iov_base = copy, .iov_len = sizeof copy };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_CREDENTIALS;
    header->cmsg_len = CMSG_LEN(sizeof who);
    memcpy(CMSG_DATA(header), &who, sizeof who);
    return sendmsg(socket, &message, MSG_NOSIGNAL) == WIRE_SIZE;
}

static bool send_response(int socket, const struct response *response) {
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(&response->message, bytes);
    if (response->in_other_name) return send_in_other_name(socket, bytes);
    const int fd = response->copies > 0 && response->fd < 0 ? socket : response->fd;
    for (size_t i = 0; i < response->times; i++) {
        if (!raw_send(socket, bytes, response->length, fd, response->copies)) return false;
    }
    return response->length == WIRE_SIZE;
}

static bool receive_request(int socket, struct message *request) {
    uint8_t bytes[WIRE_SIZE];
    return recv(socket, bytes, sizeof bytes, MSG_WAITALL) == WIRE_SIZE && shs__wire_decode(bytes, request);
}

/* An honest owner says nothing to those. */
static bool is_notification(enum wire_kind kind) {
    return kind == WIRE_KEEP || kind == WIRE_UNHEARD || kind == WIRE_EMPTIED || kind == WIRE_RELEASE_SEGMENT ||
           kind == WIRE_RELEASE_NUMBER;
}

/* What was sent is kept until the next question, as a system may lose what its sender closes. */
static void serve(int socket, const struct endpoint *endpoint, const struct way *way) {
    struct message request;
    int kept = -1;
    while (receive_request(socket, &request)) {
        if (is_notification(request.kind)) continue;
        struct response response = honest(&request, endpoint);
        if (request.kind == WIRE_HELLO ? !way->greets : way->greets) way->spoil(&response);
        const bool whole = send_response(socket, &response);
        if (kept >= 0) close(kept);
        kept = response.fd;
        if (!whole) break;
    }
    /* what was not whole is never completed: the other side waits, and gives up */
    char byte;
    while (recv(socket, &byte, 1, 0) > 0) {
    }
    if (kept >= 0) close(kept);
}

/* HELLO is answered by the process itself; everything after it, by a child of another user. */
static void serve_hello(int socket, const struct endpoint *endpoint, const struct way *way) {
    struct message request = { .kind = 0 };
    EXPECT(receive_request(socket, &request));
    struct response response = honest(&request, endpoint);
    EXPECT(send_response(socket, &response));
    if (fork() != 0) return;
    EXPECT(setresuid(OTHER_USER, OTHER_USER, OTHER_USER) == 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* which a change of user takes back */
    serve(socket, endpoint, way);
    _exit(EXIT_SUCCESS);
}

static void serve_all(const struct endpoint *endpoint, const struct way *way,
                      void (*serve_one)(int, const struct endpoint *, const struct way *)) {
    struct pollfd watched = { .fd = endpoint->listener, .events = POLLIN };
    while (poll(&watched, 1, -1) == 1) {
        const int socket = raw_accept(endpoint->listener);
        if (socket < 0) continue;
        serve_one(socket, endpoint, way);
        close(socket);
    }
}

static struct endpoint publish(void) {
    struct runtime_place place;
    struct endpoint endpoint;
    shs__runtime_place_read(&place, false);
    EXPECT_STATUS(SHS_OK, shs__endpoint_publish(&endpoint, &place, (uint32_t)getpid()));
    return endpoint;
}

static void say_ready(void) {
    const char ready = 1;
    EXPECT(parent_send(&ready, sizeof ready));
}

int impostor_role(char **arguments) {
    const struct endpoint endpoint = publish();
    say_ready();
    serve_all(&endpoint, &impostor_ways[strtoul(arguments[0], NULL, 10)], serve);
    return EXIT_FAILURE;
}

int deputy_role(char **arguments) {
    const struct endpoint endpoint = publish();
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        say_ready();
        serve_all(&endpoint, &impostor_ways[strtoul(arguments[0], NULL, 10)], serve);
    }
    pause();
    return EXIT_FAILURE;
}

int successor_role(char **arguments) {
    const struct endpoint endpoint = publish();
    (void)arguments;
    say_ready();
    serve_all(&endpoint, &impostor_ways[HONEST], serve_hello);
    return EXIT_FAILURE;
}

/* Says HELLO with a status, or nothing. */
static void refuse(int socket, shs_status status) {
    uint8_t bytes[WIRE_SIZE];
    const struct message refusal = { .kind = WIRE_HELLO, .status = status };
    shs__wire_encode(&refusal, bytes);
    if (status != SHS_OK) (void)raw_send(socket, bytes, sizeof bytes, -1, 0);
}

int refuser_role(char **arguments) {
    static const shs_status statuses[] = { SHS_E_LIMIT, SHS_OK, SHS_OK, SHS_E_TIMEOUT };
    static const unsigned times[] = { UINT_MAX, 1, 2, 3 }; /* then it answers well */
    const unsigned long how = strtoul(arguments[0], NULL, 10);
    const struct endpoint endpoint = publish();
    struct pollfd watched = { .fd = endpoint.listener, .events = POLLIN };
    say_ready();
    for (unsigned i = 0; poll(&watched, 1, -1) == 1; i++) {
        const int socket = raw_accept(endpoint.listener);
        if (socket >= 0 && i < times[how])
            refuse(socket, statuses[how]);
        else if (socket >= 0)
            serve(socket, &endpoint, &impostor_ways[HONEST]);
        close(socket);
    }
    return EXIT_FAILURE;
}
