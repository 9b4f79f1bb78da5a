/*
 * Half way through a call: time passes while memory is made, and a connection ends between two questions, or the second
 * one is never sent, or there is no room for its answer. The linker leads here what the library would do next.
 */
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "commons.h"
#include "posix/ipc/message_io.h"
#include "posix/os/errno_status.h"
#include "posix/os/shm_object.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/suite.h"

#define LONG 3600 /* seconds, more than any call waits */

/* ---- time ---- */

static _Thread_local time_t passed; /* more than the clock says */
static bool takes_long, wordless;   /* there is no memory but for what has contents */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    const int result = __real_clock_gettime(clock, now);
    now->tv_sec += passed;
    return result;
}

shs_status __real_shs__shm_object_make(const struct shm_contents *contents, int *fd);
shs_status __wrap_shs__shm_object_make(const struct shm_contents *contents, int *fd);

shs_status __wrap_shs__shm_object_make(const struct shm_contents *contents, int *fd) {
    if (takes_long) passed += LONG;
    if (wordless && contents->data == NULL) return status_local(SHS_E_NO_MEMORY);
    return __real_shs__shm_object_make(contents, fd);
}

/* Filling gigabytes is not waiting for the owner, which is asked for its part after that. */
static void making_memory_is_not_waiting(void) {
    struct child *owner = actor_start_attached();
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    takes_long = true;
    CHECK_STATUS(SHS_OK, shs_alloc("x", 1, child_pid(owner), &handle));
    takes_long = false;
    CHECK(passed > 0);
    stop_all();
    passed = 0;
    actor_end(owner);
}

/* ---- memory ---- */

static int admit_nobody(void *unused, const struct shs_admit_request *request) {
    (void)unused, (void)request;
    return 0;
}

/* Whoever may admit others makes blocks apart: the data is there, and then there is no object for the words. The test
 * ends with as many descriptors as it began with. */
static void data_without_words_is_let_go(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    shs_handle handle = 0;
    options.admit = admit_nobody;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    wordless = true;
    CHECK_STATUS(SHS_E_NO_MEMORY, shs_alloc("x", 1, shs_self(), &handle));
    wordless = false;
    CHECK_NUMBER(0, handle);
    CHECK_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    stop_all();
}

/* ---- an owner that goes on and on ---- */

static bool chatters;

shs_status __real_shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                       const struct waiting *wait);
shs_status __wrap_shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                       const struct waiting *wait);

/* The answer is there, and behind a word that nobody asked for and that took too long. */
shs_status __wrap_shs__message_receive(int socket, struct message *message, struct fdpass_extra *extra,
                                       const struct waiting *wait) {
    struct pollfd watched = { .fd = socket, .events = POLLIN };
    if (!chatters) return __real_shs__message_receive(socket, message, extra, wait);
    chatters = false;
    passed += LONG;
    CHECK(poll(&watched, 1, -1) == 1);
    *message = (struct message){ .kind = WIRE_PROBE };
    extra->who.user = (uint32_t)geteuid();
    return SHS_OK;
}

/* However much an owner says, a call has one time limit. */
static void answers_are_not_waited_for_anew(void) {
    struct child *owner = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    chatters = true;
    CHECK_STATUS(SHS_E_TIMEOUT, checked_probe(child_pid(owner)));
    stop_all();
    passed = 0;
    actor_end(owner);
}

/* ---- a connection ---- */

static unsigned ends;           /* so many times, before the owner is asked for the second half */
static bool late;               /* it is too late to ask for the second half */
static bool fills;              /* there are no addresses any more, once a segment was offered */
static _Thread_local bool full; /* that is so */

shs_status __real_shs__message_send(int socket, const struct message *message, int fd, const struct waiting *wait);
shs_status __wrap_shs__message_send(int socket, const struct message *message, int fd, const struct waiting *wait);

shs_status __wrap_shs__message_send(int socket, const struct message *message, int fd, const struct waiting *wait) {
    if (message->kind == WIRE_EXPORT && ends > 0) {
        ends--;
        (void)shutdown(socket, SHUT_RDWR);
    }
    if (message->kind == WIRE_EXPORT && late) return status_local(SHS_E_TIMEOUT);
    if (message->kind == WIRE_ADD_SEGMENT && fills) full = true;
    return __real_shs__message_send(socket, message, fd, wait);
}

/* The owner made room for another connection: who knows half of a block asks again. */
static void half_of_a_block_is_none(void) {
    if (!commons_make(01777, 0)) return;
    CHECK_STATUS(SHS_OK, start_admitting());
    struct child *owner = user_start_attached(0, 0, EVERYBODY); /* whoever may admit others makes blocks apart */
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, 100, child_pid(owner), &handle));
    ends = 2;
    CHECK(block_holds(handle, child_pid(owner), 1, 100));
    CHECK_NUMBER(0, ends);
    actor_end(owner);
    stop_all();
    commons_remove();
}

/* An owner that imported a block says in two answers where it is. The first one alone would lead elsewhere. */
static void half_of_a_block_in_time_is_none(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    shs_handle handle = 0, second = 0;
    void *view = NULL;
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 1, 100, pid, &handle));
    CHECK_STATUS(SHS_OK, actor_map_handle(owner, handle, pid, pid, SHS_READ_WRITE, &second));
    late = true;
    CHECK_STATUS(SHS_E_TIMEOUT, checked_lock(second, pid, SHS_READ, &view, NULL));
    late = false;
    CHECK(block_holds(second, pid, 1, 100));
    actor_end(owner);
    stop_all();
}

/* ---- addresses ---- */

shs_status __real_shs__shm_object_map(int fd, uint64_t offset, uint64_t length, bool writable, void **address);
shs_status __wrap_shs__shm_object_map(int fd, uint64_t offset, uint64_t length, bool writable, void **address);

shs_status __wrap_shs__shm_object_map(int fd, uint64_t offset, uint64_t length, bool writable, void **address) {
    if (full) return status_local(SHS_E_NO_MEMORY);
    return __real_shs__shm_object_map(fd, offset, length, writable, address);
}

/* The owner took the data, and shows words that cannot be mapped. The test ends with as many mappings as it began with.
 */
static void data_whose_words_have_no_room_is_let_go(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    shs_handle handle = 0;
    options.admit = admit_nobody;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    fills = true;
    CHECK_STATUS(SHS_E_NO_MEMORY, checked_alloc("x", 1, pid, &handle));
    CHECK(full);
    fills = full = false;
    handle = block_new(1, 100, pid);
    CHECK(block_holds(handle, pid, 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    actor_end(owner);
    stop_all();
}

static const struct test tests[] = {
    { "making memory is not waiting", making_memory_is_not_waiting },
    { "data without words is let go", data_without_words_is_let_go },
    { "answers are not waited for anew", answers_are_not_waited_for_anew },
    { "half of a block is none", half_of_a_block_is_none },
    { "half of a block in time is none", half_of_a_block_in_time_is_none },
    { "data whose words have no room is let go", data_whose_words_have_no_room_is_let_go },
};

SUITE("halfway", tests)
