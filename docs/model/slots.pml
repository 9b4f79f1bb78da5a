/*
 * One segment, three processes: the state words of src/posix/slot.h, and when the owner gives their numbers out again.
 *
 * A allocates, O owns (its threads and its agent), T is a third; there are two slots. Each process takes a few steps of
 * its choice: alloc, or lock + look + unlock, or free, with a handle that is right, stale, or not valid yet. Each may be
 * killed before every access to shared memory, and A's connection to O may end at any time, while both live on. Every atomic block
 * holds one such access, and what it does is named after the C function.
 *
 * Claimed: no block is written while anybody has a view of the slot; a lock shows the block that its handle names, with
 * its size; a handle is freed once; no block lives in numbers that are given out again; when all is quiet, no seat is
 * left, and what was revoked or worn out has come back.
 *
 * -DSCRIBBLE: somebody writes rubbish into words and sizes. Then only this is claimed: every step ends, and no view
 * exceeds its slot. -DTHIRD_SITS: third processes have a seat of their own, as they may one day. -DMUT_...: README.md.
 */
#ifndef STEPS_A
#define STEPS_A 3
#define STEPS_O 2
#define STEPS_T 2
#endif

#define SLOTS 2
#define HANDLES 2 /* a handle is a generation here: where it leads is the matter of life.pml */
#define TRIES 2   /* SLOT_TRIES */
#define STRIDE 7

#define A 0
#define O 1
#define T 2

/* The word: seats, LIVE, SPENT, generation. */
#define SEAT_NONE 0
#define SEAT_THIRD 4
#define SEATS 7
#define LIVE 8
#define SPENT 16
#define GENERATION 32

#define bit_of(process) (1 << (process)) /* SLOT_SEAT_ALLOCATOR, SLOT_SEAT_OWNER, SEAT_THIRD */
#define generation_of(w) ((w) / GENERATION)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_next(w) ((generation_of(w) + 1) * GENERATION | LIVE)

#ifdef MUT_IGNORE_SEATS
#define slot_is_vacant(w) (!((w) & (LIVE | SPENT)))
#else
#define slot_is_vacant(w) (!((w) & (LIVE | SPENT | SEATS)))
#endif

#ifdef MUT_EOF_IS_DEATH
#define THIRD_SITS
#endif

#ifdef THIRD_SITS
#define seat_of(process) bit_of(process)
#else
#define seat_of(process) ((process) == T -> SEAT_NONE : bit_of(process))
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
byte views[SLOTS];   /* the processes that have a view */
byte freed[SLOTS];   /* the last generation that was freed */
bool seat_lost;      /* A died with a view, and nobody may clear its seat */
bool released;       /* O has given the numbers to another segment */
byte ended;          /* processes that are done or dead */

mtype = { IDLE, TAKEN, FILLED, MEASURED, LOCKING, SEATED, FREEING, ENDED };

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

