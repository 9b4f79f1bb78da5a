/*
 * The registry's rules: what is held is not unlinked, what is seen drains, walks skip what goes meanwhile, and numbers
 * come back with their generations.
 *
 * Each test stands where two threads would have to meet in an instant: it holds, walks or unlinks by itself, under the
 * context's lock as the library does.
 */
#include "posix/state/registry.h"

#include "posix/state/context.h"
#include "posix/state/trim.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/leaks.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

#define SEGMENTS 5
#define THREADS_MOST 40
#define ROUNDS 40 /* of housekeeping, after which what is not used is given back */

/* A block with a segment of its own, and the segment. */
struct place {
    shs_handle handle;
    struct segment *segment;
};

static struct context *context;

static void begin(void) {
    start_without_thread();
    context = shs__context_open();
}

static struct segment *segment_of(shs_handle handle) {
    context_lock(context);
    struct segment *segment = handle_table_find(&context->own, handle_index(handle));
    context_unlock(context);
    REQUIRE(segment != NULL);
    return segment;
}

static struct place place_new(uint32_t pattern) {
    const shs_handle handle = block_new(pattern, MIB, shs_self());
    return (struct place){ handle, segment_of(handle) };
}

static size_t places;

static void count_place(struct segment *segment) { places += segment != NULL; }

/* Pages by which segments are found. */
static size_t count_places(void) {
    places = 0;
    shs__address_map_each(&context->addresses, count_place);
    return places;
}

static void unlink_now(struct segment *segment) {
    context_lock(context);
    shs__registry_unlink(context, segment);
    context_unlock(context);
    context_reclaim(context);
}

/* ---- holds ---- */

static void what_is_held_is_unlinked_by_the_last_hold(void) {
    begin();
    const size_t before = count_places();
    const struct place place = place_new(1);
    context_lock(context);
    place.segment->holds = 2;
    context_unlock(context);
    unlink_now(place.segment);
    CHECK(block_holds(place.handle, shs_self(), 1, MIB));
    for (int holds = 1; holds >= 0; holds--) {
        context_lock(context);
        shs__registry_end_hold(context, place.segment);
        context_unlock(context);
        context_reclaim(context);
        CHECK_STATUS(holds > 0 ? SHS_OK : SHS_E_HANDLE, block_status(place.handle, shs_self()));
    }
    CHECK_NUMBER(before, count_places());
}

static void trim_all(void) {
    for (int i = 0; i < ROUNDS; i++)
        shs__trim_periodic(context);
    shs__trim(context);
    shs__trim_unused(context);
}

/* Nobody gives back what a thread is just working on, however much it is wanted. */
static void check_held(const struct place *place) {
    const uint32_t index = handle_index(place->handle);
    context_lock(context);
    place->segment->holds = 1;
    context->options.retain = 0;
    context_unlock(context);
    CHECK_STATUS(SHS_OK, shs_free(place->handle, shs_self()));
    const uint32_t word = atomic_load(&place->segment->words[0]);
    trim_all();
    context_lock(context);
    CHECK(handle_table_find(&context->own, index) == place->segment);
    CHECK(!place->segment->unlink_pending);
    CHECK_NUMBER(word, atomic_load(&place->segment->words[0]));
    shs__registry_end_hold(context, place->segment);
    context_unlock(context);
    trim_all();
    CHECK(handle_table_find(&context->own, index) == NULL);
}

static void what_is_held_is_not_trimmed(void) {
    begin();
    const struct place made = place_new(1);
    struct place mapped = { 0 };
    REQUIRE_STATUS(SHS_OK, shs_map_handle(made.handle, shs_self(), shs_self(), SHS_READ_WRITE, &mapped.handle));
    mapped.segment = segment_of(mapped.handle);
    check_held(&mapped);
    check_held(&made);
    CHECK_NUMBER(0, count_places());
}

/* ---- what is used up ---- */

static bool is_registered(shs_handle handle, const struct segment *segment) {
    context_lock(context);
    const bool registered = handle_table_find(&context->own, handle_index(handle)) == segment;
    context_unlock(context);
    return registered;
}

/* It has one block and never another. */
static void what_was_mapped_goes_when_it_is_freed(void) {
    shs_handle mapped = 0;
    begin();
    const struct place made = place_new(1);
    REQUIRE_STATUS(SHS_OK, shs_map_handle(made.handle, shs_self(), shs_self(), SHS_READ_WRITE, &mapped));
    const struct segment *segment = segment_of(mapped);
    shs__trim_periodic(context);
    CHECK(is_registered(mapped, segment));
    CHECK_STATUS(SHS_OK, shs_free(mapped, shs_self()));
    shs__trim_periodic(context);
    CHECK(!is_registered(mapped, segment));
    CHECK(block_holds(made.handle, shs_self(), 1, MIB));
    CHECK_STATUS(SHS_OK, shs_free(made.handle, shs_self()));
    shs__trim_periodic(context); /* its slot was retired when it was mapped */
    CHECK(!is_registered(made.handle, made.segment));
}

