/*
 * Third processes with numbers: one segment, its giver A, its owner O, and two third processes T1 and T2.
 *
 * A slot has a third word: one bit for each third number. O gives a number to a connection, with its first LOOKUP, and
 * the bit THIRD of the state word says "look at the third word, too". The end of the connection makes an orphan of the
 * number. It is free again once its bits are off every third word; they are taken off when the process of an orphan is
 * proven to have ended, or when RELEASE_NUMBER comes on the very connection. A T says that as the last thing before it
 * closes the connection, and only if no mapping with that number is left.
 *
 * Each process may be killed before every access to shared memory. A T loses its connection with views or without, its
 * own housekeeping unlinks the mapping while a lock is under way (trim), it looks up what it has registered already, or
 * it execs; O may end a connection, too. What was said on a connection that is gone is read later, or never. Every
 * atomic block has one access to shared memory; what lies under a lock of one process goes with it.
 *
 * Claimed: no block is written while anybody has a view of the slot; a lock shows the block that its handle names; a
 * handle is freed once; a number that is given has no bit set anywhere; and when nothing can happen any more, the dead
 * have no number, and no bit is set but for a process that lives on after an exec.
 *
 * -DSELF: A is O. -DLOCKS: A and O lock, too. -DRETIRES: O retires the segment at any time. -DEXPORTS: map_handle.
 * -DLOSES=n, -DLOSES_T2=n: lost connections. -DTRIMS=n: trims of T1's mapping. -DEXECS: T1 may exec. -DTHREADS: T1 and
 * T2 are two threads of one third process, which is not killed. -DSCRIBBLE=n: somebody writes rubbish n times; then only
 * this is claimed: every step ends, no view exceeds its slot, the server answers to the end. -DMUT_...: README.md.
 */
#ifndef STEPS_A
#define STEPS_A 2 /* calls of each */
#endif
#ifndef STEPS_O
#define STEPS_O 1
#endif
#ifndef STEPS_T1
#define STEPS_T1 2
#endif
#ifndef STEPS_T2
#define STEPS_T2 1
#endif
#ifndef SLOTS
#define SLOTS 1
#endif
#ifndef NUMBERS
#define NUMBERS 1 /* 32 in the code */
#endif
#ifndef LOSES
#define LOSES 0
#endif
#ifndef LOSES_T2
#define LOSES_T2 0
#endif
#ifndef TRIMS
#define TRIMS 0
#endif
#ifndef MAPS
#define MAPS 2 /* mappings that a third process has at most, those included that are unlinked */
#endif
#define TRIES 2 /* SLOT_TRIES */
#define STRIDE 7

#define A 0
#define O 1
#define T1 2
#define T2 3
#define KEEPER 4 /* who has a block by map_handle: a view for ever */
#define view_of(process) (1 << (process))

/* The state word. */
#define GIVER 1
#define OWNER 2
#define THIRD 4
#define LIVE 8
#define RETIRED 16
#define GENERATION 32

#define generation_of(w) ((w) / GENERATION)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_next(w) ((generation_of(w) + 1) * GENERATION | LIVE)
#define is_vacant(w) (!((w) & (LIVE | RETIRED | GIVER | OWNER))) /* and with THIRD, one look more */

#define NONE 128 /* in a response: there is no number left */
#define bit_of(n) (1 << (n))
#define ALL_BITS 3

#ifdef SCRIBBLE
#define claim(what) skip
#else
#define claim(what) assert(what)
#endif

byte word[SLOTS], third[SLOTS];
byte content[SLOTS]; /* the generation of the block that was written there */
bool dead[4];

/* The third processes, 0 and 1. A connection is named by who made it, and how many it had made before. */
#define serial_of(t, c) ((t) * 4 + (c) + 1)
#define maker_of(s) (((s) - 1) / 4)
byte connection[2]; /* the one that it has now */
byte closing[2];    /* given up, and not yet closed: its number and one */
bool turn[2];       /* a thread alone makes requests */
byte told[2];       /* a response */
byte loses[2], trims[2];

/* What a connection carries, and what became of it: a bit for each. */
byte asked[2];      /* a LOOKUP that O has not read */
byte said[2];       /* a RELEASE_NUMBER */
byte closed[2];     /* by its third process: O has not heard of it */
byte cut[2];        /* O has ended it */

