/*
 * Responses that are not heard: with their connection they are lost, or they come when nobody waits any more. What they
 * told of is undone, without another call of whoever asked; and a question that is asked again has the answer that it
 * had.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "posix/block/segment.h"
#include "posix/ipc/message_io.h"
#include "posix/os/errno_status.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/parallel.h"
#include "support/sizes.h"
#include "support/suite.h"

#define SHORT 30   /* milliseconds: for calls that shall time out */
#define LONG 60000 /* for those that shall not */
#define ROUNDS 3
#define WAIT_ROUNDS 20000
#define QUESTION 7

static struct child *owner;
static shs_pid pid;
static size_t mapped; /* shared mappings that it has, without a block */

static void call_with(uint32_t milliseconds) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = milliseconds;
    CHECK_STATUS(SHS_OK, shs_start(&options));
}

static size_t mappings_of_owner(void) {
    char path[40], line[512];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%u/maps", (unsigned)pid);
    FILE *file = fopen(path, "re");
    REQUIRE(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        const char *rights = strchr(line, ' ');
        if (rights != NULL && rights[4] == 's') count++;
    }
    fclose(file);
    return count;
}

/* As it says itself: nothing is asked by this process. */
static size_t blocks_of_owner(void) {
    const struct actor_reply reply = actor_ask(owner, (struct actor_request){ .command = ACTOR_LIST, .pid = pid });
    CHECK_STATUS(SHS_OK, (shs_status)reply.status);
    return (size_t)reply.size;
}

static void begin(void) {
    call_with(LONG);
    owner = actor_start_attached();
    pid = child_pid(owner);
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    mapped = mappings_of_owner();
}

/* What nobody heard of goes as soon as the owner has heard all. */
static bool comes_to(size_t blocks) {
    for (int round = 0; round < WAIT_ROUNDS; round++) {
        if (blocks_of_owner() == blocks) return true;
        parallel_pause();
    }
    return false;
}

/* And so does the memory. */
static bool comes_to_nothing(void) {
    for (int round = 0; round < WAIT_ROUNDS; round++) {
        if (blocks_of_owner() == 0 && mappings_of_owner() <= mapped) return true;
        parallel_pause();
    }
    return false;
}

static void end(void) { actor_end(owner); }

/* ---- nobody waits any more ---- */

static void nothing_stays_of_calls_that_timed_out(void) {
    shs_handle handle = 0;
    if (!actors_can_be_held()) return;
    begin();
    const shs_handle own = block_new(1, 100, shs_self());
    for (int round = 0; round < ROUNDS; round++) {
        REQUIRE(child_pause(owner));
        call_with(SHORT);
        for (int i = 0; i < 2; i++) {
            CHECK_STATUS(SHS_E_TIMEOUT, checked_map_handle(own, shs_self(), pid, SHS_READ, &handle));
            CHECK_STATUS(SHS_E_TIMEOUT, checked_alloc(NULL, MIB, pid, &handle));
        }
        REQUIRE(child_resume(owner));
        CHECK(comes_to_nothing());
        call_with(LONG);
        CHECK_STATUS(SHS_OK, shs_probe(pid));
    }
    CHECK_STATUS(SHS_OK, shs_map_handle(own, shs_self(), pid, SHS_READ, &handle));
    CHECK(comes_to(1));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    end();
}

/* It is freed, and this process does not hear of it. */
static void free_unheard(shs_handle handle) {
    REQUIRE(child_pause(owner));
    call_with(SHORT);
    CHECK_STATUS(SHS_E_TIMEOUT, checked_free(handle, pid));
    REQUIRE(child_resume(owner));
    CHECK(comes_to(0));
    call_with(LONG);
}

/* The owner closed the handle, and said so when nobody waited for that any more. */
static void a_handle_is_closed_once(void) {
    if (!actors_can_be_held()) return;
    begin();
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, 100, pid, &handle));
    free_unheard(handle);
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK_STATUS(SHS_E_HANDLE, checked_free(handle, pid));
    end();
}

/* Who asks another owner for the same number asks another question. */
static void another_owners_handle_is_another_question(void) {
    if (!actors_can_be_held()) return;
    begin();
    shs_handle handle = 0;
    struct child *other = actor_start_attached();
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, 100, pid, &handle));
    free_unheard(handle);
    CHECK_STATUS(SHS_E_HANDLE, checked_free(handle, child_pid(other)));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    actor_end(other);
    end();
}

/* ---- the connection ends ---- */

static int memory(uint64_t size) {
    const int fd = memfd_create("unheard", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    REQUIRE(fd >= 0 && posix_fallocate(fd, 0, (off_t)size) == 0);
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0);
    return fd;
}

static struct message ask(int socket, struct message request, int fd) {
    struct message response = { .status = SHS_E_SYSTEM };
    CHECK(raw_ask(socket, &request, fd, &response));
    if (fd >= 0) close(fd);
    return response;
}

static shs_handle import(int socket) {
    const struct message request = { .kind = WIRE_IMPORT, .serial = QUESTION, .access = 1, .stride = 64, .size = 64 };
    const struct message response = ask(socket, request, memory(64 * KIB));
    CHECK_STATUS(SHS_OK, (shs_status)response.status);
    return response.handle;
}

static void say(int socket, enum wire_kind kind, uint32_t serial) {
    const struct message told = { .kind = kind, .serial = serial };
    CHECK(raw_say(socket, &told, -1));
}

