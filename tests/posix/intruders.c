/*
 * Processes of the same user that say nonsense to a server: it refuses, leaks nothing, and serves all others.
 *
 * The server is an actor's. After each attack it is asked something sensible, and at its end it must own what it owned
 * at its start. An intruder that keeps silent is put up with for a time limit, which is short here.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"
#include "posix/block/handle_table.h"
#include "posix/block/segment.h"
#include "posix/os/fd_tracking.h"
#include "posix/os/pages.h"
#include "posix/os/shm_object.h"
#include "posix/server/server.h"
#include "posix/state/context.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/suite.h"
#include "support/system.h"
#include "target.h"

#define OTHER_USER 54321u
#define ACROSS 128 /* bytes, half of them on the second page */

static void silence(void) {
    int sockets[100];
    owner_start();
    for (size_t i = 0; i < LENGTH(sockets); i++) {
        sockets[i] = i % 2 == 0 ? raw_connect(child_pid(owner)) : raw_greet(child_pid(owner));
    }
    owner_still_serves();
    for (size_t i = 0; i < LENGTH(sockets); i++) {
        close(sockets[i]);
    }
    owner_end();
}

static void parts_of_a_message(void) {
    static const char bytes[WIRE_SIZE] = "SHS1";
    owner_start();
    for (size_t length = 1; length < WIRE_SIZE; length += 13) {
        const int intruder = raw_connect(child_pid(owner));
        CHECK(raw_send(intruder, bytes, length, -1, 0));
        close(intruder);
    }
    const int slow = raw_connect(child_pid(owner));
    CHECK(raw_send(slow, bytes, 1, -1, 0));
    owner_still_serves();
    CHECK(raw_is_closed(slow)); /* when its time limit has passed */
    close(slow);
    owner_end();
}

/* Whoever began a message is out when its deadline has passed; whoever has said what it had to say is not. */
static void only_who_is_slow_is_out(void) {
    const struct message probe = { .kind = WIRE_PROBE }, told = { .kind = WIRE_RELEASE_SEGMENT };
    struct message response;
    owner_start();
    const int answered = raw_greet(child_pid(owner));
    const int teller = raw_greet(child_pid(owner));
    CHECK(raw_say(teller, &told, -1)); /* which has no response */
    const int slow = raw_greet(child_pid(owner));
    CHECK(raw_send(slow, "S", 1, -1, 0));
    CHECK(raw_is_closed(slow)); /* the others' last word was before */
    CHECK(raw_ask(answered, &probe, -1, &response) && response.status == SHS_OK);
    CHECK(raw_ask(teller, &probe, -1, &response) && response.status == SHS_OK && response.kind == WIRE_PROBE);
    close(slow);
    close(teller);
    close(answered);
    owner_end();
}

/* A byte now and then is no message: there is one time limit for all of them. */
static void byte_by_byte(void) {
    static const char bytes[WIRE_SIZE] = "SHS1";
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = 1;
    options.service = SHS_SERVE_APPLICATION;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    const int slow = raw_connect(shs_self());
    for (size_t i = 0; i + 1 < WIRE_SIZE && raw_send(slow, &bytes[i], 1, -1, 0); i++) {
        parallel_pause();
        parallel_pause();
        current_context()->server->housekeeping = 0;
        CHECK_STATUS(SHS_OK, shs_dispatch());
    }
    CHECK(raw_is_closed(slow));
    close(slow);
    stop_all();
}

static void garbage(void) {
    uint8_t bytes[WIRE_SIZE];
    owner_start();
    for (uint32_t i = 0; i < 200; i++) {
        const int intruder = raw_connect(child_pid(owner));
        pattern_fill(bytes, sizeof bytes, i);
        CHECK(raw_send(intruder, bytes, sizeof bytes, -1, 0));
        CHECK(raw_is_refused(intruder, SHS_E_PROTOCOL));
        close(intruder);
    }
    owner_end();
}

/* Who speaks a later version hears that, in a message of this one. */
static void another_version(void) {
    uint8_t bytes[WIRE_SIZE];
    const struct message hello = { .kind = WIRE_HELLO };
    shs__wire_encode(&hello, bytes);
    bytes[4]++;
    owner_start();
    const int newer = raw_connect(child_pid(owner));
    CHECK(raw_send(newer, bytes, sizeof bytes, -1, 0));
    CHECK(raw_is_refused(newer, SHS_E_PROTOCOL));
    close(newer);
    owner_end();
}