/* The mappings of the segment: MAPS of the first third process, and MAPS of the second. */
mtype = { FREE, KNOWN, UNLINKED };
mtype mapping[2 * MAPS] = FREE;
byte third_bit[2 * MAPS];           /* its number's bit; 0: it has none */
byte by[2 * MAPS];            /* the connection by which it has it */
byte count[2 * MAPS * SLOTS]; /* view counts */
byte known[2];                /* the one that handles lead to, and one */
byte inside[2];               /* the one that a thread works on, and one */
#define BUSY 8

/* Ghosts. */
byte views[SLOTS];   /* who of A, O and KEEPER has a view */
byte viewing[SLOTS]; /* the views of third processes */
byte freed[SLOTS];   /* the last generation that was freed */
bool seat_lost;      /* A died with a view: nobody may clear its presence */
bool numbers_gone;   /* O has given the segment's handle numbers to another one */
byte execed;         /* the connection of a process that an exec ended */
byte ended;

#define is_unseen(s) (views[s] == 0 && viewing[s] == 0)

mtype = { IDLE, LOOKING, TAKEN, FILLED, BACKED, CHANGING, LATE_BIT, VIEWING, LEAVING, LATE_END, FREEING, WAITING, MAPPING,
          LAST_OUT, ENDED };

/* ---- steps that all take ---- */

inline rest() { at = IDLE; slot = 0; handle = 0; seen = 0; tries = 0 }

inline choose_slot() {
    if :: slot = 0
#if SLOTS > 1
       :: slot = 1
#endif
    fi
}

inline begin(what) {
    seen = word[slot];
    if :: slot_names(seen, handle) -> at = what :: else -> rest() fi
}

/* A lock succeeded: it shows the block, and its size. */
inline see_block() {
#ifdef SCRIBBLE
    tries = content[slot];
#ifndef MUT_UNCLAMPED
    tries = (tries < STRIDE -> tries : STRIDE);
#endif
    assert(tries <= STRIDE);
    tries = 0;
#endif
    claim(freed[slot] < handle);
    claim(content[slot] == handle)
}

#ifdef MUT_UNBOUNDED
#define may_try true
#else
#define may_try (tries < TRIES)
#endif

inline slot_free() {
    assert(tries <= TRIES);
    if
    :: !slot_names(seen, handle) || !may_try -> rest()
    :: slot_names(seen, handle) && may_try && word[slot] != seen -> seen = word[slot]; tries++
    :: slot_names(seen, handle) && may_try && word[slot] == seen ->
       claim(freed[slot] < handle);
       freed[slot] = handle;
       word[slot] = word[slot] & (255 - LIVE);
       rest()
    fi
}

/* ---- A and O ---- */

inline pool_take() {
#ifdef MUT_THIRD_WORD_FIRST
    early = third[slot]; at = LOOKING
#else
    seen = word[slot];
    if
    :: !is_vacant(seen) -> rest()
#ifndef MUT_IGNORE_THIRD
    :: is_vacant(seen) && (seen & THIRD) -> at = LOOKING
#endif
    :: else -> at = TAKEN
    fi
#endif
}

inline look_at_third() {
#ifdef MUT_THIRD_WORD_FIRST
    seen = word[slot];
    if
    :: is_vacant(seen) && (!(seen & THIRD) || early == 0) -> at = TAKEN
    :: else -> rest()
    fi;
    early = 0
#else
    if :: third[slot] == 0 -> at = TAKEN :: else -> rest() fi
#endif
}

inline fill() {
    claim(is_unseen(slot));
    content[slot] = generation_of(seen) + 1
}

/* THIRD is dropped by it. */
inline slot_publish() {
    if
#ifdef MUT_STORE
    :: true ->
#else
    :: word[slot] != seen -> skip
    :: word[slot] == seen ->
#endif
       claim(!numbers_gone);
       claim(is_unseen(slot));
       word[slot] = slot_next(seen)
    fi
}

