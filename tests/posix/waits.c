/*
 * Waiting for a process to take blocks: one look, its attaching, its end; the rendezvous by which it tells; and who
 * gives to a process that was only just started.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"
#include "posix/ipc/address.h"
#include "posix/ipc/endpoint.h"
#include "posix/ipc/rendezvous.h"
#include "posix/os/fd_tracking.h"
#include "posix/os/fdpass.h"
#include "posix/os/pages.h"
#include "posix/os/process_info.h"
#include "posix/os/shm_object.h"
#include "posix/state/context.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

#define PATIENCE 60000u /* milliseconds; a test that needs them fails by its own limit */
#define WAITERS 8
#define SHORT_WAITS 130

static shs_status attach(struct child *actor) {
    return (shs_status)actor_ask(actor, (struct actor_request){ .command = ACTOR_START, .size = PATIENCE }).status;
}

static void one_look(void) {
    struct child *actor = actor_start();
    CHECK_STATUS(SHS_E_TIMEOUT, checked_wait(child_pid(actor), 0));
    CHECK_STATUS(SHS_OK, attach(actor));
    CHECK_STATUS(SHS_OK, shs_wait(child_pid(actor), 0));
    CHECK_STATUS(SHS_OK, shs_wait(shs_self(), 0));
    actor_end(actor);
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_wait(0, PATIENCE));
    CHECK_STATUS(SHS_E_NO_PROCESS, checked_wait(0x7FFFFFFC, PATIENCE));
}

/* ---- waiting ---- */

struct waiter {
    pthread_t thread;
    shs_pid pid;
    shs_status status;
};

static void *wait_for(void *argument) {
    struct waiter *waiting = argument;
    waiting->status = shs_wait(waiting->pid, PATIENCE);
    return NULL;
}

static void begin(struct waiter waiting[WAITERS], shs_pid pid) {
    for (int i = 0; i < WAITERS; i++) {
        waiting[i].pid = pid;
        REQUIRE(pthread_create(&waiting[i].thread, NULL, wait_for, &waiting[i]) == 0);
    }
}

static void end(struct waiter waiting[WAITERS], shs_status expected) {
    for (int i = 0; i < WAITERS; i++) {
        pthread_join(waiting[i].thread, NULL);
        CHECK_STATUS(expected, waiting[i].status);
    }
}

/* Those that are woken, and those that have not slept yet. */
static void until_it_attaches(void) {
    struct waiter waiting[WAITERS];
    struct child *actor = actor_start();
    begin(waiting, child_pid(actor));
    CHECK_STATUS(SHS_OK, attach(actor));
    end(waiting, SHS_OK);
    actor_end(actor);
}

/* It has attached, and answers later than a look takes: each of which is short here. */
static void until_it_answers(void) {
    if (!actors_can_be_held()) return;
    struct shs_options options = SHS_OPTIONS_INIT;
    struct waiter waiting[WAITERS];
    struct child *actor = actor_start_attached();
    options.timeout_ms = 10;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    REQUIRE(child_pause(actor));
    begin(waiting, child_pid(actor));
    for (int i = 0; i < 2 * WAITERS; i++) /* they take their looks meanwhile */
        CHECK_STATUS(SHS_E_TIMEOUT, checked_probe(child_pid(actor)));
    CHECK(child_resume(actor));
    end(waiting, SHS_OK);
    shs_stop();
    actor_end(actor);
}

static void until_it_ends(void) {
    struct waiter waiting[WAITERS];
    struct child *actor = actor_start();
    begin(waiting, child_pid(actor));
    child_kill(actor);
    end(waiting, SHS_E_NO_PROCESS);
    (void)child_wait(actor);
}

static void until_the_time_is_over(void) {
    struct child *actor = actor_start();
    CHECK_STATUS(SHS_E_TIMEOUT, checked_wait(child_pid(actor), 50));
    for (int i = 0; i < SHORT_WAITS; i++) /* which would not end, if each took a second */
        CHECK_STATUS(SHS_E_TIMEOUT, checked_wait(child_pid(actor), 20));
    actor_end(actor);
}

