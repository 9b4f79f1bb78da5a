/*
 * The campaign of sequences: three processes give, map, look at and free blocks in any order, are stopped and killed,
 * beside a model of what the header promises. One call is under way at a time, so each status, size and byte is known
 * beforehand; how calls meet is the matter of the campaign of stress.
 *
 * The quick mode lasts 20 s. The seed determines everything. Now and then all is given back, and each process must own
 * what it owned at its beginning.
 */
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../campaign.h"
#include "model.h"
#include "player.h"

#define SMALL 3000
#define LARGE (1 << 18)
#define EPOCH 2000 /* moves from one settling to the next */

static struct campaign campaign;
static struct player players[PLACES];
static uint64_t random_state, moves;
static const char *name = "";
static bool failed;

/* ---- moves ---- */

/* What stays as it was is said with the seed: the same moves lead there again. */
static void must(bool condition, const char *what) {
    if (condition || failed) return;
    campaign_failed(&campaign, "%s, move %" PRIu64 " (%s): --seed %" PRIu64 " --count %" PRIu64, what, moves, name,
                    campaign.seed, moves);
    failed = true;
}

static struct outcome play(uint32_t place, struct order order, shs_status expected) {
    struct outcome outcome = { .status = SHS_E_SYSTEM };
    must(player_play(&players[place], &order, &outcome), "a process ended");
    if (outcome.status == (int32_t)expected) {
        must(outcome.matches != 0, "wrong bytes, size or outputs");
    } else if (!failed) {
        printf("sequences: expected %s, got %s\n", shs_status_name(expected),
               shs_status_name((shs_status)outcome.status));
        must(false, "wrong status");
    }
    return outcome;
}

static uint32_t below(uint32_t limit) { return random_below(&random_state, limit); }

static uint32_t some_place(void) { return below(PLACES); }

static shs_access some_access(void) { return below(2) == 0 ? SHS_READ : SHS_READ_WRITE; }

/* One that was made at some time; NULL where there is none there. */
static struct known_handle *some_handle(void) {
    struct known_handle *handle = &handles[below(HANDLES)];
    return handle->handle == 0 ? NULL : handle;
}

static struct known_view *some_view(void) {
    struct known_view *view = &views[below(VIEWS)];
    return view->bytes == NULL ? NULL : view;
}

static void alloc(void) {
    const uint32_t place = some_place(), owner = some_place();
    struct bytes *bytes = model_unused_bytes();
    struct known_handle *at = model_unused_handle(&random_state);
    struct known_view *seen = model_unused_view();
    if (bytes == NULL || at == NULL || seen == NULL) return;
    *bytes = (struct bytes){ .seed = 1 + below(1000), .size = below(10) == 0 ? below(LARGE) : below(SMALL) };
    const struct order order = {
        .move = MOVE_ALLOC + below(3), .pid = players[owner].pid, .seed = bytes->seed, .size = bytes->size
    };
    const struct outcome made = play(place, order, SHS_OK);
    if (failed) return;
    must(model_add_handle(at, (struct known_handle){ made.handle, order.pid, owner, bytes, true, SHS_OK }),
         "a handle that cannot be");
    if (order.move != MOVE_ALLOC_LOCKED) return;
    must(model_add_view(seen, (struct known_view){ made.view, place, bytes, true }), "a view that cannot be");
}

static void lock(void) {
    const uint32_t place = some_place();
    const struct known_handle *handle = some_handle();
    const shs_access access = some_access();
    struct known_view *seen = model_unused_view();
    if (handle == NULL || seen == NULL) return;
    struct order order = {
        .move = MOVE_LOCK, .handle = handle->handle, .pid = handle->owner, .access = (uint32_t)access
    };
    if (handle->bytes != NULL) order.seed = handle->bytes->seed, order.size = handle->bytes->size;
    const shs_status expected = model_status(handle, access);
    const struct outcome locked = play(place, order, expected);
    if (failed || expected != SHS_OK) return;
    must(model_add_view(seen, (struct known_view){ locked.view, place, handle->bytes, access == SHS_READ_WRITE }),
         "a view that cannot be");
}

static void unlock(void) {
    struct known_view *view = some_view();
    if (view == NULL) return;
    (void)play(view->place, (struct order){ .move = MOVE_UNLOCK, .view = view->address + 1 }, SHS_E_VIEW);
    (void)play(view->place, (struct order){ .move = MOVE_UNLOCK, .view = view->address }, SHS_OK);
    model_unlock(view);
}

