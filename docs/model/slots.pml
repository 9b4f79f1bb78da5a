/*
 * One segment, three processes: the state words of src/posix/block/slot.h, and when the owner may give the segment's
 * handle numbers to another segment.
 *
 * A is the giver, O the owner (its threads, and its server), T a third process; the segment has two slots. Each process
 * takes a few steps of its choice: alloc, or lock + look + unlock, or free, with a handle that is right, stale, or not
 * valid yet. Each may be killed before every access to shared memory, and A's connection to O may end at any time while
 * both live on. Every atomic block holds one such access, and what it does is named after the C function.
 *
 * O retires the segment whenever it likes, and waits for nobody: A may be anywhere between its look at a word and its
 * compare-and-swap.
 *
 * Claimed: no block is written while anybody has a view of the slot; a lock shows the block that its handle names, with
 * its size; a handle is freed once; no block lives in numbers that were given back; when all is quiet, no presence bit
 * is left, and the numbers of a retired segment without a block have come back.
 *
 * -DSCRIBBLE: somebody writes rubbish into words and sizes. Then only this is claimed: every step ends, and no view
 * exceeds its slot. -DALLOC_LOCKED: A may have a view of a block from the start. -DTHIRD_PRESENT: T's presence bit is
 * cleared, too; without it, it stays for ever. -DEXPORTS: map_handle retires the slot of a block. -DMUT_...: README.md.
 */
#ifndef STEPS_A
#define STEPS_A 3
#define STEPS_O 2
#define STEPS_T 2
#endif

#define SLOTS 2
#define HANDLES 2 /* a handle is a generation here: where it leads is the matter of handle_numbers.pml */
#define TRIES 2   /* SLOT_TRIES */
#define STRIDE 7

#define A 0
#define O 1
#define T 2

/* The word: presence bits, LIVE, RETIRED, generation. */
#define PRESENT_THIRD 4
#define PRESENCE 7
#define LIVE 8
#define RETIRED 16
#define GENERATION 32

#define bit_of(process) (1 << (process)) /* SLOT_PRESENT_GIVER, SLOT_PRESENT_OWNER, PRESENT_THIRD */
#define generation_of(w) ((w) / GENERATION)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_next(w) ((generation_of(w) + 1) * GENERATION | LIVE)

#ifdef MUT_IGNORE_PRESENCE
#define slot_is_vacant(w) (!((w) & (LIVE | RETIRED)))
#else
#define slot_is_vacant(w) (!((w) & (LIVE | RETIRED | PRESENCE)))
#endif

#ifdef MUT_END_IS_DEATH
#define THIRD_PRESENT
#endif

#ifdef THIRD_PRESENT
#define cleared_by(process) bit_of(process)
#else
#define cleared_by(process) ((process) == T -> 0 : bit_of(process))
#endif
#ifdef MUT_THIRD_LEAVES_NO_TRACE
#define set_by(process) ((process) == T -> 0 : bit_of(process))
#else
#define set_by(process) bit_of(process)
#endif

#ifdef SCRIBBLE
#define claim(what) skip
#else
#define claim(what) assert(what)
#endif

byte word[SLOTS];
byte content[SLOTS]; /* of a slot, and its size: the generation of the block that was written there */
bool dead[3];

/* Ghosts. */
byte views[SLOTS];  /* the processes that have a view */
byte freed[SLOTS];  /* the last generation that was freed */
bool presence_lost; /* A died with a view, and nobody may clear its presence bit */
bool given_back;    /* the numbers: another segment may have them now */
byte ended;         /* processes that are done or dead */

mtype = { IDLE, TAKEN, FILLED, MEASURED, LOCKING, VIEWING, FREEING, EXPORTING, ENDED };

/* ---- what A, O and T do ---- */

inline come_to_rest() {
    at = IDLE; slot = 0; handle = 0; seen = 0; tries = 0; told = 0
}

inline choose() {
    steps--;
    if :: slot = 0 :: slot = 1 fi;
    if
    :: self == A -> pool_take()
    :: handle = 1; begin_lock()
    :: handle = HANDLES; begin_lock()
    :: handle = 1; begin(FREEING)
    :: handle = HANDLES; begin(FREEING)
#ifdef EXPORTS
    :: handle = 1; begin(EXPORTING)
#endif
    fi
}

inline pool_take() {
    seen = word[slot];
    if
    :: slot_is_vacant(seen) -> at = TAKEN
    :: else -> come_to_rest()
    fi
}

/* And segment_set_size(). */
inline fill() {
    claim(views[slot] == 0);
    content[slot] = generation_of(seen) + 1
}