/* ---- the rendezvous ---- */

static struct runtime_place place;

static bool is_told(const struct rendezvous *rendezvous) {
    struct pollfd watched = { .fd = rendezvous->socket, .events = POLLIN };
    return poll(&watched, 1, 0) == 1;
}

static bool has_folder(const struct runtime_dir *directory, shs_pid pid) {
    char name[40];
    struct stat about;
    snprintf(name, sizeof name, "%u.wait", (unsigned)pid);
    return fstatat(directory->fd, name, &about, 0) == 0;
}

/* Whoever attaches tells all who wait for it, and nobody else; the last one takes the folder away. */
static void who_attaches_tells(void) {
    struct rendezvous one, another, others;
    struct runtime_dir directory;
    struct child *actor = actor_start();
    shs__runtime_place_read(&place, false);
    REQUIRE(shs__runtime_dir_own(&place, &directory) == SHS_OK);
    REQUIRE(shs__rendezvous_open(&place, child_pid(actor), shs_self(), &one));
    REQUIRE(shs__rendezvous_open(&place, child_pid(actor), shs_self(), &another));
    REQUIRE(shs__rendezvous_open(&place, shs_self(), shs_self(), &others));
    CHECK(!is_told(&one) && !is_told(&another));
    CHECK_STATUS(SHS_OK, attach(actor));
    CHECK(is_told(&one) && is_told(&another) && !is_told(&others));
    shs__rendezvous_clear(&one);
    CHECK(!is_told(&one));
    shs__rendezvous_close(&one);
    CHECK(has_folder(&directory, child_pid(actor)));
    shs__rendezvous_close(&another);
    shs__rendezvous_close(&others);
    CHECK(!has_folder(&directory, child_pid(actor)) && !has_folder(&directory, shs_self()));
    shs__runtime_dir_close(&directory);
    actor_end(actor);
}

/* Nor does the name of one that was killed stay, when the process attaches. */
static void who_attaches_removes_what_is_dead(void) {
    struct rendezvous dead;
    if (!kernel_tells_of_dead_names()) return;
    struct child *actor = actor_start();
    shs__runtime_place_read(&place, false);
    REQUIRE(shs__rendezvous_open(&place, child_pid(actor), shs_self(), &dead));
    shs__fd_close(dead.socket);
    CHECK_STATUS(SHS_OK, attach(actor));
    CHECK(!has_folder(&dead.directory, child_pid(actor)));
    shs__runtime_dir_close(&dead.directory);
    actor_end(actor);
}

/* Anybody of this user can send to who waits. */
static void what_comes_is_closed(void) {
    struct rendezvous one;
    struct sockaddr_un address;
    const struct shm_contents page = { .size = page_size() };
    int fd = -1;
    shs__runtime_place_read(&place, false);
    REQUIRE(shs__rendezvous_open(&place, shs_self(), shs_self(), &one));
    REQUIRE(shs__shm_object_make(&page, &fd) == SHS_OK && address_make(&one.directory, one.name, &address));
    const int sender = shs__fdpass_datagram_socket();
    REQUIRE(connect(sender, (const struct sockaddr *)&address, sizeof address) == 0);
    CHECK(raw_send(sender, "x", 1, fd, 1));
    shs__rendezvous_clear(&one); /* the harness counts descriptors */
    CHECK(!is_told(&one));
    shs__fdpass_close(sender);
    shs__fd_close(fd);
    shs__rendezvous_close(&one);
}

