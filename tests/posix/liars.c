/*
 * Peers that prove who they are and then keep to no rule. The one who asks is out after the time limit, whatever comes.
 *
 * A liar publishes an endpoint with the library's own parts, greets as it should, and answers the next request wrong.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/ipc/endpoint.h"
#include "posix/ipc/wire.h"
#include "posix/os/fd_tracking.h"
#include "posix/os/fdpass.h"
#include "posix/state/context.h"
#include "posix/state/current.h"
#include "support/block.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/parallel.h"
#include "support/suite.h"

#define OTHER_USER 54321u
#define TIMEOUT_MS 200     /* milliseconds */
#define FLOOD (1 << 16)    /* messages in one piece */
#define PIECES_MOST 100000 /* in the case that nobody hangs up */

static bool receive_request(int line, struct message *request) {
    uint8_t bytes[WIRE_SIZE];
    struct fdpass_extra extra;
    struct pollfd watched = { .fd = line, .events = POLLIN };
    if (poll(&watched, 1, -1) != 1 || shs__fdpass_receive(line, bytes, sizeof bytes, &extra) != WIRE_SIZE) return false;
    if (extra.fd >= 0) close(extra.fd);
    return shs__wire_decode(bytes, request);
}

static void send_response(int line, const struct message *response) {
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(response, bytes);
    shs__fdpass_send(line, bytes, sizeof bytes, -1);
}

static int accept_line(const struct endpoint *endpoint) {
    struct pollfd watched = { .fd = endpoint->listener, .events = POLLIN };
    if (poll(&watched, 1, -1) != 1) return -1;
    return accept(endpoint->listener, NULL, NULL);
}

static shs_status publish(struct endpoint *endpoint) {
    struct runtime_place place;
    shs__runtime_place_read(&place, false);
    return shs__endpoint_publish(endpoint, &place, (uint32_t)getpid());
}

/* Publish, say so, be asked for the first time, and greet. The request that follows is in request. */
static int begin(struct endpoint *endpoint, struct message *request) {
    uint32_t ready = 1;
    if (publish(endpoint) != SHS_OK) exit(EXIT_FAILURE);
    parent_send(&ready, sizeof ready);
    const int line = accept_line(endpoint);
    if (line < 0 || !receive_request(line, request)) exit(EXIT_FAILURE);
    struct message response = { .kind = WIRE_HELLO, .serial = request->serial, .pid = (uint32_t)getpid() };
    memcpy(response.nonce, endpoint->nonce, sizeof response.nonce);
    send_response(line, &response);
    if (!receive_request(line, request)) exit(EXIT_FAILURE);
    return line;
}

/* Answers to no request, faster than they can be read. */
static int flood_role(char **arguments) {
    static uint8_t messages[FLOOD][WIRE_SIZE];
    struct endpoint endpoint;
    struct message request;
    (void)arguments;
    const int line = begin(&endpoint, &request);
    const struct message wrong = { .kind = WIRE_PROBE, .serial = request.serial + 1 };
    for (size_t i = 0; i < FLOOD; i++) {
        shs__wire_encode(&wrong, messages[i]);
    }
    struct pollfd watched = { .fd = line, .events = POLLOUT };
    size_t begun = 0; /* bytes of a message that was sent in part */
    for (int pieces = 0; pieces < PIECES_MOST && poll(&watched, 1, -1) == 1; pieces++) {
        const ssize_t sent = shs__fdpass_send(line, messages[0] + begun, sizeof messages - begun, -1);
        if (sent < 0 && errno != EAGAIN) break;
        if (sent > 0) begun = (begun + (size_t)sent) % WIRE_SIZE;
    }
    shs__endpoint_withdraw(&endpoint);
    return EXIT_SUCCESS;
}

static void ask(const char *role, const char *const *arguments, shs_status expected) {
    struct shs_options options = SHS_OPTIONS_INIT;
    uint32_t ready = 0;
    options.timeout_ms = TIMEOUT_MS;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    struct child *liar = child_start(role, arguments);
    REQUIRE(liar != NULL && child_receive(liar, &ready, sizeof ready));
    CHECK_STATUS(expected, shs_probe(child_pid(liar)));
    child_kill(liar);
    child_wait(liar);
}

