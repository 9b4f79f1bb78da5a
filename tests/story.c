/*
 * A long random story of several processes, told beside a model that knows what must come of every step.
 *
 * Anybody gives to anybody, locks, writes, unlocks, frees and maps; now and then a process is killed and another takes
 * its place. The model is a table of blocks, handles and views. The story is the same in every run, but for the pids.
 */
#include "support/actor.h"
#include "support/pattern.h"
#include "support/suite.h"
#include "support/system.h"

#define STEPS 6000
#define CAST 4
#define MAX_BLOCKS 4096
#define MAX_HANDLES 256
#define MAX_VIEWS 128

static uint32_t random_state;

static uint32_t random_below(uint32_t limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % limit;
}

/* ---- the model ---- */

struct block {
    uint32_t pattern;
    size_t size;
};

struct known_handle {
    bool live;
    shs_handle handle;
    shs_pid owner;
    bool writable;
    size_t block;
};

struct known_view {
    bool live;
    size_t who; /* of the cast */
    uint64_t address;
    bool writable;
    size_t block;
};

static struct child *cast[CAST];
static struct block blocks[MAX_BLOCKS];
static size_t block_count;
static bool keeps_handles_apart;
static struct known_handle handles[MAX_HANDLES];
static struct known_view views[MAX_VIEWS];

static struct known_handle *free_handle(void) {
    for (size_t i = 0; i < MAX_HANDLES; i++) {
        if (!handles[i].live) return &handles[i];
    }
    return NULL;
}

/* A handle that was freed is none where its number may mean another block by now. */
static bool is_none(const struct known_handle *known) {
    return known->handle == 0 || (!known->live && !keeps_handles_apart);
}

static struct known_view *free_view(void) {
    for (size_t i = 0; i < MAX_VIEWS; i++) {
        if (!views[i].live) return &views[i];
    }
    return NULL;
}

static struct known_handle *any_handle(void) { return &handles[random_below(MAX_HANDLES)]; }

static struct known_view *any_view(void) { return &views[random_below(MAX_VIEWS)]; }

static struct child *anybody(void) { return cast[random_below(CAST)]; }

static size_t any_size(void) {
    static const size_t limits[] = { 1, 65, 1000, 5000, 70000, 300000 };
    return random_below((uint32_t)limits[random_below(LENGTH(limits))]);
}

/* ---- the steps ---- */

static void give(void) {
    struct known_handle *place = free_handle();
    struct child *giver = anybody();
    struct child *owner = anybody();
    if (place == NULL || block_count == MAX_BLOCKS) return;
    struct block *block = &blocks[block_count];
    *block = (struct block){ .pattern = random_below(5) == 0 ? 0 : random_state, .size = any_size() };
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(giver, block->pattern, block->size, child_pid(owner), &handle));
    *place = (struct known_handle){ true, handle, child_pid(owner), true, block_count++ };
}

static void lock(void) {
    struct known_handle *known = any_handle();
    struct known_view *place = free_view();
    const size_t who = random_below(CAST);
    const shs_access access = random_below(2) == 0 ? SHS_READ : SHS_READ_WRITE;
    if (place == NULL || is_none(known)) return;
    uint64_t view = 0;
    const shs_status status = actor_lock(cast[who], known->handle, known->owner, access, &view);
    if (!known->live) {
        CHECK(status == SHS_E_HANDLE || status == SHS_E_NO_PROCESS);
    } else if (access == SHS_READ_WRITE && !known->writable) {
        CHECK_STATUS(SHS_E_READ_ONLY, status);
    } else if (CHECK_STATUS(SHS_OK, status)) {
        *place = (struct known_view){ true, who, view, access == SHS_READ_WRITE, known->block };
    }
}

static void look(void) {
    const struct known_view *view = any_view();
    if (!view->live) return;
    const struct block *block = &blocks[view->block];
    const struct actor_request size = { .command = ACTOR_VIEW_SIZE, .view = view->address };
    CHECK(actor_matches(cast[view->who], view->address, block->pattern, block->size));
    CHECK_NUMBER(block->size, actor_ask(cast[view->who], size).size);
}

