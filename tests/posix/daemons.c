/*
 * Applications that close every descriptor that they did not open, as daemons do before they begin, and open files of
 * their own, which get the same numbers.
 *
 * The library notices that its own are gone and stands again. It never touches the application's.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "close_others.h"
#include "forked.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/suite.h"

#define TRIES 2000

struct own {
    int pairs[NUMBERS][2];
};

static void open_own(struct own *own) {
    for (int i = 0; i < NUMBERS; i++) {
        EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, own->pairs[i]) == 0);
    }
}

/* Each pair still carries what is sent, and nothing else has been sent. */
static void check_own(const struct own *own) {
    for (int i = 0; i < NUMBERS; i++) {
        char byte = 0;
        EXPECT(send(own->pairs[i][0], "x", 1, MSG_NOSIGNAL) == 1);
        EXPECT(recv(own->pairs[i][1], &byte, 1, MSG_DONTWAIT) == 1 && byte == 'x');
        EXPECT(recv(own->pairs[i][1], &byte, 1, MSG_DONTWAIT) == -1);
        EXPECT(recv(own->pairs[i][0], &byte, 1, MSG_DONTWAIT) == -1);
    }
}

static void check_in_a_child(int channel, void *context) {
    (void)channel;
    check_own(context);
    shs_self();
    check_own(context);
}

/* It has blocks of its own, and in the parent, when it closes everything. */
static void become_a_daemon(int channel, void *context) {
    const shs_pid *parent = context;
    static struct own own;
    shs_handle handle = 0;
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, *parent, &handle));
    close_others(channel);
    open_own(&own);
    forked_tell(channel, 1);
    EXPECT(forked_hear(channel) == 2);
    check_own(&own);
    EXPECT_STATUS(SHS_OK, shs_probe(*parent));
    EXPECT_STATUS(SHS_OK, shs_free(handle, *parent));
    EXPECT_STATUS(SHS_OK, shs_alloc("x", 1, shs_self(), &handle));
    EXPECT(forked_run(check_in_a_child, &own) == 0);
    check_own(&own);
    shs_stop();
    check_own(&own);
}

static void a_daemon_closes_everything(void) {
    shs_pid self = shs_self();
    struct forked daemon = forked_start(fork, become_a_daemon, &self);
    CHECK_NUMBER(1, forked_hear(daemon.channel));
    shs_status status = SHS_E_NOT_ATTACHED;
    for (int tries = 0; tries < TRIES && status != SHS_OK; tries++) {
        status = shs_probe((shs_pid)daemon.pid);
        if (status != SHS_OK) usleep(10000);
    }
    CHECK_STATUS(SHS_OK, status);
    forked_tell(daemon.channel, 2);
    CHECK_NUMBER(0, (uint64_t)forked_wait(&daemon));
}

static const struct test tests[] = {
    { "a daemon closes everything", a_daemon_closes_everything },
};

SUITE("daemons", tests)