static void a_flood_of_answers(void) { ask("flood", NULL, SHS_E_TIMEOUT); }

/* And then nothing. */
static int half_role(char **arguments) {
    uint8_t bytes[WIRE_SIZE];
    struct endpoint endpoint;
    struct message request;
    (void)arguments;
    const int line = begin(&endpoint, &request);
    shs__wire_encode(&request, bytes);
    shs__fdpass_send(line, bytes, WIRE_SIZE / 2, -1);
    pause();
    return EXIT_FAILURE;
}

static void half_a_response(void) { ask("half", NULL, SHS_E_TIMEOUT); }

/* A process that is gone, to all who look at its lock; what has its listener answers as it would. */
static int ghost_role(char **arguments) {
    struct endpoint endpoint;
    struct message request;
    uint32_t ready = 1;
    (void)arguments;
    if (publish(&endpoint) != SHS_OK) return EXIT_FAILURE;
    parent_send(&ready, sizeof ready);
    const int line = accept_line(&endpoint);
    if (line < 0 || !receive_request(line, &request)) return EXIT_FAILURE;
    shs__fd_close(endpoint.lock); /* and with it goes the lock */
    struct message response = { .kind = WIRE_HELLO, .serial = request.serial, .pid = (uint32_t)getpid() };
    memcpy(response.nonce, endpoint.nonce, sizeof response.nonce);
    send_response(line, &response);
    if (receive_request(line, &request)) send_response(line, &request); /* to whoever believed it */
    pause();
    return EXIT_FAILURE;
}

static void a_lock_that_goes_while_it_greets(void) { ask("ghost", NULL, SHS_E_NOT_ATTACHED); }

/* It lives and holds its lock, but has no listener: that may just be replaced, and is waited for. */
static int deaf_role(char **arguments) {
    struct endpoint endpoint;
    uint32_t ready = 1;
    (void)arguments;
    if (publish(&endpoint) != SHS_OK) return EXIT_FAILURE;
    shs__fd_close(endpoint.listener);
    parent_send(&ready, sizeof ready);
    pause();
    return EXIT_FAILURE;
}

static void a_listener_that_is_being_replaced(void) { ask("deaf", NULL, SHS_E_TIMEOUT); }

/* Has this to say to HELLO, and no more. */
static int refuser_role(char **arguments) {
    struct endpoint endpoint;
    struct message request;
    uint32_t ready = 1;
    if (publish(&endpoint) != SHS_OK) return EXIT_FAILURE;
    parent_send(&ready, sizeof ready);
    const int line = accept_line(&endpoint);
    if (line < 0 || !receive_request(line, &request)) return EXIT_FAILURE;
    const struct message response = { .kind = WIRE_HELLO, .status = (int32_t)strtol(arguments[0], NULL, 10) };
    send_response(line, &response);
    close(line);
    pause();
    return EXIT_FAILURE;
}

static void ask_refuser(shs_status says, shs_status expected) {
    char number[16];
    snprintf(number, sizeof number, "%d", (int)says);
    ask("refuser", (const char *const[]){ number, NULL }, expected);
}

/* It has no descriptor left. Nothing else can be said to HELLO. */
static void a_refusal_is_for_want_of_descriptors(void) {
    ask_refuser(SHS_E_LIMIT, SHS_E_LIMIT);
    shs_stop();
    ask_refuser(SHS_E_ACCESS, SHS_E_PROTOCOL);
}

/* Its endpoint is this user's, what listens there is another's. */
static int borrower_role(char **arguments) {
    struct endpoint endpoint;
    struct message request;
    uint32_t ready = 1;
    (void)arguments;
    if (publish(&endpoint) != SHS_OK) return EXIT_FAILURE;
    if (seteuid(OTHER_USER) != 0 || listen(endpoint.listener, 1) != 0 || seteuid(0) != 0) return EXIT_FAILURE;
    parent_send(&ready, sizeof ready);
    const int line = accept_line(&endpoint);
    while (line >= 0 && receive_request(line, &request)) {
        struct message response = { .kind = request.kind, .serial = request.serial, .pid = (uint32_t)getpid() };
        memcpy(response.nonce, endpoint.nonce, sizeof response.nonce);
        send_response(line, &response);
    }
    pause();
    return EXIT_FAILURE;
}