/* With a presence bit: alloc_locked, and the view count was set before. */
inline slot_publish(presence) {
    if
#ifdef MUT_STORE
    :: true ->
#else
    :: word[slot] != seen -> skip
    :: word[slot] == seen ->
#endif
       claim(!given_back);
       claim(views[slot] == 0);
       word[slot] = slot_next(seen) | (presence);
       if
       :: (presence) != 0 -> views[slot] = views[slot] | bit_of(self); at = VIEWING
       :: else
       fi
    fi
}

/* slot_change(): a load, and then compare-and-swaps that load when they fail. */
inline begin(what) {
    seen = word[slot];
    if
    :: slot_names(seen, handle) -> at = what
    :: else -> come_to_rest() /* SLOT_STALE */
    fi
}

inline begin_lock() {
#ifdef MUT_SIZE_BEFORE_PRESENCE
    told = content[slot]; at = MEASURED
#else
    begin(LOCKING)
#endif
}

#ifdef MUT_UNBOUNDED
#define may_try true
#else
#define may_try (tries < TRIES)
#endif

inline slot_acquire() {
    assert(tries <= TRIES);
    if
    :: !slot_names(seen, handle) || !may_try -> come_to_rest() /* SLOT_STALE, SLOT_NONSENSE */
    :: slot_names(seen, handle) && may_try && word[slot] != seen -> seen = word[slot]; tries++
    :: slot_names(seen, handle) && may_try && word[slot] == seen -> set_presence()
    fi
}

inline set_presence() {
    word[slot] = word[slot] | set_by(self);
    views[slot] = views[slot] | bit_of(self);
    seen = 0; tries = 0; at = VIEWING
}

inline look() {
#ifndef MUT_SIZE_BEFORE_PRESENCE
    told = content[slot];
#endif
    claim(content[slot] == handle && told == handle);
#ifndef MUT_UNCLAMPED
    told = (told < STRIDE -> told : STRIDE);
#endif
    assert(told <= STRIDE);
    told = 0; handle = 0
}

inline slot_release() {
    word[slot] = word[slot] & (255 - cleared_by(self));
    views[slot] = views[slot] & (255 - bit_of(self))
}

inline slot_free() {
    assert(tries <= TRIES);
    if
    :: !slot_names(seen, handle) || !may_try -> come_to_rest()
    :: slot_names(seen, handle) && may_try && word[slot] != seen -> seen = word[slot]; tries++
    :: slot_names(seen, handle) && may_try && word[slot] == seen ->
       claim(freed[slot] < handle);
       freed[slot] = handle;
       word[slot] = word[slot] & (255 - LIVE);
       come_to_rest()
    fi
}

/* view_export(); T has it done by O. The view that it is for is not modelled here, but in third_readers.pml. */
inline export() {
    if
    :: !slot_names(seen, handle) || word[slot] != seen -> come_to_rest()
    :: else -> word[slot] = word[slot] | RETIRED; come_to_rest()
    fi
}

inline die() {
#ifdef THIRD_PRESENT
    dead[self] = true;
#else
    dead[self] = self != T; /* of T's death, nobody need know */
#endif
    if
    :: at == VIEWING && self == A -> presence_lost = true
    :: else
    fi;
    views[slot] = views[slot] & (255 - bit_of(self));
    come_to_rest(); steps = 0; at = ENDED; ended++
}

proctype Process(byte self; byte steps) {
    mtype at = IDLE;
    byte slot, handle, seen, tries, told;
    do
    :: atomic { at == IDLE && steps > 0 -> choose() }

#ifdef MUT_PUBLISH_BEFORE_FILL
    :: atomic { at == TAKEN -> slot_publish(0); at = FILLED }
    :: atomic { at == FILLED -> fill(); come_to_rest() }
#else
    :: atomic { at == TAKEN -> fill(); at = FILLED }
    :: atomic { at == FILLED -> slot_publish(0); come_to_rest() }
#ifdef ALLOC_LOCKED
    :: atomic { at == FILLED ->
         slot_publish(bit_of(self));
         if
         :: at == VIEWING -> seen = 0
         :: else -> come_to_rest()
         fi }
#endif
#endif

#ifdef MUT_SIZE_BEFORE_PRESENCE
    :: atomic { at == MEASURED -> begin(LOCKING) }
#endif
    :: atomic { at == LOCKING -> slot_acquire() }
    :: atomic { at == VIEWING && handle != 0 -> look() }
    :: atomic { at == VIEWING && handle == 0 -> slot_release(); come_to_rest() }

    :: atomic { at == FREEING -> slot_free() }
#ifdef EXPORTS
    :: atomic { at == EXPORTING -> export() }
#endif

    :: atomic { at != ENDED -> die() }
    :: atomic { at == IDLE && steps == 0 -> at = ENDED; ended++ }
    :: atomic { at == ENDED -> self = 0; break }
    od
}

/* ---- what O's server does; it waits for nobody ---- */

mtype = { WATCHING, RETIRING, LOOKING_FOR_LIVE, LOOKING_FOR_RETIRED, GIVING_BACK };

