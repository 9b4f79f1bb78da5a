/*
 * A user who was admitted, and is not any more: what its processes bring, and what they are given. This process is
 * root's, the others are plain users'.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "commons.h"
#include "posix/os/shm_object.h"
#include "posix/server/server.h"
#include "posix/state/context.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/sandbox.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

static atomic_int admits; /* anybody */

static int answer(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return atomic_load(&admits);
}

static bool begin(shs_service service) {
    struct shs_options options = SHS_OPTIONS_INIT;
    if (!commons_make(01777, 0)) return false;
    sandbox_use(commons_path());
    atomic_store(&admits, 1);
    options.admit = answer;
    options.service = service;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    return true;
}

static void end(void) {
    stop_all();
    commons_remove();
}

/* ---- what they bring ---- */

/* arguments: where all meet, and the owner. It is admitted until it has been greeted. */
static int bringer_role(char **arguments) {
    const struct message gift = { .kind = WIRE_ADD_SEGMENT, .count = 1, .stride = 1 };
    const struct shm_contents contents = { .size = MIB };
    struct message hello = { .kind = WIRE_HELLO };
    uint8_t bytes[WIRE_SIZE];
    int memory = -1;
    char word = 0;
    commons_use(arguments[0]);
    EXPECT(child_become(ANN, ANN));
    hello.pid = shs_self();
    const int socket = raw_reach((shs_pid)strtoul(arguments[1], NULL, 10), 0);
    EXPECT(raw_say(socket, &hello, -1) && recv(socket, bytes, sizeof bytes, MSG_WAITALL) == WIRE_SIZE);
    EXPECT(parent_send(&word, sizeof word) && parent_receive(&word, sizeof word));
    EXPECT_STATUS(SHS_OK, shs__shm_object_make(&contents, &memory));
    (void)raw_say(socket, &gift, memory);              /* the connection may have ended meanwhile */
    EXPECT(recv(socket, bytes, sizeof bytes, 0) <= 0); /* which ends */
    close(socket);
    return EXIT_SUCCESS;
}

/* The test ends with as many descriptors as it began with. */
static void what_they_bring_is_let_go(void) {
    char owner[16], word = 0;
    if (!begin(SHS_SERVE_THREAD)) return;
    (void)snprintf(owner, sizeof owner, "%u", (unsigned)shs_self());
    struct child *bringer = child_start("bringer", (const char *const[]){ commons_path(), owner, NULL });
    REQUIRE(bringer != NULL && child_receive(bringer, &word, sizeof word));
    atomic_store(&admits, 0);
    CHECK(child_send(bringer, &word, sizeof word));
    CHECK_NUMBER(0, (uint64_t)child_wait(bringer));
    end();
}

/* ---- what they are given ---- */

/* What holds no block any more, and is known, would do for others. */
static void they_are_given_no_more(void) {
    shs_handle handle = 0;
    if (!system_tells_users() || !begin(SHS_SERVE_APPLICATION)) return;
    struct child *ann = user_start_attached(ANN, ANN, EVERYBODY);
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(SHS_OK, shs_alloc("a", 1, child_pid(ann), &handle));
        CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(ann)));
    }
    atomic_store(&admits, 0);
    shs__context_open()->server->housekeeping = 0;
    CHECK_STATUS(SHS_OK, shs_dispatch());
    CHECK_STATUS(SHS_E_ACCESS, checked_alloc("b", 1, child_pid(ann), &handle));
    actor_end(ann);
    end();
}

static const struct test tests[] = {
    { "what they bring is let go", what_they_bring_is_let_go },
    { "they are given no more", they_are_given_no_more },
};

static const struct role roles[] = {
    { "bringer", bringer_role },
};

SUITE_WITH_ROLES("denials", tests, roles, LENGTH(roles))