static void another_users_listener(void) {
    if (geteuid() == 0)
        ask("borrower", NULL, SHS_E_ACCESS);
    else
        skip("only root can become another user");
}

/* Speaks another version: it hangs up on whom it does not understand, as the first version does, or says its own. */
static int stranger_role(char **arguments) {
    uint8_t bytes[WIRE_SIZE];
    struct endpoint endpoint;
    struct fdpass_extra extra;
    uint32_t ready = 1;
    if (publish(&endpoint) != SHS_OK) return EXIT_FAILURE;
    parent_send(&ready, sizeof ready);
    for (;;) { /* until it is killed: whoever is hung up on may try again */
        const int line = accept_line(&endpoint);
        struct pollfd watched = { .fd = line, .events = POLLIN };
        if (line < 0 || poll(&watched, 1, -1) != 1) return EXIT_FAILURE;
        if (shs__fdpass_receive(line, bytes, sizeof bytes, &extra) != WIRE_SIZE) return EXIT_FAILURE;
        bytes[4]++;
        if (arguments[0] != NULL) shs__fdpass_send(line, bytes, sizeof bytes, -1);
        close(line);
    }
}

static void another_version_that_hangs_up(void) { ask("stranger", NULL, SHS_E_PROTOCOL); }

static void another_version_that_answers(void) {
    ask("stranger", (const char *const[]){ "answers", NULL }, SHS_E_PROTOCOL);
}

/* ---- one that says it lives ---- */

/* Its word says that a thread of a process that does not end holds it. It tells no handle where it has no word. */
static int undying_role(char **arguments) {
    shs_handle handle = 0, none = 0;
    (void)arguments;
    EXPECT_STATUS(SHS_OK, shs_alloc("undying", 7, shs_self(), &handle));
    _Atomic uint32_t *const word = current_context()->liveness;
    if (word == NULL) {
        EXPECT(parent_send(&none, sizeof none));
        return EXIT_SUCCESS;
    }
    while (atomic_load(word) == 0) /* the thread that serves may not have come to it */
        parallel_pause();
    atomic_store(word, 1);
    EXPECT(parent_send(&handle, sizeof handle));
    (void)parent_receive(&handle, sizeof handle);
    return EXIT_FAILURE;
}

/* What is known of its block needs no question to it. */
static void an_owner_that_claims_to_live(void) {
    shs_handle handle = 0;
    struct child *owner = child_start("undying", NULL);
    REQUIRE(owner != NULL);
    const shs_pid pid = child_pid(owner);
    CHECK(child_receive(owner, &handle, sizeof handle));
    if (handle == 0) {
        skip("the kernel marks no word of this process's");
        CHECK_NUMBER(0, (uint64_t)child_wait(owner));
        return;
    }
    CHECK_STATUS(SHS_OK, block_status(handle, pid));
    child_kill(owner);
    CHECK(child_wait(owner) == CHILD_KILLED);
    while (block_status(handle, pid) == SHS_OK)
        parallel_pause();
    CHECK_STATUS(SHS_E_NO_PROCESS, block_status(handle, pid));
}

static const struct test tests[] = {
    { "another version that hangs up", another_version_that_hangs_up },
    { "another version that answers", another_version_that_answers },
    { "a lock that goes while its process greets", a_lock_that_goes_while_it_greets },
    { "a refusal is for want of descriptors", a_refusal_is_for_want_of_descriptors },
    { "a listener that is being replaced", a_listener_that_is_being_replaced },
    { "another user's listener", another_users_listener },
    { "a flood of answers to no request", a_flood_of_answers },
    { "half a response", half_a_response },
    { "an owner that claims to live", an_owner_that_claims_to_live },
};

static const struct role roles[] = { { "flood", flood_role },       { "half", half_role },
                                     { "stranger", stranger_role }, { "ghost", ghost_role },
                                     { "deaf", deaf_role },         { "refuser", refuser_role },
                                     { "borrower", borrower_role }, { "undying", undying_role } };

SUITE_WITH_ROLES("liars", tests, roles, LENGTH(roles))
