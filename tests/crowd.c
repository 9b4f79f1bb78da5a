/*
 * A crowd of processes that all call each other at once.
 *
 * Every actor is told what to do before anybody's answer is heard: so all of them ask and answer at the same time, in
 * rings and in pairs, as processes do that must not wait for each other for ever.
 */
#include "support/actor.h"
#include "support/suite.h"

#define CROWD 12
#define ROUNDS 30
#define SIZE 3000

static struct child *crowd[CROWD];

static void crowd_start(void) {
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i] = actor_start_attached();
    }
}

static void crowd_end(void) {
    for (size_t i = 0; i < CROWD; i++) {
        actor_end(crowd[i]);
    }
}

/* What actor i is told in this step; the one that it deals with is a step away. */
static struct child *partner(size_t i, size_t step) { return crowd[(i + 1 + step % (CROWD - 1)) % CROWD]; }

static void hear_all(struct actor_reply replies[CROWD]) {
    for (size_t i = 0; i < CROWD; i++) {
        replies[i] = actor_hear(crowd[i]);
        CHECK_STATUS(SHS_OK, (shs_status)replies[i].status);
    }
}

static void all_give(size_t step, shs_handle given[CROWD]) {
    struct actor_reply replies[CROWD];
    for (size_t i = 0; i < CROWD; i++) {
        actor_tell(crowd[i], (struct actor_request){ .command = ACTOR_ALLOC,
                                                     .number = (uint32_t)(i + step),
                                                     .size = SIZE * (i % 3) * 40 + SIZE,
                                                     .pid = child_pid(partner(i, step)) });
    }
    hear_all(replies);
    for (size_t i = 0; i < CROWD; i++) {
        given[i] = replies[i].handle;
    }
}

/* Actor i looks at what actor i + 1 gave to whomever: a third process mostly. */
static void all_lock(size_t step, const shs_handle given[CROWD], struct actor_reply locked[CROWD]) {
    for (size_t i = 0; i < CROWD; i++) {
        const size_t giver = (i + 1) % CROWD;
        actor_tell(crowd[i], (struct actor_request){ .command = ACTOR_LOCK,
                                                     .handle = given[giver],
                                                     .pid = child_pid(partner(giver, step)),
                                                     .access = SHS_READ });
    }
    hear_all(locked);
}

static void all_free(size_t step, const shs_handle given[CROWD]) {
    struct actor_reply replies[CROWD];
    for (size_t i = 0; i < CROWD; i++) {
        const size_t giver = (i + CROWD / 2) % CROWD;
        actor_tell(crowd[i], (struct actor_request){ .command = ACTOR_FREE,
                                                     .handle = given[giver],
                                                     .pid = child_pid(partner(giver, step)) });
    }
    hear_all(replies);
}

static void everybody_with_everybody(void) {
    crowd_start();
    for (size_t step = 0; step < ROUNDS; step++) {
        shs_handle given[CROWD];
        struct actor_reply locked[CROWD];
        all_give(step, given);
        all_lock(step, given, locked);
        all_free(step, given);
        for (size_t i = 0; i < CROWD; i++) {
            const size_t giver = (i + 1) % CROWD;
            CHECK(actor_matches(crowd[i], locked[i].view, (uint32_t)(giver + step), SIZE));
            CHECK_STATUS(SHS_OK, actor_unlock(crowd[i], locked[i].view));
        }
    }
    crowd_end();
}

/* One is asked by all the others, for blocks that it has to show to each. */
static void everybody_with_one(void) {
    crowd_start();
    const shs_pid owner = child_pid(crowd[0]);
    for (uint32_t step = 0; step < ROUNDS; step++) {
        shs_handle handle = 0;
        struct actor_reply locked[CROWD];
        CHECK_STATUS(SHS_OK, actor_alloc(crowd[step % CROWD], step, SIZE, owner, &handle));
        for (size_t i = 0; i < CROWD; i++) {
            actor_tell(crowd[i], (struct actor_request){ .command = ACTOR_LOCK, .handle = handle, .pid = owner });
        }
        hear_all(locked);
        CHECK_STATUS(SHS_OK, actor_free(crowd[(step + 5) % CROWD], handle, owner));
        for (size_t i = 0; i < CROWD; i++) {
            CHECK(actor_matches(crowd[i], locked[i].view, step, SIZE));
            CHECK_STATUS(SHS_OK, actor_unlock(crowd[i], locked[i].view));
        }
    }
    crowd_end();
}

static const struct test tests[] = {
    { "everybody with everybody", everybody_with_everybody },
    { "everybody with one", everybody_with_one },
};

SUITE("crowd", tests)