proctype Pair(byte self; byte steps) {
    mtype at = IDLE;
    byte slot, handle, seen, tries;
#ifdef MUT_THIRD_WORD_FIRST
    byte early;
#endif
    do
    :: atomic { at == IDLE && steps > 0 ->
         steps--; choose_slot();
         if
#ifdef SELF
         :: pool_take()
#else
         :: self == A -> pool_take()
#endif
#ifdef LOCKS
         :: handle = 1; begin(CHANGING)
         :: handle = 2; begin(CHANGING)
#endif
         :: handle = 1; begin(FREEING)
         :: handle = 2; begin(FREEING)
         fi }
    :: atomic { at == LOOKING -> look_at_third() }
    :: atomic { at == TAKEN -> fill(); at = FILLED }
    :: atomic { at == FILLED -> slot_publish(); rest() }
#ifdef LOCKS
    :: atomic { at == CHANGING ->
         assert(tries <= TRIES);
         if
         :: !slot_names(seen, handle) || !may_try -> rest()
         :: slot_names(seen, handle) && may_try && word[slot] != seen -> seen = word[slot]; tries++
         :: slot_names(seen, handle) && may_try && word[slot] == seen ->
            word[slot] = word[slot] | view_of(self);
            see_block(); views[slot] = views[slot] | view_of(self);
            handle = 0; seen = 0; tries = 0; at = VIEWING
         fi }
    :: atomic { at == VIEWING ->
         word[slot] = word[slot] & (255 - view_of(self));
         views[slot] = views[slot] & (255 - view_of(self));
         rest() }
#endif
    :: atomic { at == FREEING -> slot_free() }
    :: atomic { at != ENDED ->
         dead[self] = true;
         if :: at == VIEWING -> seat_lost = true :: else fi;
         views[slot] = views[slot] & (255 - view_of(self));
#ifdef MUT_THIRD_WORD_FIRST
         early = 0;
#endif
         rest(); steps = 0; at = ENDED; ended++ }
    :: atomic { at == IDLE && steps == 0 -> at = ENDED; ended++ }
    :: atomic { at == ENDED -> self = 0; break }
    od
}

/* ---- a third process ---- */

#ifdef THREADS
#define me 0
#else
#define me (self - 2)
#endif
#define mine (inside[self - 2] - 1)
#define count_here count[mine * SLOTS + slot]
#define has_number (third_bit[mine] != 0)

#if SLOTS > 1
#define views_in(m) (count[(m) * SLOTS] + count[(m) * SLOTS + 1])
#else
#define views_in(m) count[m]
#endif
#if MAPS > 2
#define any_mapping(test) (test(me * MAPS) || test(me * MAPS + 1) || test(me * MAPS + 2))
#else
#define any_mapping(test) (test(me * MAPS) || test(me * MAPS + 1))
#endif

#define has_views(m) (views_in(m) != 0)
#define is_free(m) (mapping[m] == FREE)
#define is_unlinked(m) (mapping[m] == UNLINKED)
#ifdef MUT_RELEASE_WITH_MAPPING
#define uses_closing(m) false
#else
#define uses_closing(m) (mapping[m] != FREE && third_bit[m] != 0 && by[m] == closing[me] - 1)
#endif

/* A twin: one that is unlinked, and may have views or get one, by a thread that is inside. */
#ifdef MUT_DRAINING_IGNORED
#define is_twin(m) (is_unlinked(m) && third_bit[m] != 0 && by[m] == connection[me] && views_in(m) == 0)
#else
#ifdef MUT_GRACE_IGNORED
#define is_twin(m) (is_unlinked(m) && third_bit[m] != 0 && by[m] == connection[me] && views_in(m) != 0)
#else
#ifdef MUT_TWIN_SHARES
#define is_twin(m) false
#else
#define is_twin(m) (is_unlinked(m) && third_bit[m] != 0 && by[m] == connection[me])
#endif
#endif
#endif

inline leave() { rest(); inside[self - 2] = 0 }

inline unlink_known() { mapping[me * MAPS + known[me] - 1] = UNLINKED; known[me] = 0 }

/* peer_disconnect(): what was known by the connection is unlinked, and it is closed later. */
inline disconnect() {
    if
    :: known[me] != 0 -> unlink_known()
    :: else
    fi;
    closing[me] = connection[me] + 1;
    connection[me]++; told[me] = 0
}

/* What O has cut hears nothing any more. */
inline hang_up(c) {
    if
    :: cut[me] & (1 << (c)) -> cut[me] = cut[me] & (255 - (1 << (c)))
    :: else -> closed[me] = closed[me] | (1 << (c))
    fi
}

/* close_connection(), give_number_back() */
inline close_connection() {
    if
    :: any_mapping(uses_closing)
    :: true /* it cannot be said */
    :: !any_mapping(uses_closing) && !(cut[me] & (1 << (closing[me] - 1))) ->
       said[me] = said[me] | (1 << (closing[me] - 1))
    fi;
    hang_up(closing[me] - 1);
    closing[me] = 0
}

