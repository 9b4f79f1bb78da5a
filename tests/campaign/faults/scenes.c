/*
 * The scenes. See scenes.h.
 */
#include "scenes.h"

#define SMALL 100
#define MIDDLE 5000
#define LARGE 200000

#define OK SHS_OK
#define GONE SHS_E_NO_PROCESS

/* All begin by shs_start(). */
#define ALL_START \
    { OWNER, START }, { GIVER, START }, { THIRD, START }

static const struct step life[] = {
    ALL_START,
    { GIVER, ALLOC, 1, SMALL, OWNER },
    { THIRD, LOCK, 1 },
    { THIRD, VIEW_SIZE, 1 },
    { OWNER, LOCK, 1 },
    { GIVER, LOCK, 1 },
    { THIRD, UNLOCK, 1 },
    { OWNER, UNLOCK, 1 },
    { GIVER, UNLOCK, 1 },
    { THIRD, FREE, 1 },
    { GIVER, FILL, 2, LARGE, OWNER },
    { GIVER, UNLOCK, 2 },
    { THIRD, PROBE, 0, 0, OWNER },
    { THIRD, LOCK, 2 },
    { OWNER, FREE, 2 },
    { THIRD, UNLOCK, 2 },
    { GIVER, ALLOC, 3, LARGE, OWNER },
    { GIVER, FREE, 3 },
    { THIRD, STOP },
    { GIVER, STOP },
    { OWNER, STOP },
};

/* A call is what starts them; and they begin again after a stop. */
static const struct step births[] = {
    { OWNER, SELF },
    { GIVER, ALLOC, 1, SMALL, OWNER },
    { THIRD, LOCK, 1 },
    { THIRD, UNLOCK, 1 },
    { OWNER, STOP },
    { OWNER, LIST, 0, 0, OWNER },
    { GIVER, ALLOC, 2, MIDDLE, OWNER },
    { THIRD, LOCK, 2 },
    { THIRD, STOP },
    { THIRD, UNLOCK, 2 },
    { GIVER, STOP },
    { GIVER, PROBE, 0, 0, OWNER },
    { THIRD, LIST, 0, 0, OWNER },
    { THIRD, FREE, 2 },
};

/* Second handles, in each of the three directions. */
static const struct step maps[] = {
    ALL_START,
    { GIVER, ALLOC, 1, MIDDLE, OWNER },
    { THIRD, MAP, 1, 2, THIRD },
    { THIRD, LOCK, 2 },
    { GIVER, MAP, 1, 3, THIRD },
    { OWNER, MAP, 1, 4, OWNER },
    { THIRD, MAP, 1, 5, GIVER },
    { OWNER, LOCK, 5 },
    { OWNER, UNLOCK, 5 },
    { THIRD, UNLOCK, 2 },
    { OWNER, LIST, 0, 0, THIRD },
    { OWNER, FREE, 5 },
    { THIRD, FREE, 4 },
    { GIVER, FREE, 2 },
    { THIRD, FREE, 3 },
    { GIVER, FREE, 1 },
};

/* A child of the giver: born from a process that lives, with a view that it inherited. */
static const struct step forks[] = {
    ALL_START,
    { GIVER, FILL, 1, MIDDLE, OWNER },
    { GIVER, FORK },
    { CHILD, UNLOCK, 1 },
    { CHILD, ALLOC, 2, SMALL, OWNER },
    { CHILD, LOCK, 1 },
    { OWNER, MAP, 2, 3, CHILD },
    { CHILD, FREE, 3 },
    { CHILD, UNLOCK, 1 },
    { GIVER, ALLOC, 4, SMALL, CHILD },
    { CHILD, STOP },
    { GIVER, UNLOCK, 1 },
    { GIVER, FREE, 1 },
};

/* An owner that answers from its own loop, then by a thread. */
static const struct step loop[] = {
    { OWNER, START, 0, SHS_SERVE_APPLICATION },
    { GIVER, ALLOC, 1, MIDDLE, OWNER },
    { THIRD, LOCK, 1 },
    { OWNER, START, 0, SHS_SERVE_THREAD },
    { THIRD, UNLOCK, 1 },
    { THIRD, PROBE, 0, 0, OWNER },
    { OWNER, START, 0, SHS_SERVE_APPLICATION },
    { THIRD, FREE, 1 },
    { GIVER, ALLOC, 2, LARGE, OWNER },
    { OWNER, FREE, 2 },
};

/* Nothing is kept for later: each block is a segment that comes and goes. */
static const struct step sparing[] = {
    { OWNER, START, 0, START_SPARING },
    { GIVER, START, 0, START_SPARING },
    { THIRD, START, 0, START_SPARING },
    { OWNER, ALLOC, 1, MIDDLE, OWNER },
    { OWNER, FREE, 1 },
    { GIVER, ALLOC, 2, MIDDLE, OWNER },
    { THIRD, LOCK, 2 },
    { THIRD, FREE, 2 },
    { THIRD, UNLOCK, 2 },
    { GIVER, ALLOC, 3, SMALL, OWNER },
    { GIVER, FREE, 3 },
};

/* Who waits for one that has not attached, and for one that has. */
static const struct step waits[] = {
    { GIVER, START },
    { GIVER, WAIT, 0, 20, OWNER },
    { OWNER, START },
    { GIVER, WAIT, 0, 20, OWNER },
    { GIVER, ALLOC, 1, SMALL, OWNER },
};

/* An owner that ends, and views of what it owned. */
static const struct step deaths[] = {
    ALL_START,
    { GIVER, FILL, 1, MIDDLE, OWNER },
    { THIRD, LOCK, 1 },
    { OWNER, DIE },
    { THIRD, VIEW_SIZE, 1 },
    { GIVER, ALLOC, 2, SMALL, OWNER, GONE },
    { THIRD, LOCK, 1, 0, OWNER, GONE },
    { THIRD, UNLOCK, 1 },
    { GIVER, FREE, 1, 0, OWNER, GONE },
    { GIVER, UNLOCK, 1 },
    { GIVER, PROBE, 0, 0, OWNER, GONE },
    { THIRD, ALLOC, 3, MIDDLE, GIVER },
    { GIVER, FREE, 3 },
};

#define SCENE(name, steps, object) \
    { name, object, steps, sizeof steps / sizeof steps[0] }

const struct scene scenes[] = {
    SCENE("life", life, "memfd"),     SCENE("named", life, "shm_open"),   SCENE("births", births, "memfd"),
    SCENE("maps", maps, "memfd"),     SCENE("forks", forks, "memfd"),     SCENE("loop", loop, "memfd"),
    SCENE("deaths", deaths, "memfd"), SCENE("sparing", sparing, "memfd"), SCENE("waits", waits, "memfd"),
};

const uint32_t scene_count = sizeof scenes / sizeof scenes[0];