/* Waiters that were killed leave names; they go when the process that they waited for has. */
static void what_is_left_is_swept(void) {
    struct rendezvous left;
    struct runtime_dir directory;
    struct child *actor = actor_start(), *another = actor_start();
    const shs_pid pid = child_pid(actor);
    shs__runtime_place_read(&place, false);
    REQUIRE(shs__runtime_dir_own(&place, &directory) == SHS_OK);
    REQUIRE(shs__rendezvous_open(&place, pid, shs_self(), &left));
    CHECK_STATUS(SHS_OK, attach(another)); /* which sweeps */
    CHECK(has_folder(&directory, pid));
    actor_kill(actor);
    actor_end(another);
    another = actor_start_attached();
    CHECK(!has_folder(&directory, pid));
    shs__rendezvous_close(&left);
    shs__runtime_dir_close(&directory);
    actor_end(another);
}

/* Those who wait for a process that never attaches leave none for ever: who starts removes what the dead left there. */
static void what_killed_waiters_left_is_swept(void) {
    struct rendezvous left, waits;
    struct runtime_dir directory;
    struct child *waiter = actor_start(), *another;
    shs__runtime_place_read(&place, false);
    REQUIRE(shs__runtime_dir_own(&place, &directory) == SHS_OK);
    REQUIRE(shs__rendezvous_open(&place, shs_self(), child_pid(waiter), &left));
    REQUIRE(shs__rendezvous_open(&place, shs_self(), shs_self(), &waits));
    actor_kill(waiter);
    another = actor_start_attached(); /* which sweeps */
    CHECK(faccessat(directory.fd, left.name, F_OK, 0) != 0);
    CHECK(faccessat(directory.fd, waits.name, F_OK, 0) == 0);
    shs__rendezvous_close(&waits);
    CHECK(!has_folder(&directory, shs_self()));
    shs__rendezvous_close(&left);
    shs__runtime_dir_close(&directory);
    actor_end(another);
}

/* A name in the folder that is no socket, or one that nobody reads any more, holds up nobody. */
static void what_is_no_rendezvous(void) {
    struct rendezvous one;
    struct child *actor = actor_start();
    shs__runtime_place_read(&place, false);
    REQUIRE(shs__rendezvous_open(&place, child_pid(actor), shs_self(), &one));
    char path[sizeof one.directory.path + 80];
    snprintf(path, sizeof path, "%s/%u.wait/file", one.directory.path, (unsigned)child_pid(actor));
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    CHECK_STATUS(SHS_OK, attach(actor));
    CHECK(is_told(&one));
    unlink(path);
    shs__rendezvous_close(&one);
    actor_end(actor);
}

/* ---- who was only just started ---- */

static void *attach_it(void *actor) { return attach(actor) == SHS_OK ? actor : NULL; }

/* It attaches while the giver waits, or before. */
static void who_gives_waits_for_the_young(void) {
    if (!system_tells_ages()) return;
    struct shs_options options = SHS_OPTIONS_INIT;
    options.await_starting = 1;
    options.timeout_ms = PATIENCE;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    for (uint32_t i = 0; i < 6; i++) {
        pthread_t thread;
        void *done = NULL;
        shs_handle handle = 0, own = block_new(i, 100, shs_self());
        struct child *actor = actor_start();
        REQUIRE(pthread_create(&thread, NULL, attach_it, actor) == 0);
        if (i % 2 == 0) {
            CHECK_STATUS(SHS_OK, shs_alloc(NULL, 100, child_pid(actor), &handle));
        } else {
            CHECK_STATUS(SHS_OK, shs_map_handle(own, shs_self(), child_pid(actor), SHS_READ, &handle));
        }
        pthread_join(thread, &done);
        CHECK(done == actor);
        CHECK(block_holds(handle, child_pid(actor), i % 2 == 0 ? 0 : i, 100));
        CHECK_STATUS(SHS_OK, shs_free(own, shs_self()));
        actor_end(actor);
    }
    shs_stop();
}

static void *give_to_the_young(void *argument) {
    shs_handle handle = 0;
    CHECK_STATUS(SHS_E_TIMEOUT, checked_alloc(NULL, 1, *(const shs_pid *)argument, &handle));
    return NULL;
}