inline forget_mapping(m) {
    viewing[0] = viewing[0] - (count[(m) * SLOTS] == BUSY -> 0 : count[(m) * SLOTS]); count[(m) * SLOTS] = 0;
#if SLOTS > 1
    viewing[1] = viewing[1] - (count[(m) * SLOTS + 1] == BUSY -> 0 : count[(m) * SLOTS + 1]); count[(m) * SLOTS + 1] = 0;
#endif
    mapping[m] = FREE; third_bit[m] = 0; by[m] = 0
}

/* By kill or exec: all that is private is gone, and the kernel closes the connections. */
inline vanish() {
    forget_mapping(me * MAPS);
    forget_mapping(me * MAPS + 1);
#if MAPS > 2
    forget_mapping(me * MAPS + 2);
#endif
    known[me] = 0; turn[me] = false; told[me] = 0;
    if
    :: closing[me] != 0 -> hang_up(closing[me] - 1)
    :: else
    fi;
    hang_up(connection[me]);
    closing[me] = 0; connection[me]++;
    leave()
}

/* is_known(): the segment is registered already. */
inline take_response() {
#ifdef SCRIBBLE
#ifndef MUT_NUMBER_UNCHECKED
    told[me] = (told[me] == bit_of(0) || told[me] == bit_of(1) -> told[me] : NONE);
#endif
    assert(told[me] == NONE || told[me] <= ALL_BITS);
#endif
    if
#ifndef MUT_REGISTER_TWICE
    :: known[me] != 0 -> told[me] = 0; turn[me] = false; at = IDLE
    :: known[me] == 0 -> at = MAPPING
#else
    :: true -> at = MAPPING
#endif
    fi
}

/* use_number(), registry_add() */
inline map_found(m) {
    mapping[m] = KNOWN;
    third_bit[m] = (told[me] == NONE || any_mapping(is_twin) -> 0 : told[me]);
    by[m] = (third_bit[m] == 0 -> 0 : connection[me]);
#ifdef MUT_REGISTER_TWICE
    if
    :: known[me] != 0 -> unlink_known()
    :: else
    fi;
#endif
    known[me] = m - me * MAPS + 1;
    told[me] = 0; turn[me] = false; at = IDLE
}

#ifdef MUT_NO_TRACE
#define mark 0
#else
#ifdef MUT_NONE_LEAVES_NO_TRACE
#define mark (has_number -> THIRD : 0)
#else
#define mark (has_number -> THIRD : RETIRED)
#endif
#endif

/* The bit that was set is taken back. */
inline back_out() {
#ifdef MUT_NO_BACKING_OUT
    count_here = 0; leave()
#else
    if :: has_number -> at = LEAVING :: else -> count_here = 0; leave() fi
#endif
}

inline show_view() {
    count_here = 1; viewing[slot]++;
    see_block()
}

/* unlock: one view less, of one mapping */
inline uncount(m, s) {
    slot = s; inside[self - 2] = (m) + 1;
    if
    :: count_here > 1 -> count_here--; viewing[slot]--; leave()
#ifdef MUT_UNLOCK_LATE
    :: count_here == 1 -> count_here = BUSY; at = LEAVING; tries = 1
#else
    :: count_here == 1 && has_number -> count_here = BUSY; viewing[slot]--; at = LEAVING
#endif
    :: count_here == 1 && !has_number -> count_here = 0; viewing[slot]--; leave()
    fi
}

#define can_uncount(m, s) (count[(m) * SLOTS + (s)] != 0 && count[(m) * SLOTS + (s)] != BUSY)
#ifdef THREADS
#define nobody_inside(m) (inside[0] != (m) + 1 && inside[1] != (m) + 1)
#else
#define nobody_inside(m) (inside[me] != (m) + 1)
#endif
#define can_close(m) (is_unlinked(m) && !has_views(m) && nobody_inside(m))
#define has_left (!any_mapping(has_views) && !any_mapping(is_unlinked) && closing[me] == 0)