/* Its slot is retired, as its block was mapped: the owner need not hear that from the giver. */
static void what_is_used_up_goes_without_its_giver(void) {
    shs_handle given = 0, mapped = 0;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    context = shs__context_open();
    struct child *giver = actor_start_attached();
    REQUIRE_STATUS(SHS_OK, actor_alloc(giver, 1, MIB, shs_self(), &given));
    const struct segment *segment = segment_of(given);
    REQUIRE_STATUS(SHS_OK, shs_map_handle(given, shs_self(), shs_self(), SHS_READ_WRITE, &mapped));
    CHECK_STATUS(SHS_OK, shs_free(given, shs_self()));
    shs__trim_periodic(context);
    CHECK(!is_registered(given, segment));
    CHECK(block_holds(mapped, shs_self(), 1, MIB));
    actor_end(giver);
}

/* Without a block it looks unused: but its giver may make the next one there at any moment. */
static void what_its_giver_may_use_stays(void) {
    shs_handle given = 0, next = 0;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    context = shs__context_open();
    struct child *giver = actor_start_attached();
    REQUIRE_STATUS(SHS_OK, actor_alloc(giver, 1, MIB, shs_self(), &given));
    CHECK_STATUS(SHS_OK, shs_free(given, shs_self()));
    for (int i = 0; i < ROUNDS; i++)
        shs__trim_periodic(context);
    REQUIRE_STATUS(SHS_OK, actor_alloc(giver, 2, MIB, shs_self(), &next));
    CHECK(block_holds(next, shs_self(), 2, MIB));
    CHECK_STATUS(SHS_OK, shs_free(next, shs_self()));
    actor_end(giver);
}

/* ---- views ---- */

/* A segment with a view is kept for it alone; each goes with its own last view, at once. */
static void each_drains_for_itself(void) {
    void *views[SEGMENTS];
    begin();
    const size_t before = count_places();
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        const struct place place = place_new(i);
        views[i] = block_lock(place.handle, shs_self(), SHS_READ_WRITE);
        CHECK_STATUS(SHS_OK, shs_free(place.handle, shs_self()));
    }
    shs__trim_unused(context);
    CHECK_NUMBER(before + SEGMENTS, count_places());
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        for (uint32_t j = i; j < SEGMENTS; j++)
            CHECK(pattern_matches(views[j], MIB, j));
        CHECK_STATUS(SHS_OK, shs_unlock(views[i]));
        CHECK_NUMBER(before + SEGMENTS - 1 - i, count_places());
        CHECK_STATUS(SHS_E_VIEW, shs_unlock(views[i]));
    }
}

/* ---- walks ---- */

struct visits {
    struct place places[SEGMENTS];
    unsigned seen[SEGMENTS];
    size_t most; /* visits that are wanted */
    size_t count;
    void (*at_second)(void);
};

static bool note_visit(struct context *visited, struct segment *segment, void *argument) {
    struct visits *noted = argument;
    (void)visited;
    for (size_t i = 0; i < SEGMENTS; i++)
        noted->seen[i] += segment == noted->places[i].segment;
    if (++noted->count == 2 && noted->at_second != NULL) noted->at_second();
    return noted->count < noted->most;
}

static struct visits visits;

static void walk(size_t most, void (*at_second)(void)) {
    visits = (struct visits){ .most = most, .at_second = at_second };
    begin();
    for (uint32_t i = 0; i < SEGMENTS; i++)
        visits.places[i] = place_new(i);
    shs__registry_each(context, note_visit, &visits);
}

static void a_walk_visits_each_until_it_is_enough(void) {
    walk(SEGMENTS + 1, NULL);
    CHECK_NUMBER(SEGMENTS, visits.count);
    for (size_t i = 0; i < SEGMENTS; i++)
        CHECK_NUMBER(1, visits.seen[i]);
    stop_all();
    walk(3, NULL);
    CHECK_NUMBER(3, visits.count);
    for (size_t i = 0; i < SEGMENTS; i++)
        CHECK_NUMBER(i < 3, visits.seen[i]);
}

/* Those before, where it stands, and next; as another thread does that has the lock between two visits. */
static void unlink_three(void) {
    for (size_t i = 0; i < 3; i++)
        shs__registry_unlink(context, visits.places[i].segment);
}

static void a_walk_skips_what_goes_meanwhile(void) {
    walk(SEGMENTS + 1, unlink_three);
    for (size_t i = 0; i < SEGMENTS; i++)
        CHECK_NUMBER(i != 2, visits.seen[i]);
}

static void replace_the_last(void) {
    shs__registry_unlink(context, visits.places[SEGMENTS - 1].segment);
    context_unlock(context);
    (void)place_new(SEGMENTS);
    context_lock(context);
}