/* It can be found, and answers nobody. */
static int deaf_role(char **arguments) {
    struct endpoint endpoint;
    struct runtime_place here;
    char word = 0;
    (void)arguments;
    EXPECT(parent_receive(&word, 1));
    shs__runtime_place_read(&here, false);
    EXPECT_STATUS(SHS_OK, shs__endpoint_publish(&endpoint, &here, (uint32_t)getpid()));
    (void)parent_receive(&word, 1);
    shs__endpoint_withdraw(&endpoint);
    return EXIT_SUCCESS;
}

/* It has attached, so it is no process that takes nothing; and it has the time of one call. */
static void the_young_do_not_answer(void) {
    if (!system_tells_ages()) return;
    struct shs_options options = SHS_OPTIONS_INIT;
    pthread_t thread;
    options.await_starting = 1;
    options.timeout_ms = 3000;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    struct child *deaf = child_start("deaf", NULL);
    REQUIRE(deaf != NULL);
    shs_pid pid = child_pid(deaf);
    REQUIRE(pthread_create(&thread, NULL, give_to_the_young, &pid) == 0);
    CHECK(child_send(deaf, "g", 1));
    pthread_join(thread, NULL);
    shs_stop();
    CHECK(child_send(deaf, "e", 1));
    CHECK_NUMBER(0, (uint64_t)child_wait(deaf));
}

static atomic_uint opened; /* rendezvous, by this process */

bool __real_shs__rendezvous_open(const struct runtime_place *at, uint32_t pid, uint32_t self, struct rendezvous *made);
bool __wrap_shs__rendezvous_open(const struct runtime_place *at, uint32_t pid, uint32_t self, struct rendezvous *made);

/* The linker leads here whoever is about to wait. */
bool __wrap_shs__rendezvous_open(const struct runtime_place *at, uint32_t pid, uint32_t self, struct rendezvous *made) {
    atomic_fetch_add(&opened, 1);
    return __real_shs__rendezvous_open(at, pid, self, made);
}

/* The time is so short that no process is young. */
static void nobody_waits_for_the_old(void) {
    if (!system_tells_ages()) return;
    struct shs_options options = SHS_OPTIONS_INIT;
    shs_handle handle = 0;
    options.await_starting = 1;
    options.timeout_ms = PATIENCE;
    struct child *actor = actor_start();
    CHECK(shs__process_info_is_younger(child_pid(actor), PATIENCE));
    CHECK(!shs__process_info_is_younger(1, 1));
    CHECK(!shs__process_info_is_younger(0x7FFFFFFC, PATIENCE));
    while (shs__process_info_is_younger(child_pid(actor), 100))
        usleep(5000);
    options.timeout_ms = 100;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    atomic_store(&opened, 0);
    CHECK_STATUS(SHS_E_NOT_ATTACHED, checked_alloc(NULL, 1, child_pid(actor), &handle));
    CHECK_NUMBER(0, atomic_load(&opened));
    shs_stop();
    actor_end(actor);
}

static const struct test tests[] = {
    { "one look", one_look },
    { "until it attaches", until_it_attaches },
    { "until it answers", until_it_answers },
    { "until it ends", until_it_ends },
    { "until the time is over", until_the_time_is_over },
    { "who attaches tells", who_attaches_tells },
    { "who attaches removes what is dead", who_attaches_removes_what_is_dead },
    { "what comes is closed", what_comes_is_closed },
    { "what is left is swept", what_is_left_is_swept },
    { "what killed waiters left is swept", what_killed_waiters_left_is_swept },
    { "what is no rendezvous", what_is_no_rendezvous },
    { "who gives waits for the young", who_gives_waits_for_the_young },
    { "the young do not answer", the_young_do_not_answer },
    { "nobody waits for the old", nobody_waits_for_the_old },
};

static const struct role roles[] = { { "deaf", deaf_role } };

SUITE_WITH_ROLES("waits", tests, roles, LENGTH(roles))