proctype Third(byte self; byte steps) {
    mtype at = IDLE;
    byte slot, handle, seen, tries;
#ifdef EXECS
    bool execs = (self == T1);
#endif
    do
    /* LOOKUP: of what is not known; or of what is, by a thread that knew it not, or has a handle that is stale */
    :: atomic { at == IDLE && steps > 0 && !turn[me] && any_mapping(is_free) ->
         if
         :: known[me] == 0
         :: known[me] != 0 -> steps--
         fi;
         if
         :: cut[me] & (1 << connection[me]) /* it will notice */
         :: else -> asked[me] = asked[me] | (1 << connection[me])
         fi;
         turn[me] = true; at = WAITING }
    :: atomic { at == WAITING && told[me] != 0 -> take_response() }
    :: atomic { at == MAPPING && is_free(me * MAPS) -> map_found(me * MAPS) }
    :: atomic { at == MAPPING && !is_free(me * MAPS) && is_free(me * MAPS + 1) -> map_found(me * MAPS + 1) }
#if MAPS > 2
    :: atomic { at == MAPPING && !is_free(me * MAPS) && !is_free(me * MAPS + 1) && is_free(me * MAPS + 2) ->
         map_found(me * MAPS + 2) }
#endif
    :: atomic { at == WAITING && told[me] == 0 && (dead[O] || numbers_gone) ->
         asked[me] = asked[me] & (255 - (1 << connection[me])); turn[me] = false; steps = 0; at = IDLE }

    /* the connection is lost: in the turn, or in nobody's; and it is closed some time later */
    :: atomic { at == WAITING && loses[me] > 0 && closing[me] == 0 ->
         loses[me]--; disconnect(); turn[me] = false; at = IDLE }
    :: atomic { at != ENDED && !turn[me] && loses[me] > 0 && closing[me] == 0 -> loses[me]--; disconnect() }
    :: atomic { at != ENDED && closing[me] != 0 -> close_connection() }

    /* housekeeping: trim, which looked before a lock counted; and what is unlinked is closed, after a grace period */
    :: atomic { at != ENDED && trims[me] > 0 && known[me] != 0 && views_in(me * MAPS + known[me] - 1) == 0 ->
         trims[me]--; unlink_known() }
    :: atomic { at != ENDED && can_close(me * MAPS) -> forget_mapping(me * MAPS) }
    :: atomic { at != ENDED && can_close(me * MAPS + 1) -> forget_mapping(me * MAPS + 1) }
#if MAPS > 2
    :: atomic { at != ENDED && can_close(me * MAPS + 2) -> forget_mapping(me * MAPS + 2) }
#endif

    /* a call */
    :: atomic { at == IDLE && known[me] != 0 && steps > 0 ->
         steps--; choose_slot();
         if
         :: handle = 1; at = LOOKING
         :: handle = 2; at = LOOKING
#ifndef THIRDS_LOCK_ONLY
         :: handle = 1; begin(FREEING)
         :: handle = 2; begin(FREEING)
#endif
         fi;
         if
         :: at == LOOKING -> inside[self - 2] = me * MAPS + known[me]
         :: else
         fi }
#ifndef THIRDS_LOCK_ONLY
    :: atomic { at == FREEING -> slot_free() }
#endif

    /* lock: the view count goes from 0 to 1 under BUSY, or is one more */
    :: atomic { at == LOOKING && count_here != BUSY ->
         if
         :: count_here > 0 ->
            if
            :: slot_names(word[slot], handle) -> count_here++; viewing[slot]++; see_block()
            :: else
            fi;
            leave()
#ifdef MUT_WORD_FIRST
         :: count_here == 0 -> seen = word[slot];
            if :: slot_names(seen, handle) -> count_here = BUSY; at = CHANGING :: else -> leave() fi
#else
         :: count_here == 0 && has_number -> count_here = BUSY; third[slot] = third[slot] | third_bit[mine]; at = BACKED
         :: count_here == 0 && !has_number -> seen = word[slot];
            if :: slot_names(seen, handle) -> count_here = BUSY; at = CHANGING :: else -> leave() fi
#endif
         fi }
    :: atomic { at == BACKED ->
         seen = word[slot];
         if
         :: !slot_names(seen, handle) -> back_out()
#ifdef MUT_NO_CAS
         :: slot_names(seen, handle) && (seen & THIRD) -> /* with a load alone, the bit may be seen late */
            third[slot] = third[slot] & (255 - third_bit[mine]); show_view(); at = LATE_BIT
         :: slot_names(seen, handle) && !(seen & THIRD) -> at = CHANGING
#else
         :: slot_names(seen, handle) -> at = CHANGING
#endif
         fi }
    :: atomic { at == CHANGING ->
         assert(tries <= TRIES);
         if
         :: !slot_names(seen, handle) || !may_try -> back_out()
         :: slot_names(seen, handle) && may_try && word[slot] != seen -> seen = word[slot]; tries++
         :: slot_names(seen, handle) && may_try && word[slot] == seen ->
            word[slot] = word[slot] | mark;
            show_view();
#ifdef MUT_WORD_FIRST
            if :: has_number -> at = LATE_BIT :: else -> leave() fi
#else
            leave()
#endif
         fi }
#if defined(MUT_WORD_FIRST) || defined(MUT_NO_CAS)
    :: atomic { at == LATE_BIT -> third[slot] = third[slot] | third_bit[mine]; leave() }
#endif

    /* unlock */
    :: atomic { at == IDLE && can_uncount(me * MAPS, 0) -> uncount(me * MAPS, 0) }
    :: atomic { at == IDLE && can_uncount(me * MAPS + 1, 0) -> uncount(me * MAPS + 1, 0) }
#if MAPS > 2
    :: atomic { at == IDLE && can_uncount(me * MAPS + 2, 0) -> uncount(me * MAPS + 2, 0) }
#endif
#if SLOTS > 1
    :: atomic { at == IDLE && can_uncount(me * MAPS, 1) -> uncount(me * MAPS, 1) }
    :: atomic { at == IDLE && can_uncount(me * MAPS + 1, 1) -> uncount(me * MAPS + 1, 1) }
#endif
    :: atomic { at == LEAVING ->
         third[slot] = third[slot] & (255 - third_bit[mine]);
#ifdef MUT_UNLOCK_LATE
         if :: tries == 1 -> at = LATE_END :: else -> count_here = 0; leave() fi
#else
#ifdef MUT_UNLOCK_CLEARS_THIRD
         if :: third[slot] == 0 -> at = LAST_OUT :: else -> count_here = 0; leave() fi
#else
         count_here = 0; leave()
#endif
#endif
       }
#ifdef MUT_UNLOCK_LATE
    :: atomic { at == LATE_END -> count_here = 0; viewing[slot]--; leave() }
#endif
#ifdef MUT_UNLOCK_CLEARS_THIRD
    :: atomic { at == LAST_OUT -> word[slot] = word[slot] & (255 - THIRD); count_here = 0; leave() }
#endif
#ifdef MUT_CHILD_UNLOCKS
    :: atomic { at == IDLE && can_uncount(me * MAPS, 0) -> third[0] = third[0] & (255 - third_bit[me * MAPS]) }
#endif

#ifdef EXECS
    :: atomic { at != ENDED && execs ->
         execs = false; execed = serial_of(me, connection[me]); vanish() }
#endif
#ifndef THREADS
    :: atomic { at != ENDED ->
         dead[self] = true; vanish(); loses[me] = 0; trims[me] = 0; steps = 0;
#ifdef EXECS
         execs = false;
#endif
         at = ENDED; ended++ }
#endif
    /* alive, and idle for ever */
    :: atomic { at == IDLE && steps == 0 && has_left ->
#ifndef THREADS
         loses[me] = 0; trims[me] = 0;
#endif
#ifdef EXECS
         execs = false;
#endif
         at = ENDED; ended++ }
    :: atomic { at == ENDED -> self = 0; break }
    od
}