static void overwrite(void) {
    const struct known_view *view = any_view();
    if (!view->live || !view->writable) return;
    struct block *block = &blocks[view->block];
    block->pattern = random_below(UINT32_MAX);
    actor_write(cast[view->who], view->address, block->pattern, block->size);
}

static void unlock(void) {
    struct known_view *view = any_view();
    if (!view->live) return;
    CHECK_STATUS(SHS_OK, actor_unlock(cast[view->who], view->address));
    view->live = false;
}

static void free_one(void) {
    struct known_handle *known = any_handle();
    if (is_none(known)) return;
    const shs_status status = actor_free(anybody(), known->handle, known->owner);
    if (known->live)
        CHECK_STATUS(SHS_OK, status);
    else
        CHECK(status == SHS_E_HANDLE || status == SHS_E_NO_PROCESS);
    known->live = false;
}

static void map(void) {
    const struct known_handle *known = any_handle();
    struct known_handle *place = free_handle();
    struct child *to = anybody();
    const shs_access access = random_below(2) == 0 ? SHS_READ : SHS_READ_WRITE;
    if (place == NULL || known == place || !known->live) return;
    shs_handle handle = 0;
    const shs_status status = actor_map_handle(anybody(), known->handle, known->owner, child_pid(to), access, &handle);
    if (access == SHS_READ_WRITE && !known->writable)
        CHECK_STATUS(SHS_E_READ_ONLY, status);
    else if (CHECK_STATUS(SHS_OK, status))
        *place = (struct known_handle){ true, handle, child_pid(to), access == SHS_READ_WRITE, known->block };
}

static void list(void) {
    size_t live = 0;
    const shs_pid owner = child_pid(anybody());
    for (size_t i = 0; i < MAX_HANDLES; i++) {
        live += handles[i].live && handles[i].owner == owner;
    }
    const struct actor_reply reply =
        actor_ask(anybody(), (struct actor_request){ .command = ACTOR_LIST, .pid = owner });
    CHECK_STATUS(SHS_OK, (shs_status)reply.status);
    CHECK_NUMBER(live, reply.size);
}

static void die(void) {
    const size_t who = random_below(CAST);
    const shs_pid pid = child_pid(cast[who]);
    if (random_below(20) != 0) return;
    actor_kill(cast[who]);
    cast[who] = actor_start_attached();
    for (size_t i = 0; i < MAX_HANDLES; i++) {
        if (handles[i].owner == pid) handles[i].live = false;
    }
    for (size_t i = 0; i < MAX_VIEWS; i++) {
        if (views[i].who == who) views[i].live = false;
    }
}

/* Everybody gives back what they have; then each must own what it owned at its start. */
static void finish(void) {
    for (size_t i = 0; i < MAX_VIEWS; i++) {
        if (views[i].live) CHECK_STATUS(SHS_OK, actor_unlock(cast[views[i].who], views[i].address));
    }
    for (size_t i = 0; i < CAST; i++) {
        actor_end(cast[i]);
    }
}

static void play(uint32_t seed) {
    static void (*const steps[])(void) = { give,      give,   give,   lock,     lock,     lock, lock, look, look,
                                           overwrite, unlock, unlock, free_one, free_one, map,  list, die };
    random_state = seed;
    keeps_handles_apart = system_keeps_handles_apart();
    block_count = 0;
    for (size_t i = 0; i < MAX_HANDLES; i++) {
        handles[i] = (struct known_handle){ .handle = 0 };
    }
    for (size_t i = 0; i < MAX_VIEWS; i++) {
        views[i] = (struct known_view){ .live = false };
    }
    for (size_t i = 0; i < CAST; i++) {
        cast[i] = actor_start_attached();
    }
    for (size_t i = 0; i < STEPS; i++) {
        steps[random_below(LENGTH(steps))]();
    }
    finish();
}

static void first_story(void) { play(1); }

static void second_story(void) { play(4711); }

static void third_story(void) { play(0xC0FFEE); }

static const struct test tests[] = {
    { "one story", first_story },
    { "another story", second_story },
    { "a third story", third_story },
};

SUITE("story", tests)
