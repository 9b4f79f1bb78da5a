/*
 * Descriptors that are slow to close, and that nobody has received: they are closed with what they lie in, and whoever
 * closes that must not wait. A role sends sockets that hold back their end until the role itself is gone; so whoever
 * waited for one of them would wait until the test's time limit.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/ipc/address.h"
#include "posix/ipc/endpoint.h"
#include "posix/ipc/rendezvous.h"
#include "raw.h"
#include "slow_socket.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/suite.h"
#include "support/system.h"
#include "target.h"

#define MANY 12 /* more than there are threads that close */
#define PATIENCE 60000u
#define JUNK 80

/* ---- what is sent ---- */

static void send_slow(int socket) {
    int other_end;
    const int slow = slow_parcel(&other_end);
    EXPECT(raw_send(socket, "s", 1, slow, 1));
    close(slow);
}

static void send_behind_junk(int socket) {
    static const char junk[JUNK] = "no message";
    EXPECT(raw_send(socket, junk, sizeof junk, -1, 0));
    send_slow(socket);
}

/* Out of band: such a byte is dropped when what was sent behind it is received. */
static void send_urgently(int socket) {
    _Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof(int))] = { 0 };
    struct iovec part = { .iov_base = "s", .iov_len = 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control };
    int other_end;
    const int slow = slow_socket(&other_end);
    message.msg_controllen = sizeof control;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof slow);
    memcpy(CMSG_DATA(header), &slow, sizeof slow);
    if (sendmsg(socket, &message, MSG_OOB | MSG_NOSIGNAL) != 1) EXPECT(errno == EOPNOTSUPP);
    close(slow);
    (void)raw_send(socket, "x", 1, -1, 0);
}

/* ---- the sender ---- */

static void say_ready(void) {
    const char ready = 'r';
    EXPECT(parent_send(&ready, sizeof ready));
}

/* The address of one who waits for this pid, when there is any. The folder stays open, as the address may lead there.
 */
static bool find_waiter(const struct runtime_dir *directory, shs_pid pid, struct sockaddr_un *found) {
    char name[RENDEZVOUS_NAME], path[PATH_MAX + RENDEZVOUS_NAME];
    bool is_found = false;
    snprintf(path, sizeof path, "%s/%u.wait", directory->path, (unsigned)pid);
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder != NULL && !is_found && (entry = readdir(folder)) != NULL;) {
        const int length = snprintf(name, sizeof name, "%u.wait/%.20s", (unsigned)pid, entry->d_name);
        is_found = entry->d_name[0] != '.' && length > 0 && address_make(directory, name, found);
    }
    if (folder != NULL) closedir(folder);
    return is_found;
}

static int connect_to_waiter(shs_pid pid) {
    struct sockaddr_un found;
    struct runtime_place place;
    struct runtime_dir directory;
    const int made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    shs__runtime_place_read(&place, false);
    EXPECT_STATUS(SHS_OK, shs__runtime_dir_own(&place, &directory));
    while (!find_waiter(&directory, pid, &found) || connect(made, (struct sockaddr *)&found, sizeof found) != 0)
        (void)poll(NULL, 0, 1);
    return made;
}

/* The last one who closes it waits: that is not the sender, as the receiver stands still meanwhile. */
static void send_to_stopped(pid_t receiver, int socket, void (*send_some)(int socket)) {
    EXPECT(kill(receiver, SIGSTOP) == 0);
    send_some(socket);
    EXPECT(kill(receiver, SIGCONT) == 0);
}

/* arguments: what to do, and to which process. */
static int sender_role(char **arguments) {
    const shs_pid pid = (shs_pid)strtoul(arguments[1], NULL, 10);
    char word;
    if (strcmp(arguments[0], "many") == 0) {
        for (int i = 0; i < MANY; i++)
            send_slow(raw_reach(pid, (uint32_t)geteuid()));
    } else if (strcmp(arguments[0], "behind") == 0) {
        for (int i = 0; i < MANY; i++)
            send_behind_junk(raw_reach(pid, (uint32_t)geteuid()));
    } else if (strcmp(arguments[0], "urgent") == 0) {
        for (int i = 0; i < MANY; i++)
            send_urgently(raw_reach(pid, (uint32_t)geteuid()));
    } else {
        send_to_stopped(getppid(), connect_to_waiter(pid), send_slow);
    }
    say_ready();
    (void)parent_receive(&word, sizeof word);
    return EXIT_SUCCESS;
}

static struct child *sender_start(const char *what, shs_pid pid) {
    char number[16];
    snprintf(number, sizeof number, "%u", (unsigned)pid);
    struct child *sender = child_start("sender", (const char *const[]){ what, number, NULL });
    REQUIRE(sender != NULL);
    return sender;
}

static void await_ready(struct child *child) {
    char ready = 0;
    CHECK(child_receive(child, &ready, sizeof ready) && ready == 'r');
}

static void sender_end(struct child *sender) {
    CHECK(child_send(sender, "e", 1));
    CHECK_NUMBER(0, (uint64_t)child_wait(sender));
}