inline slot_retire() {
    word[i] = word[i] | RETIRED
}

/* Go on with the next word, or to what follows the last one. */
inline next_word(following) {
    i++;
    if
    :: i == SLOTS -> i = 0; server = following
    :: else
    fi
}

/* One word of segment_is_live(). */
inline look_for_live(following) {
    if
    :: (word[i] & LIVE) && server == LOOKING_FOR_LIVE -> i = 0; server = WATCHING
    :: else -> next_word(following)
    fi
}

/* One word of segment_is_retired(). */
inline look_for_retired(following) {
    if
    :: !retired && !(word[i] & RETIRED) -> i = 0; server = WATCHING
    :: else -> next_word(following)
    fi
}

inline give_numbers_back() {
    claim(!((word[0] | word[1]) & LIVE)); /* a block that lives would be lost */
    given_back = true
}

#ifdef MUT_END_IS_DEATH
#define may_clear true
#else
#define may_clear dead[T]
#endif
#if defined(MUT_END_IS_DEATH) || !defined(THIRD_PRESENT)
#define judged_presence (PRESENCE - PRESENT_THIRD)
#else
#define judged_presence PRESENCE
#endif

#ifdef THIRD_PRESENT
#define is_clearing_done (cleared == SLOTS || !dead[T])
#else
#define is_clearing_done true
#endif

#define is_quiet (ended == 3 && server == WATCHING && (retired || given_back || !dead[A]) && is_clearing_done)

/* When all is quiet, and trimmed once more: what a crash has cost has come back. */
inline judge() {
    claim(presence_lost || !((word[0] | word[1]) & judged_presence));
    claim(given_back || !(word[0] & word[1] & RETIRED) || ((word[0] | word[1]) & LIVE))
}

proctype Server() {
    mtype server = WATCHING;
    byte i, cleared;
    bool retired, trimmed;
    do
    /* registry_retire(): at any time, as A may release the segment, or its connection end while A lives */
#ifdef MUT_LIVE_BEFORE_RETIRED
    :: atomic { server == WATCHING && !retired && !given_back -> server = LOOKING_FOR_LIVE; retired = true }
    :: atomic { server == LOOKING_FOR_LIVE -> look_for_live(RETIRING) }
    :: atomic { server == RETIRING -> slot_retire(); next_word(GIVING_BACK) }
#else
    :: atomic { server == WATCHING && !retired && !given_back ->
#ifdef MUT_NO_RETIRE
         server = LOOKING_FOR_LIVE; retired = true }
#else
         server = RETIRING; retired = true }
#endif
    :: atomic { server == RETIRING -> slot_retire(); next_word(LOOKING_FOR_LIVE) }

    /* trim_periodic() */
#ifdef MUT_TRIM_LIVE_FIRST
    :: atomic { server == WATCHING && !given_back && !trimmed -> server = LOOKING_FOR_LIVE; trimmed = (ended == 3) }
    :: atomic { server == LOOKING_FOR_LIVE -> look_for_live(LOOKING_FOR_RETIRED) }
    :: atomic { server == LOOKING_FOR_RETIRED -> look_for_retired(GIVING_BACK) }
#else
    :: atomic { server == WATCHING && !given_back && !trimmed -> server = LOOKING_FOR_RETIRED; trimmed = (ended == 3) }
    :: atomic { server == LOOKING_FOR_RETIRED -> look_for_retired(LOOKING_FOR_LIVE) }
    :: atomic { server == LOOKING_FOR_LIVE -> look_for_live(GIVING_BACK) }
#endif
#endif
    :: atomic { server == GIVING_BACK -> give_numbers_back(); server = WATCHING }

#ifdef THIRD_PRESENT
    /* the presence bit of another process is cleared only when that process is known to be dead */
    :: atomic { may_clear && cleared < SLOTS ->
         word[cleared] = word[cleared] & (255 - PRESENT_THIRD); cleared++ }
#endif
    :: atomic { dead[O] -> break }
    :: atomic { !dead[O] && is_quiet && (trimmed || given_back) -> judge(); break }
    od;
    server = WATCHING; i = 0; retired = false; trimmed = false; cleared = 0
}

#ifdef SCRIBBLE
proctype Scribble() {
    do
    :: atomic { ended < 3 -> word[0] = word[0] ^ LIVE }
    :: atomic { ended < 3 -> word[0] = word[0] & (255 - PRESENCE) }
    :: atomic { ended < 3 -> word[0] = word[0] ^ GENERATION }
    :: atomic { ended < 3 -> content[0] = 255 }
    :: atomic { ended == 3 -> break }
    od
}
#endif

init {
    atomic {
        run Process(A, STEPS_A);
        run Process(O, STEPS_O);
        run Process(T, STEPS_T);
        run Server();
#ifdef SCRIBBLE
        run Scribble()
#endif
    }
}