/* What one writes all see. */
static void write_bytes(void) {
    const struct known_view *view = some_view();
    if (view == NULL || !view->writable) return;
    view->bytes->seed = 1 + below(1000);
    (void)play(view->place,
               (struct order){
                   .move = MOVE_WRITE, .view = view->address, .seed = view->bytes->seed, .size = view->bytes->size },
               SHS_OK);
}

static void match_bytes(void) {
    const struct known_view *view = some_view();
    if (view == NULL) return;
    (void)play(view->place,
               (struct order){
                   .move = MOVE_MATCH, .view = view->address, .seed = view->bytes->seed, .size = view->bytes->size },
               SHS_OK);
}

static void free_block(void) {
    struct known_handle *handle = some_handle();
    if (handle == NULL) return;
    const struct order order = { .move = MOVE_FREE, .handle = handle->handle, .pid = handle->owner };
    (void)play(some_place(), order, model_status(handle, SHS_READ));
    if (handle->bytes != NULL) model_free(handle);
}

static void map(void) {
    const uint32_t to = some_place();
    const struct known_handle *handle = some_handle();
    const shs_access access = some_access();
    struct known_handle *at = model_unused_handle(&random_state);
    if (handle == NULL || at == NULL || at == handle) return;
    const struct order order = { .move = MOVE_MAP,
                                 .handle = handle->handle,
                                 .pid = handle->owner,
                                 .to = players[to].pid,
                                 .access = (uint32_t)access };
    const shs_status expected = model_status(handle, access);
    const struct outcome made = play(some_place(), order, expected);
    if (failed || expected != SHS_OK) return;
    const struct known_handle mapped = { made.handle, order.to, to, handle->bytes, access == SHS_READ_WRITE, SHS_OK };
    must(model_add_handle(at, mapped), "a handle that cannot be");
}

static void list(void) {
    const uint32_t owner = some_place();
    const struct order order = { .move = MOVE_LIST, .pid = players[owner].pid };
    const struct outcome listed = play(some_place(), order, SHS_OK);
    must(listed.size == model_count(owner), "a list of another length");
}

static void stop(void) {
    const uint32_t place = some_place();
    if (below(20) != 0) return;
    (void)play(place, (struct order){ .move = MOVE_STOP }, SHS_OK);
    model_stop(place);
}

static void kill_one(void) {
    const uint32_t place = some_place();
    if (below(20) != 0) return;
    player_kill(&players[place]);
    model_kill(place);
    must(player_begin(&players[place]), "no process to be had");
}

static void move(void) {
    static const struct {
        const char *name;
        void (*play)(void);
    } all[] = { { "alloc", alloc },       { "lock", lock },       { "unlock", unlock }, { "write", write_bytes },
                { "match", match_bytes }, { "free", free_block }, { "map", map },       { "list", list },
                { "stop", stop },         { "kill", kill_one } };
    const uint32_t chosen = below(sizeof all / sizeof all[0]);
    name = all[chosen].name;
    moves++;
    all[chosen].play();
    if (!failed) campaign_passed();
}

/* ---- epochs ---- */

static void settle(void) {
    name = "settle";
    for (int i = 0; i < VIEWS; i++) {
        if (views[i].bytes == NULL) continue;
        (void)play(views[i].place, (struct order){ .move = MOVE_UNLOCK, .view = views[i].address }, SHS_OK);
        model_unlock(&views[i]);
    }
    for (uint32_t place = 0; place < PLACES; place++) {
        (void)play(place, (struct order){ .move = MOVE_STOP }, SHS_OK);
        model_stop(place);
    }
    for (uint32_t place = 0; place < PLACES; place++)
        (void)play(place, (struct order){ .move = MOVE_SETTLE }, SHS_OK);
}

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *where) {
    (void)about, (void)type, (void)where;
    return remove(path);
}

int main(int argc, char **argv) {
    char folder[] = "/tmp/shs-sequences-XXXXXX";
    campaign = campaign_begin("sequences", 20, argc, argv);
    random_state = campaign.seed;
    if (mkdtemp(folder) == NULL || setenv("SHSHARED_RUNTIME_DIR", folder, 1) != 0) return EXIT_FAILURE;
    for (int i = 0; i < PLACES; i++)
        must(player_begin(&players[i]), "no process to be had");
    while (!failed && campaign_goes_on(&campaign)) {
        move();
        if (moves % EPOCH == 0) settle();
    }
    if (!failed) settle();
    for (int i = 0; i < PLACES; i++)
        player_kill(&players[i]);
    (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return campaign_end(&campaign);
}