inline slot_publish() {
    if
#ifdef MUT_STORE
    :: true ->
#else
    :: word[slot] != seen -> skip
    :: word[slot] == seen ->
#endif
       claim(!released);
       claim(views[slot] == 0);
       word[slot] = slot_next(seen)
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
#ifdef MUT_SIZE_BEFORE_SEAT
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

inline slot_sit() {
    assert(tries <= TRIES);
    if
    :: !slot_names(seen, handle) || !may_try -> come_to_rest() /* SLOT_STALE, SLOT_NONSENSE */
    :: slot_names(seen, handle) && may_try && word[slot] != seen -> seen = word[slot]; tries++
    :: slot_names(seen, handle) && may_try && word[slot] == seen -> sit_down()
    fi
}

inline sit_down() {
#ifdef MUT_THIRD_LEAVES_NO_TRACE
    word[slot] = word[slot] | seat_of(self);
#else
    word[slot] = word[slot] | (seat_of(self) == SEAT_NONE -> SPENT : seat_of(self));
#endif
    views[slot] = views[slot] | bit_of(self);
    seen = 0; tries = 0; at = SEATED
}

inline look() {
#ifndef MUT_SIZE_BEFORE_SEAT
    told = content[slot];
#endif
    claim(content[slot] == handle && told == handle);
#ifndef MUT_UNCLAMPED
    told = (told < STRIDE -> told : STRIDE);
#endif
    assert(told <= STRIDE);
    told = 0; handle = 0
}

inline slot_stand() {
    word[slot] = word[slot] & (255 - seat_of(self));
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

inline die() {
#ifdef THIRD_SITS
    dead[self] = true;
#else
    dead[self] = self != T; /* of T's death, nobody need know */
#endif
    if
    :: at == SEATED && self == A -> seat_lost = true
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
    :: atomic { at == TAKEN -> slot_publish(); at = FILLED }
    :: atomic { at == FILLED -> fill(); come_to_rest() }
#else
    :: atomic { at == TAKEN -> fill(); at = FILLED }
    :: atomic { at == FILLED -> slot_publish(); come_to_rest() }
#endif

#ifdef MUT_SIZE_BEFORE_SEAT
    :: atomic { at == MEASURED -> begin(LOCKING) }
#endif
    :: atomic { at == LOCKING -> slot_sit() }
    :: atomic { at == SEATED && handle != 0 -> look() }
    :: atomic { at == SEATED && handle == 0 -> slot_stand(); come_to_rest() }

    :: atomic { at == FREEING -> slot_free() }

    :: atomic { at != ENDED -> die() }
    :: atomic { at == IDLE && steps == 0 -> at = ENDED; ended++ }
    :: atomic { at == ENDED -> self = 0; break }
    od
}

/* ---- what O's agent does; it waits for nobody ---- */

mtype = { WATCHING, SPENDING, LOOKING, WEARING, GIVING };

inline slot_spend() {
    word[i] = word[i] | SPENT
}

/* Go on with the next word, or to what follows the last one. */
inline next_word(following) {
    i++;
    if
    :: i == SLOTS -> i = 0; agent = following
    :: else
    fi
}

/* One word of segment_is_live(). */
inline look_for_life(following) {
    if
    :: (word[i] & LIVE) && agent == LOOKING -> i = 0; agent = WATCHING
    :: else -> next_word(following)
    fi
}

/* One word of is_worn(). */
inline look_for_wear(following) {
    if
    :: !revoked && !(word[i] & SPENT) -> i = 0; agent = WATCHING
    :: else -> next_word(following)
    fi
}

inline give_numbers_back() {
    claim(!((word[0] | word[1]) & LIVE)); /* a block that lives would be lost */
    released = true
}

#ifdef MUT_EOF_IS_DEATH
#define may_unseat true
#define judged_seats (SEATS - SEAT_THIRD)
#else
#define may_unseat dead[T]
#define judged_seats SEATS
#endif

#ifdef THIRD_SITS
#define are_seats_settled (unseated == SLOTS || !dead[T])
#else
#define are_seats_settled true
#endif

#define is_quiet (ended == 3 && agent == WATCHING && (revoked || released || !dead[A]) && are_seats_settled)

/* When all is quiet, and swept once more: what a crash has cost has come back. */
inline judge() {
    claim(seat_lost || !((word[0] | word[1]) & judged_seats));
    claim(released || !(word[0] & word[1] & SPENT) || ((word[0] | word[1]) & LIVE))
}

proctype Agent() {
    mtype agent = WATCHING;
    byte i, unseated;
    bool revoked, swept;
    do
    /* holdings_revoke(): at any time, as A may retire the segment, or its connection end while it lives */
#ifdef MUT_LIVE_BEFORE_SPENT
    :: atomic { agent == WATCHING && !revoked && !released -> agent = LOOKING; revoked = true }
    :: atomic { agent == LOOKING -> look_for_life(SPENDING) }
    :: atomic { agent == SPENDING -> slot_spend(); next_word(GIVING) }
#else
    :: atomic { agent == WATCHING && !revoked && !released ->
#ifdef MUT_NO_REVOKE
         agent = LOOKING; revoked = true }
#else
         agent = SPENDING; revoked = true }
#endif
    :: atomic { agent == SPENDING -> slot_spend(); next_word(LOOKING) }

    /* sweep() */
#ifdef MUT_LIVE_BEFORE_WORN
    :: atomic { agent == WATCHING && !released && !swept -> agent = LOOKING; swept = (ended == 3) }
    :: atomic { agent == LOOKING -> look_for_life(WEARING) }
    :: atomic { agent == WEARING -> look_for_wear(GIVING) }
#else
    :: atomic { agent == WATCHING && !released && !swept -> agent = WEARING; swept = (ended == 3) }
    :: atomic { agent == WEARING -> look_for_wear(LOOKING) }
    :: atomic { agent == LOOKING -> look_for_life(GIVING) }
#endif
#endif
    :: atomic { agent == GIVING -> give_numbers_back(); agent = WATCHING }

#ifdef THIRD_SITS
    /* a seat is cleared for its holder on proof of death */
    :: atomic { may_unseat && unseated < SLOTS ->
         word[unseated] = word[unseated] & (255 - SEAT_THIRD); unseated++ }
#endif
    :: atomic { dead[O] -> break }
    :: atomic { !dead[O] && is_quiet && (swept || released) -> judge(); break }
    od;
    agent = WATCHING; i = 0; revoked = false; swept = false; unseated = 0
}

#ifdef SCRIBBLE
proctype Scribble() {
    do
    :: atomic { ended < 3 -> word[0] = word[0] ^ LIVE }
    :: atomic { ended < 3 -> word[0] = word[0] & (255 - SEATS) }
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
        run Agent();
#ifdef SCRIBBLE
        run Scribble()
#endif
    }
}