/* However many come. */
static void a_walk_ends_where_it_would_have(void) {
    walk(SEGMENTS + 1, replace_the_last);
    CHECK_NUMBER(SEGMENTS - 1, visits.count);
}

/* Another walk, which stands at the second place until the first is over. */
struct other {
    struct parallel *thread;
    atomic_bool stands, go_on;
    unsigned seen[SEGMENTS];
};

static struct other other;

static bool stand(struct context *visited, struct segment *segment, void *argument) {
    (void)argument;
    for (size_t i = 0; i < SEGMENTS; i++)
        other.seen[i] += segment == visits.places[i].segment;
    if (segment != visits.places[1].segment) return true;
    context_unlock(visited);
    atomic_store(&other.stands, true);
    while (!atomic_load(&other.go_on))
        parallel_pause();
    context_lock(visited);
    return true;
}

static void walk_too(void *unused) {
    (void)unused;
    shs__registry_each(context, stand, NULL);
}

static void begin_another(void) {
    other = (struct other){ 0 };
    context_unlock(context);
    other.thread = parallel_start(walk_too, NULL);
    while (!atomic_load(&other.stands))
        parallel_pause();
    context_lock(context);
}

static void a_walk_that_ends_leaves_the_others(void) {
    walk(2, begin_another);
    unlink_now(visits.places[2].segment);
    atomic_store(&other.go_on, true);
    parallel_join(other.thread);
    for (size_t i = 0; i < SEGMENTS; i++)
        CHECK_NUMBER(i != 2, other.seen[i]);
}

/* ---- numbers ---- */

/* The number comes again, its handle does not. */
static void a_number_goes_on_with_its_generation(void) {
    begin();
    shs_handle before = 0;
    for (int i = 0; i < 10; i++) {
        const shs_handle handle = block_new(1, MIB, shs_self());
        if (i > 0) {
            CHECK_NUMBER(handle_index(before), handle_index(handle));
            CHECK_NUMBER(slot_next_generation(handle_generation(before) << SLOT_GENERATION_SHIFT) & GENERATION_MASK,
                         handle_generation(handle));
            CHECK_STATUS(SHS_E_HANDLE, block_status(before, shs_self()));
        }
        CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
        shs__trim_unused(context);
        CHECK(atomic_load(handle_table_branch(&context->own, handle_index(handle))) == NULL);
        context_lock(context);
        context->numbers.cursor = handle_index(handle); /* as if all others had had their turn */
        context_unlock(context);
        before = handle;
    }
}

/* ---- leases ---- */

static void allocate_and_free(void *unused) {
    (void)unused;
    shs_handle handle = 0;
    if (shs_alloc(NULL, 100, shs_self(), &handle) == SHS_OK) (void)shs_free(handle, shs_self());
}

/* What a thread had on lease is the next one's. */
static void threads_leave_what_they_had(void) {
    struct leaks one, many;
    begin();
    parallel_run(1, allocate_and_free, NULL);
    leaks_measure(&one);
    for (int i = 0; i < THREADS_MOST; i++)
        parallel_run(1, allocate_and_free, NULL);
    leaks_measure(&many);
    CHECK_NUMBER(one.mappings, many.mappings);
}

/* It was freed, and is among those that are kept; then it has a block again. */
static void what_is_used_again_stays(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    begin();
    const struct place first = place_new(1);
    CHECK_STATUS(SHS_OK, shs_free(first.handle, shs_self()));
    const struct place again = place_new(2);
    REQUIRE(again.segment == first.segment);
    options.retain = SHS_RETAIN_NOTHING;
    CHECK_STATUS(SHS_OK, shs_start(&options)); /* which trims */
    CHECK(segment_of(again.handle) == again.segment && !again.segment->retired);
    CHECK(block_holds(again.handle, shs_self(), 2, MIB));
    CHECK_STATUS(SHS_OK, shs_free(again.handle, shs_self()));
    shs_stop();
}

static const struct test tests[] = {
    { "what is held is unlinked by the last hold", what_is_held_is_unlinked_by_the_last_hold },
    { "what is held is not trimmed", what_is_held_is_not_trimmed },
    { "what was mapped goes when it is freed", what_was_mapped_goes_when_it_is_freed },
    { "what is used up goes without its giver", what_is_used_up_goes_without_its_giver },
    { "what is used again stays", what_is_used_again_stays },
    { "what its giver may use stays", what_its_giver_may_use_stays },
    { "each segment drains for itself", each_drains_for_itself },
    { "a walk visits each, until it is enough", a_walk_visits_each_until_it_is_enough },
    { "a walk skips what goes meanwhile", a_walk_skips_what_goes_meanwhile },
    { "a walk ends where it would have", a_walk_ends_where_it_would_have },
    { "a walk that ends leaves the others", a_walk_that_ends_leaves_the_others },
    { "a number goes on with its generation", a_number_goes_on_with_its_generation },
    { "threads leave what they had on lease", threads_leave_what_they_had },
};

SUITE("registry", tests)