/* ---- O's server; it waits for nobody ---- */

mtype = { WATCHING, RETIRING, CHECKING, GIVING, CLEARING };

byte holder[2]; /* of number 0, 1: a connection; 0: nobody's */
bool orphan[2]; /* that connection has ended */

#define is_proven(n) dead[T1 + maker_of(holder[n])]
#define holder_over(n) (holder[n] != 0 && orphan[n] && is_proven(n))

#if SLOTS > 1
#define all_words (word[0] | word[1])
#define all_thirds (third[0] | third[1])
#else
#define all_words word[0]
#define all_thirds third[0]
#endif

/* Only what happens to views is claimed: for mutations that would be found by what is left, too. */
#ifdef VIEWS_ONLY
#define claim_end(what) skip
#else
#define claim_end(what) claim(what)
#endif

inline give(n, s) {
    claim_end(!(all_thirds & bit_of(n))); /* nobody else can still be behind it */
    holder[n] = s; reply = bit_of(n)
}

#ifdef MUT_NUMBER_BY_PROCESS
#define has_it(n, s) (holder[n] != 0 && maker_of(holder[n]) == maker_of(s))
#else
#define has_it(n, s) (holder[n] == (s))
#endif

/* LOOKUP, third_number_give(): the number of the connection, one that is nobody's, or none. */
inline answer(t, c) {
    if
    :: has_it(0, serial_of(t, c)) -> reply = bit_of(0); holder[0] = serial_of(t, c); orphan[0] = false
    :: has_it(1, serial_of(t, c)) -> reply = bit_of(1); holder[1] = serial_of(t, c); orphan[1] = false
    :: else ->
       if
       :: holder[0] == 0 -> give(0, serial_of(t, c))
#if NUMBERS > 1
       :: holder[0] != 0 && holder[1] == 0 -> give(1, serial_of(t, c))
#endif
       :: else -> reply = NONE
       fi
    fi;
    if :: (c) == connection[t] && turn[t] -> told[t] = reply :: else fi;
    asked[t] = asked[t] & (255 - (1 << (c)));
    reply = 0
}