/* A handle that is not kept is gone with the connection, the next message, whatever it is. */
static void a_handle_stays_when_it_was_heard_of(void) {
    begin();
    int socket = raw_greet(pid);
    (void)import(socket);
    CHECK_NUMBER(1, blocks_of_owner());
    close(socket);
    CHECK(comes_to(0));
    socket = raw_greet(pid);
    (void)import(socket);
    (void)ask(socket, (struct message){ .kind = WIRE_PROBE }, -1);
    CHECK_NUMBER(0, blocks_of_owner());
    for (enum wire_kind kind = WIRE_RELEASE_SEGMENT; kind < WIRE_KINDS; kind++) {
        if (kind == WIRE_FREE || kind == WIRE_KEEP) continue;
        (void)import(socket);
        say(socket, kind, QUESTION);
        CHECK(comes_to(0));
    }
    const shs_handle kept = import(socket);
    say(socket, WIRE_KEEP, 0);
    say(socket, WIRE_UNHEARD, QUESTION); /* too late */
    (void)ask(socket, (struct message){ .kind = WIRE_PROBE }, -1);
    close(socket);
    socket = raw_greet(pid); /* it has heard of the end of the other */
    close(socket);
    CHECK_NUMBER(1, blocks_of_owner());
    CHECK_STATUS(SHS_OK, shs_free(kept, pid));
    end();
}

static void a_segment_that_nobody_waits_for(void) {
    begin();
    const int socket = raw_greet(pid);
    const struct message offer = {
        .kind = WIRE_ADD_SEGMENT, .serial = QUESTION, .count = 8, .stride = 64, .offset = shs__segment_head(8)
    };
    CHECK_STATUS(SHS_OK, (shs_status)ask(socket, offer, memory(64 * KIB)).status);
    say(socket, WIRE_UNHEARD, QUESTION + 1); /* which is another one */
    close(raw_greet(pid));                   /* it has heard that */
    CHECK(mappings_of_owner() > mapped);
    say(socket, WIRE_UNHEARD, QUESTION);
    CHECK(comes_to_nothing());
    close(socket);
    end();
}

static shs_status free_by(int socket, shs_handle handle, uint64_t question) {
    const struct message request = { .kind = WIRE_FREE, .handle = handle, .size = question };
    return (shs_status)ask(socket, request, -1).status;
}

/* Asked again by another connection it is the same question; another one has its own answer. */
static void a_question_that_comes_again(void) {
    begin();
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, 100, pid, &handle));
    int socket = raw_greet(pid);
    CHECK_STATUS(SHS_OK, free_by(socket, handle, QUESTION));
    close(socket);
    socket = raw_greet(pid);
    CHECK_STATUS(SHS_E_HANDLE, free_by(socket, handle, QUESTION + 1));
    CHECK_STATUS(SHS_OK, free_by(socket, handle, QUESTION));
    CHECK_STATUS(SHS_E_HANDLE, free_by(socket, handle, QUESTION));
    close(socket);
    end();
}

/* ---- and is made anew ---- */

static bool loses;

shs_status __real_shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                       const struct waiting *wait);
shs_status __wrap_shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                       const struct waiting *wait);

/* The linker leads here what waits for a response: it came, and was lost. */
shs_status __wrap_shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                       const struct waiting *wait) {
    const shs_status status = __real_shs__message_receive(socket, message, extra, wait);
    if (status != SHS_OK || !loses || message->kind == WIRE_HELLO) return status;
    loses = false;
    if (extra->fd >= 0) close(extra->fd);
    return status_local(SHS_E_NOT_ATTACHED);
}

static void every_call_survives_a_loss(void) {
    begin();
    shs_handle handle = 0, mapped_there = 0, given = 0;
    void *view = NULL;
    size_t count = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, 100, pid, &handle));
    loses = true;
    CHECK_STATUS(SHS_OK, shs_list(pid, NULL, 0, &count));
    loses = true;
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK_STATUS(SHS_E_HANDLE, checked_free(handle, pid));
    const shs_handle own = block_new(2, 100, shs_self());
    loses = true;
    CHECK_STATUS(SHS_OK, shs_map_handle(own, shs_self(), pid, SHS_READ, &mapped_there));
    CHECK(comes_to(1));
    loses = true;
    CHECK_STATUS(SHS_OK, shs_lock(mapped_there, pid, SHS_READ, &view, NULL));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    loses = true;
    CHECK_STATUS(SHS_OK, shs_alloc("data", 4, pid, &given));
    CHECK(comes_to(2));
    CHECK_STATUS(SHS_OK, shs_free(given, pid));
    CHECK_STATUS(SHS_OK, shs_free(mapped_there, pid));
    CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
    CHECK(!loses);
    end();
}

static const struct test tests[] = {
    { "nothing stays of calls that timed out", nothing_stays_of_calls_that_timed_out },
    { "a handle is closed once", a_handle_is_closed_once },
    { "another owner's handle is another question", another_owners_handle_is_another_question },
    { "a handle stays when it was heard of", a_handle_stays_when_it_was_heard_of },
    { "a segment that nobody waits for", a_segment_that_nobody_waits_for },
    { "a question that comes again", a_question_that_comes_again },
    { "every call survives a loss", every_call_survives_a_loss },
};

SUITE("unheard", tests)
