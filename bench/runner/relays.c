/*
 * Blocks that several processes hand on. All ways of one pattern and size compete in one contest, as in cycles.c.
 *
 * A sample has at least so many blocks that most of them were begun and ended within it; a contest is shorter than one
 * of cycles, as there are more of them.
 */
#include "relays.h"

#include <stdio.h>

#include "cycles.h"

#define BATCH 10e6
#define FEWEST_BLOCKS 8
#define FEWEST_BYTES (16 * MIB)
#define MANY_BLOCKS 1000
#define QUICK_SECONDS 2.0
#define FULL_SECONDS 10.0
#define LETTERS_LARGEST 4096

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

struct entry {
    const char *program;
    const char *title;
    const char *pattern; /* NULL: the set's */
};

struct set {
    const char *title;
    const char *pattern;
    struct relay_sizes sizes;
    struct entry entries[RELAY_ENTRIES_MOST];
};

#define THREE_SIZES \
    { { 64, 4 * KIB, 64 * KIB, MIB, 8 * MIB }, 5 }
#define THREE_ENTRIES                                                                          \
    {                                                                                          \
        [RELAY_SHSHARED] = { "relay-shshared", "shshared", NULL },                             \
        [RELAY_KEPT] = { "relay-kept", "floor: four blocks kept for ever", NULL },             \
        [RELAY_POOL] = { "relay-pool", "pool of memfds, passed once", NULL },                  \
        [RELAY_MEMFD] = { "relay-memfd", "raw memfd per block", NULL },                        \
        [RELAY_BOOST] = { "relay-boost", "Boost managed segment", NULL }, [RELAY_PINGPONG] = { \
            "relay-pingpong",                                                                  \
            "floor: the letters alone",                                                        \
            NULL                                                                               \
        }                                                                                      \
    }

static const struct set sets[RELAY_SETS] = {
    [RELAYS_PIPELINE] = { "pipeline of three", "pipeline", THREE_SIZES, THREE_ENTRIES },
    [RELAYS_BROADCAST_2] = { "broadcast to 2", "broadcast-2", THREE_SIZES, THREE_ENTRIES },
    [RELAYS_BROADCAST_8] = { "broadcast to 8", "broadcast-8", THREE_SIZES, THREE_ENTRIES },
    [RELAYS_FILL] = { "stream to one",
                      "stream",
                      { { 64, 4 * KIB, 64 * KIB, MIB, 16 * MIB }, 5 },
                      { { "relay-shshared", "shs_alloc_locked, fill, unlock", NULL },
                        { "relay-zeroed", "shs_alloc(NULL), lock, fill, unlock", NULL },
                        { "relay-copied", "fill a buffer, shs_alloc with a copy", NULL },
                        { "relay-kept", "floor: four blocks kept for ever", NULL } } },
    [RELAYS_OWNER] = { "who owns",
                       NULL,
                       { { 8 * MIB }, 1 },
                       { { "relay-shshared", "stream: taker owns, taker frees", "stream" },
                         { "relay-shshared", "stream: giver owns, taker frees", "stream-fetched" },
                         { "relay-shshared", "stream: giver owns, giver frees", "stream-lent" },
                         { "relay-shshared", "pipeline: last owns and frees", "pipeline" },
                         { "relay-shshared", "pipeline: first owns and frees", "pipeline-lent" },
                         { "relay-shshared", "broadcast to 2: giver owns and frees", "broadcast-2" } } }
};

static size_t enter(const struct set *set, size_t size, struct contestant *all) {
    size_t count = 0;
    for (; count < RELAY_ENTRIES_MOST && set->entries[count].program != NULL; count++) {
        const struct entry *entry = &set->entries[count];
        if (count == RELAY_PINGPONG && set->pattern != NULL && size > LETTERS_LARGEST) break;
        all[count] = (struct contestant){ .program = entry->program,
                                          .argument = entry->pattern != NULL ? entry->pattern : set->pattern };
    }
    return count;
}

/* A batch must not be short because the machine was slow when it was chosen. */
static uint64_t fewest_blocks(size_t size) {
    const uint64_t more = FEWEST_BYTES / size;
    return FEWEST_BLOCKS + (more < MANY_BLOCKS ? more : MANY_BLOCKS);
}

static void measure_size(const struct settings *settings, const struct set *set, size_t size, struct contestant *all) {
    char text[SIZE_TEXT];
    char title[96];
    snprintf(title, sizeof title, "%s, %s", set->title, cycles_size_text(size, text));
    const struct contest contest = {
        .title = title, .size = size, .core = settings->core, .batch = BATCH, .fewest = fewest_blocks(size), .tails = 1
    };
    contest_steady(settings, &contest, all, enter(set, size, all));
}

void relays_measure(const struct settings *settings, struct relays *relays) {
    struct settings shorter = *settings;
    shorter.seconds = settings->quick ? QUICK_SECONDS : FULL_SECONDS;
    for (enum relay_set set = 0; set < RELAY_SETS; set++)
        for (size_t i = 0; i < sets[set].sizes.count; i++)
            measure_size(&shorter, &sets[set], sets[set].sizes.sizes[i], relays->results[set][i]);
}

const char *relays_title(enum relay_set set) { return sets[set].title; }

const struct relay_sizes *relays_sizes(enum relay_set set) { return &sets[set].sizes; }

const char *relays_entry_title(enum relay_set set, size_t entry) {
    return entry < RELAY_ENTRIES_MOST ? sets[set].entries[entry].title : NULL;
}

const struct contestant *relays_find(const struct relays *relays, enum relay_set set, size_t size, size_t entry) {
    static const struct contestant none;
    for (size_t i = 0; i < sets[set].sizes.count; i++)
        if (sets[set].sizes.sizes[i] == size) return &relays->results[set][i][entry];
    return &none;
}