/* RELEASE_NUMBER, third_number_release() */
inline take_release(t, c) {
    said[t] = said[t] & (255 - (1 << (c)));
    if
#ifdef MUT_RELEASE_BY_PROCESS
    :: holder[0] != 0 && maker_of(holder[0]) == t -> end_number(0)
    :: holder[1] != 0 && maker_of(holder[1]) == t -> end_number(1)
#else
    :: holder[0] == serial_of(t, c) -> end_number(0)
    :: holder[1] == serial_of(t, c) -> end_number(1)
#endif
    :: else
    fi
}

/* What it carried and was not read is lost. */
inline connection_end(t, c) {
    asked[t] = asked[t] & (255 - (1 << (c)));
    said[t] = said[t] & (255 - (1 << (c)));
    if
    :: closed[t] & (1 << (c)) -> closed[t] = closed[t] & (255 - (1 << (c)))
    :: else -> cut[t] = cut[t] | (1 << (c))
    fi;
    if
#ifdef MUT_END_IS_DEATH
    :: holder[0] == serial_of(t, c) -> end_number(0)
    :: holder[1] == serial_of(t, c) -> end_number(1)
#else
    :: holder[0] == serial_of(t, c) -> orphan[0] = true
    :: holder[1] == serial_of(t, c) -> orphan[1] = true
#endif
    :: else
    fi
}

inline end_number(which) {
    n = which; server = CLEARING;
#ifdef MUT_NUMBER_GIVEN_FIRST
    holder[n] = 0; orphan[n] = false; unswept = true; server = WATCHING
#endif
}

inline next_slot(following) { i++; if :: i == SLOTS -> i = 0; server = following :: else fi }

#define is_serving (server == WATCHING && !dead[O] && !numbers_gone)
#define carries(what, t, c) (what[t] & (1 << (c)))

#ifdef SELF
#define PROCESSES 3
#else
#define PROCESSES 4
#endif
#ifdef SCRIBBLE
#define scribbled 1
#else
#define scribbled 0
#endif

/* Bits of a process that lives on after an exec stay until it ends, and so does its number. */
#define excused(n) (execed != 0 && holder[n] == execed && !is_proven(n) -> bit_of(n) : 0)
#define excused_bits (excused(0) | excused(1))

/* Nothing can happen any more: what crashes and losses cost has come back. */
inline judge() {
    assert(ended == PROCESSES + scribbled && server == WATCHING);
    assert(numbers_gone || asked[0] + asked[1] + said[0] + said[1] + closed[0] + closed[1] == 0);
    if
    :: numbers_gone -> skip
    :: else ->
       claim_end(!holder_over(0) && !holder_over(1));
       claim_end(!(third[0] & ~excused_bits)); claim_end(!(word[0] & (GIVER | OWNER)) || seat_lost);
#if SLOTS > 1
       claim_end(!(third[1] & ~excused_bits)); claim_end(!(word[1] & (GIVER | OWNER)) || seat_lost);
#endif
    fi
}

/* One connection: what it carries is read in order, and its end may be noticed at any time. */
#define connection_steps(t, c) \
    :: atomic { is_serving && carries(asked, t, c) -> answer(t, c) } \
    :: atomic { is_serving && carries(said, t, c) && !carries(asked, t, c) -> take_release(t, c) } \
    :: atomic { is_serving && (carries(closed, t, c) || (connection[t] == c && loses[t] > 0 && !carries(cut, t, c) && \
         !dead[T1 + t])) -> connection_end(t, c) }