/* ---- owners ---- */

/* It goes on to answer, and to ask others. */
static void owner_still_works(void) {
    struct child *other = actor_start_attached();
    shs_handle handle = 0;
    owner_still_serves();
    CHECK_STATUS(SHS_OK, actor_alloc(owner, 2, 100, child_pid(other), &handle));
    CHECK_STATUS(SHS_OK, actor_free(owner, handle, child_pid(other)));
    actor_end(other);
}

static void check_owner(const char *what) {
    if (!system_keeps_what_is_sent()) return;
    owner_start();
    CHECK(child_pause(owner)); /* so that all is there when it looks */
    struct child *sender = sender_start(what, child_pid(owner));
    await_ready(sender);
    CHECK(child_resume(owner));
    owner_still_works();
    sender_end(sender);
    owner_end();
}

static void an_owner_that_gets_many(void) { check_owner("many"); }

static void an_owner_that_gets_some_behind_junk(void) { check_owner("behind"); }

static void an_owner_that_gets_some_out_of_band(void) { check_owner("urgent"); }

/* Nobody has accepted them. */
static void an_owner_that_stops(void) {
    if (!system_keeps_what_is_sent()) return;
    start_without_thread();
    struct child *sender = sender_start("behind", shs_self());
    await_ready(sender);
    stop_all();
    sender_end(sender);
}

/* ---- callers ---- */

static const struct endpoint *publish(void) {
    static struct endpoint endpoint;
    struct runtime_place place;
    shs__runtime_place_read(&place, false);
    EXPECT_STATUS(SHS_OK, shs__endpoint_publish(&endpoint, &place, (uint32_t)getpid()));
    return &endpoint;
}

/* An owner that answers HELLO by what it should not. arguments: the caller, which stands still meanwhile. */
static int hostile_role(char **arguments) {
    const pid_t caller = (pid_t)strtol(arguments[0], NULL, 10);
    const struct endpoint *endpoint = publish();
    struct pollfd watched = { .fd = endpoint->listener, .events = POLLIN };
    char word;
    say_ready();
    EXPECT(poll(&watched, 1, -1) == 1);
    watched.fd = accept(endpoint->listener, NULL, NULL);
    EXPECT(poll(&watched, 1, -1) == 1);
    send_to_stopped(caller, watched.fd, strcmp(arguments[1], "urgent") == 0 ? send_urgently : send_behind_junk);
    (void)shutdown(watched.fd, SHUT_WR); /* no more will come */
    (void)parent_receive(&word, sizeof word);
    shs__endpoint_unlink(endpoint);
    return EXIT_SUCCESS;
}

static void check_caller(const char *what) {
    char number[16];
    if (!system_keeps_what_is_sent()) return;
    struct child *caller = actor_start_attached();
    snprintf(number, sizeof number, "%u", (unsigned)child_pid(caller));
    struct child *hostile = child_start("hostile", (const char *const[]){ number, what, NULL });
    REQUIRE(hostile != NULL);
    await_ready(hostile);
    const struct actor_request probe = { .command = ACTOR_PROBE, .pid = child_pid(hostile) };
    const shs_status status = (shs_status)actor_ask(caller, probe).status;
    CHECK(status == SHS_E_PROTOCOL || status == SHS_E_NOT_ATTACHED);
    sender_end(hostile);
    actor_end(caller);
}

static void a_caller_that_gets_one_behind_junk(void) { check_caller("behind"); }

static void a_caller_that_gets_one_out_of_band(void) { check_caller("urgent"); }

/* ---- waiters ---- */

static void *wait_for(void *argument) {
    const struct child *actor = argument;
    CHECK_STATUS(SHS_OK, shs_wait(child_pid(actor), PATIENCE));
    return NULL;
}

static void a_waiter(void) {
    pthread_t thread;
    if (!system_keeps_what_is_sent()) return;
    struct child *actor = actor_start();
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    REQUIRE(pthread_create(&thread, NULL, wait_for, actor) == 0);
    struct child *sender = sender_start("waiter", child_pid(actor));
    await_ready(sender);
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(actor, (struct actor_request){ .command = ACTOR_START }).status);
    pthread_join(thread, NULL);
    sender_end(sender);
    actor_end(actor);
}

static const struct test tests[] = {
    { "an owner that gets many", an_owner_that_gets_many },
    { "an owner that gets some behind junk", an_owner_that_gets_some_behind_junk },
    { "an owner that stops", an_owner_that_stops },
    { "an owner that gets some out of band", an_owner_that_gets_some_out_of_band },
    { "a caller that gets one behind junk", a_caller_that_gets_one_behind_junk },
    { "a caller that gets one out of band", a_caller_that_gets_one_out_of_band },
    { "a waiter", a_waiter },
};

static const struct role roles[] = { { "sender", sender_role }, { "hostile", hostile_role } };

SUITE_WITH_ROLES("slow_ends", tests, roles, LENGTH(roles))