static void no_manners(void) {
    const struct message hello = { .kind = WIRE_HELLO };
    const struct message find = { .kind = WIRE_LOOKUP, .handle = 4 };
    struct message response;
    owner_start();
    const int rude = raw_connect(child_pid(owner)); /* no HELLO */
    CHECK(!raw_ask(rude, &find, -1, &response));
    close(rude);
    const int again = raw_greet(child_pid(owner)); /* HELLO twice */
    CHECK(!raw_ask(again, &hello, -1, &response));
    close(again);
    owner_end();
}

static void many_descriptors(void) {
    static const size_t counts[] = { 2, 100, 253 };
    uint8_t bytes[WIRE_SIZE];
    const struct message hello = { .kind = WIRE_HELLO };
    shs__wire_encode(&hello, bytes);
    owner_start();
    for (size_t i = 0; i < LENGTH(counts); i++) {
        const int intruder = raw_connect(child_pid(owner));
        CHECK(raw_send(intruder, bytes, sizeof bytes, intruder, counts[i]));
        CHECK(raw_is_closed(intruder));
        close(intruder);
    }
    owner_end();
}

/* A descriptor with every part of a message. */
static void descriptors_in_pieces(void) {
    uint8_t bytes[WIRE_SIZE];
    const struct message hello = { .kind = WIRE_HELLO };
    shs__wire_encode(&hello, bytes);
    owner_start();
    const int intruder = raw_connect(child_pid(owner));
    bool open = true;
    for (size_t i = 0; i < WIRE_SIZE && open; i++) {
        open = raw_send(intruder, bytes + i, 1, intruder, 1);
    }
    CHECK(raw_is_closed(intruder));
    close(intruder);
    owner_end();
}

/* The connection is this user's, and so must be all that it says: before HELLO, and after. */
/* Memory, which is what a request may bring, with each half of one. */
static void memory_with_each_half(void) {
    const struct message offer = { .kind = WIRE_ADD_SEGMENT, .count = 8, .stride = 64, .offset = shs__segment_head(8) };
    uint8_t bytes[WIRE_SIZE];
    owner_start();
    const int intruder = raw_greet(child_pid(owner)), fd = memfd_create("half", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    REQUIRE(fd >= 0 && posix_fallocate(fd, 0, 65536) == 0);
    REQUIRE(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0);
    shs__wire_encode(&offer, bytes);
    CHECK(raw_send(intruder, bytes, WIRE_SIZE / 2, fd, 1));
    (void)raw_send(intruder, bytes + WIRE_SIZE / 2, WIRE_SIZE / 2, fd, 1);
    CHECK(raw_is_closed(intruder));
    close(fd);
    close(intruder);
    owner_end();
}

static void check_another_speaks(int intruder, enum wire_kind kind) {
    const struct message said = { .kind = kind };
    const pid_t other = fork();
    if (other == 0) _exit(setresuid(OTHER_USER, OTHER_USER, OTHER_USER) == 0 && raw_say(intruder, &said, -1) ? 0 : 1);
    int ended = 1;
    CHECK(waitpid(other, &ended, 0) == other && ended == 0);
    CHECK(raw_is_closed(intruder));
    close(intruder);
}

static void another_user_speaks(void) {
    if (!system_names_senders()) return;
    if (geteuid() != 0) {
        skip("only root can become another user");
        return;
    }
    owner_start();
    check_another_speaks(raw_connect(child_pid(owner)), WIRE_HELLO);
    check_another_speaks(raw_greet(child_pid(owner)), WIRE_PROBE);
    owner_end();
}

/* It would stay open, as nobody knows what it is for. */
static void memory_that_is_not_wanted(void) {
    static const enum wire_kind kinds[] = { WIRE_PROBE, WIRE_LOOKUP, WIRE_EXPORT, WIRE_LIST, WIRE_FREE };
    struct message response;
    owner_start();
    const int intruder = raw_greet(child_pid(owner)), memory = memfd_create("intruder", MFD_CLOEXEC);
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        const struct message request = { .kind = kinds[i], .handle = treasure };
        CHECK(raw_ask(intruder, &request, memory, &response) && response.status == SHS_E_PROTOCOL);
    }
    close(memory);
    close(intruder);
    owner_end();
}