proctype Server() {
    mtype server = WATCHING;
    byte i, n, reply;
    bool retired;
#ifdef EXPORTS
    bool exported;
#endif
#ifdef MUT_NUMBER_GIVEN_FIRST
    bool unswept;
#endif
    do
    connection_steps(0, 0)
#if LOSES > 0 || defined(EXECS)
    connection_steps(0, 1)
#endif
#if LOSES > 1 || (LOSES > 0 && defined(EXECS))
    connection_steps(0, 2)
#endif
    connection_steps(1, 0)
#if LOSES_T2 > 0
    connection_steps(1, 1)
#endif

    /* retire, and give the segment's handle numbers back */
#ifdef RETIRES
#ifdef MUT_LIVE_BEFORE_RETIRED
    :: atomic { is_serving && !retired -> retired = true; server = CHECKING }
    :: atomic { server == CHECKING -> if :: word[i] & LIVE -> i = 0; server = WATCHING :: else -> next_slot(RETIRING) fi }
    :: atomic { server == RETIRING -> word[i] = word[i] | RETIRED; next_slot(GIVING) }
#else
    :: atomic { is_serving && !retired -> retired = true; server = RETIRING }
    :: atomic { server == RETIRING -> word[i] = word[i] | RETIRED; next_slot(CHECKING) }
    :: atomic { is_serving && retired && !(all_words & LIVE) -> server = CHECKING }
    :: atomic { server == CHECKING -> if :: word[i] & LIVE -> i = 0; server = WATCHING :: else -> next_slot(GIVING) fi }
#endif
    :: atomic { server == GIVING -> claim(!(all_words & LIVE)); numbers_gone = true; server = WATCHING }
#endif

#ifdef EXPORTS
    :: atomic { is_serving && !exported && (word[0] & LIVE) ->
         word[0] = word[0] | RETIRED; exported = true; views[0] = views[0] | view_of(KEEPER) }
#endif

    /* third_numbers_reap(), finish(): the bit off every third word, and then the number is anybody's */
#ifndef MUT_NO_CLEARING
    :: atomic { is_serving && holder_over(0) -> end_number(0) }
#if NUMBERS > 1
    :: atomic { is_serving && holder_over(1) -> end_number(1) }
#endif
#endif
#ifdef MUT_NUMBER_GIVEN_FIRST
    :: atomic { is_serving && unswept -> server = CLEARING }
#endif
    :: atomic { server == CLEARING ->
         third[i] = third[i] & (255 - bit_of(n));
#ifdef MUT_CLEAR_PRESENCE_TOO
         word[i] = word[i] & (255 - GIVER - OWNER);
#endif
         i++;
         if
#ifdef MUT_CLEAR_ONE_WORD
         :: true ->
#else
         :: i < SLOTS -> skip
         :: i == SLOTS ->
#endif
            i = 0;
#ifdef MUT_NUMBER_GIVEN_FIRST
            unswept = false;
#else
            holder[n] = 0; orphan[n] = false;
#endif
            n = 0; server = WATCHING
         fi }

    :: atomic { dead[O] -> break }
    :: atomic { timeout -> judge(); break }
    od
}

#ifdef SCRIBBLE
proctype Scribble() {
    byte times = SCRIBBLE;
    do
    :: atomic { times > 0 -> times--;
         if
         :: word[0] = word[0] ^ LIVE
         :: word[0] = word[0] ^ GENERATION
         :: word[0] = word[0] ^ THIRD
         :: word[0] = word[0] ^ RETIRED
         :: word[0] = word[0] & (255 - GIVER - OWNER)
         :: third[0] = third[0] ^ 1
         :: third[0] = third[0] ^ 2
         :: third[0] = 255
         :: content[0] = 255
         :: told[0] != 0 -> told[0] = 77
         fi }
    :: atomic { times == 0 -> ended++; break }
    od
}
#endif

init {
    atomic {
        loses[0] = LOSES; loses[1] = LOSES_T2; trims[0] = TRIMS;
#ifdef SELF
        run Pair(O, STEPS_A + STEPS_O);
#else
        run Pair(A, STEPS_A);
        run Pair(O, STEPS_O);
#endif
        run Third(T1, STEPS_T1);
        run Third(T2, STEPS_T2);
        run Server();
#ifdef SCRIBBLE
        run Scribble()
#endif
    }
}