static void handles_that_are_none(void) {
    struct message response;
    owner_start();
    const int intruder = raw_greet(child_pid(owner));
    for (uint32_t i = 0; i < 2000; i++) {
        const struct message find = { .kind = i % 2 == 0 ? WIRE_LOOKUP : WIRE_EXPORT, .handle = i * 2654435761u };
        if (find.handle == treasure) continue;
        CHECK(raw_ask(intruder, &find, -1, &response) && response.status == SHS_E_HANDLE);
    }
    close(intruder);
    owner_end();
}

/* One store there would tell everybody that the owner has ended. */
static void check_only_read(int fd) {
    static const char word[4] = { 0, 0, 0, 0x40 };
    CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
    CHECK(pwrite(fd, word, sizeof word, 0) < 0);
    CHECK(ftruncate(fd, 0) != 0);
    CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) != 0);
    void *shown = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    REQUIRE(shown != MAP_FAILED);
    CHECK(mprotect(shown, 4096, PROT_READ | PROT_WRITE) != 0);
    munmap(shown, 4096);
}

static void the_liveness_word_is_only_read(void) {
    char path[64];
    int fd = -1;
    if (!kernel_keeps_shown()) return;
    owner_start();
    const int intruder = raw_greet_for(child_pid(owner), &fd);
    if (fd >= 0) {
        check_only_read(fd);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        const int again = open(path, O_RDWR | O_CLOEXEC);
        if (again >= 0) {
            check_only_read(again);
            close(again);
        }
        close(fd);
    }
    close(intruder);
    owner_end();
}

/* Questions without end, and no response is taken: the server gives up on this one alone, after its deadline. */
static void answers_are_never_read(void) {
    const struct message list = { .kind = WIRE_LIST };
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(&list, bytes);
    owner_start();
    const int intruder = raw_greet(child_pid(owner));
    struct pollfd watched = { .fd = intruder, .events = POLLOUT };
    while (poll(&watched, 1, -1) == 1 && (watched.revents & POLLHUP) == 0)
        (void)send(intruder, bytes, sizeof bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    owner_still_serves();
    close(intruder);
    owner_end();
}

/* The library gives no such block; but there it is, and all of it is mapped. */
static void a_block_across_pages(void) {
    unsigned char bytes[ACROSS];
    const uint64_t at = page_size() - ACROSS / 2;
    const struct shm_contents pages = { 2 * page_size(), bytes, at, sizeof bytes };
    const struct message map = { .kind = WIRE_IMPORT, .access = 1, .offset = at, .stride = ACROSS, .size = ACROSS };
    const struct message keep = { .kind = WIRE_KEEP };
    struct message response = { .handle = 0 };
    int fd = -1;
    owner_start();
    pattern_fill(bytes, sizeof bytes, 1);
    REQUIRE(shs__shm_object_make(&pages, &fd) == SHS_OK);
    const int giver = raw_greet(child_pid(owner));
    CHECK(raw_ask(giver, &map, fd, &response) && raw_say(giver, &keep, -1));
    CHECK_STATUS(SHS_OK, (shs_status)response.status);
    shs__fd_close(fd);
    CHECK(actor_sees(owner, response.handle, child_pid(owner), 1, sizeof bytes));
    CHECK_STATUS(SHS_OK, actor_free(owner, response.handle, child_pid(owner)));
    close(giver);
    owner_end();
}

static const struct test tests[] = {
    { "a block across pages", a_block_across_pages },
    { "silence", silence },
    { "parts of a message", parts_of_a_message },
    { "only who is slow is out", only_who_is_slow_is_out },
    { "byte by byte", byte_by_byte },
    { "garbage", garbage },
    { "another version", another_version },
    { "no manners", no_manners },
    { "many descriptors", many_descriptors },
    { "a descriptor with every byte", descriptors_in_pieces },
    { "memory with each half", memory_with_each_half },
    { "memory that is not wanted", memory_that_is_not_wanted },
    { "another user speaks", another_user_speaks },
    { "handles that are none", handles_that_are_none },
    { "the liveness word is only read", the_liveness_word_is_only_read },
    { "answers are never read", answers_are_never_read },
};

SUITE("intruders", tests)
