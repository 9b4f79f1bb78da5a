/*
 * Third processes: one segment, its giver A, its owner O, and two third processes T1 and T2.
 *
 * A slot has a third word: one bit for each third number. O gives a number to a life of a process, with its first
 * LOOKUP, and the bit THIRD of the state word says "look at the third word, too". Where no number is left, the state
 * word counts the third processes without one that have a view; a full count stays full. What O knows of a life ends
 * when its process is proven to have ended, or when RELEASE_NUMBER comes by the newest connection on which that life
 * asked: then its bit is taken off every third word, and the number is free; and where nobody without a number is left,
 * the counts are cleared. A T says RELEASE_NUMBER as the last thing before it closes a connection, and only if nothing
 * is mapped.
 *
 * A life has one mapping of the segment at most: what a LOOKUP finds unlinked, draining or not, is linked again.
 *
 * Each process may be killed before every access to shared memory. A T loses its connection with views or without, its
 * own housekeeping unlinks the mapping while a lock is under way (trim), it looks up what it has registered already, or
 * it execs; O may end a connection, too. What was said on a connection that is gone is read later, or never. Every
 * atomic block has one access to shared memory; what lies under a lock of one process goes with it.
 *
 * Claimed: no block is written while anybody has a view of the slot; a lock shows the block that its handle names; a
 * handle is freed once; nobody works on a mapping that was closed; a number that is given has no bit set anywhere; and
 * when nothing can happen any more, the dead have no number, no bit is set but for a process that lives on after an
 * exec, and nobody is counted but while somebody without a number lives.
 *
 * -DSELF: A is O. -DREUSES: it allocates, frees, and allocates again, and that is all. -DLOCKS: A and O lock, too.
 * -DGIVES: they may have a view of a block from the start (alloc_locked). -DRETIRES: O retires the segment at any time.
 * -DEXPORTS: map_handle. -DLOSES=n, -DLOSES_T2=n: lost connections. -DTRIMS=n, -DTRIMS_T2=n: trims of a mapping.
 * -DEXECS: T1 may exec. -DTHREADS: T1 and T2 are two threads of one third process, which is not killed. -DCOPIES: they
 * are two lives of one process, which has the library twice. -DSCRIBBLE=n: somebody writes rubbish n times; then only
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
#define NUMBERS 1 /* 32 in the code; none, one or two here */
#endif
#ifndef COUNTED_MOST
#define COUNTED_MOST 3 /* 7 in the code: so many without a number, or more */
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
#ifndef TRIMS_T2
#define TRIMS_T2 0
#endif
#ifndef MAPS
#define MAPS 1 /* mappings that a third process has at most; two, where a mutation makes a twin */
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
#define COUNTED 32 /* one third process without a number */
#define GENERATION 128

#define without(w, flags) ((w) & (32767 - (flags)))
#define all_counted (GENERATION - COUNTED)
#define counted_in(w) (((w) & all_counted) / COUNTED)
#define generation_of(w) ((w) / GENERATION)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_next(w) ((generation_of(w) + 1) * GENERATION | LIVE)
#define is_vacant(w) (!((w) & (LIVE | RETIRED | GIVER | OWNER | all_counted))) /* and with THIRD, one look more */

#define NONE 128 /* in a response: there is no number left */
#define bit_of(n) (1 << (n))
#define ALL_BITS 3

#ifdef SCRIBBLE
#define claim(what) skip
#else
#define claim(what) assert(what)
#endif

short word[SLOTS];
byte third[SLOTS];
byte content[SLOTS]; /* the generation of the block that was written there */
bool dead[4];

/* The third processes, 0 and 1. A connection is named by who made it, and how many it had made before. */
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
mtype = { FREE, KNOWN, UNLINKED, DRAINING };
mtype mapping[2 * MAPS] = FREE;
byte third_bit[2 * MAPS];     /* its number's bit; 0: it has none */
byte grace[2 * MAPS];         /* the threads that its grace period waits for, and: */
#define DEFERRED 4            /* there is one */
#define AGAIN 8               /* it was linked and unlinked meanwhile: it needs another one */
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
byte execed;         /* T1 did: its connections from this one on are of another life */
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
       word[slot] = without(word[slot], LIVE);
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

/* THIRD is dropped by it. With a presence bit: alloc_locked, and the view count was set before. */
inline slot_publish(presence) {
    if
#ifdef MUT_STORE
    :: true ->
#else
    :: word[slot] != seen -> skip
    :: word[slot] == seen ->
#endif
       claim(!numbers_gone);
       claim(is_unseen(slot));
       word[slot] = slot_next(seen) | (presence);
#ifdef GIVES
       if
       :: (presence) != 0 -> views[slot] = views[slot] | (presence); at = VIEWING
       :: else
       fi
#endif
    fi
}

proctype Pair(byte self; byte steps) {
    mtype at = IDLE;
    byte slot, handle, tries;
    short seen;
#ifdef MUT_THIRD_WORD_FIRST
    byte early;
#endif
    do
    :: atomic { at == IDLE && steps > 0 ->
         steps--; choose_slot();
#ifdef REUSES
         if
         :: steps != 1 -> pool_take()
         :: steps == 1 -> handle = 1; begin(FREEING)
         fi
#else
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
         fi
#endif
       }
    :: atomic { at == LOOKING -> look_at_third() }
    :: atomic { at == TAKEN -> fill(); at = FILLED }
    :: atomic { at == FILLED -> slot_publish(0); rest() }
#ifdef GIVES
    :: atomic { at == FILLED ->
         slot_publish(view_of(self));
         if :: at == VIEWING -> seen = 0 :: else -> rest() fi }
#endif
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
#endif
#if defined(LOCKS) || defined(GIVES)
    :: atomic { at == VIEWING ->
         word[slot] = without(word[slot], view_of(self));
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
#if MAPS > 1
#define any_mapping(test) (test(me * MAPS) || test(me * MAPS + 1))
#else
#define any_mapping(test) test(me * MAPS)
#endif

#define has_views(m) (views_in(m) != 0)
#define is_free(m) (mapping[m] == FREE)
#ifdef MUT_RELEASE_WITH_MAPPING
#define is_used(m) (mapping[m] == KNOWN)
#else
#define is_used(m) (mapping[m] != FREE)
#endif
#define is_left_over(m) (mapping[m] != FREE && mapping[m] != KNOWN)

/* What a LOOKUP links again. */
#ifdef MUT_DRAINING_NOT_REVIVED
#define is_revivable(m) (mapping[m] == UNLINKED)
#else
#ifdef MUT_GRACE_NOT_REVIVED
#define is_revivable(m) (mapping[m] == DRAINING)
#else
#define is_revivable(m) is_left_over(m)
#endif
#endif

#ifdef THREADS
#define thread_bit (self - 1)
#define all_inside(m) ((inside[0] == (m) + 1 -> 1 : 0) | (inside[1] == (m) + 1 -> 2 : 0))
#else
#define thread_bit 1
#define all_inside(m) (inside[me] == (m) + 1 -> 1 : 0)
#endif

/* The thread leaves its reader: grace periods that began before wait for it no more. */
inline leave() {
    grace[mine] = grace[mine] & (255 - thread_bit);
    rest(); inside[self - 2] = 0
}

/* registry_unlink() */
inline unlink(m) {
    mapping[m] = UNLINKED;
#ifdef MUT_ONE_GRACE
    grace[m] = (grace[m] != 0 -> grace[m] : DEFERRED | all_inside(m))
#else
    grace[m] = (grace[m] != 0 -> grace[m] | AGAIN : DEFERRED | all_inside(m))
#endif
}

inline unlink_known() { unlink(me * MAPS + known[me] - 1); known[me] = 0 }

/* reclaim_or_drain(): a grace period is over */
#define may_reclaim(m) (grace[m] != 0 && !(grace[m] & 3))
inline reclaim_or_drain(m) {
    if
    :: grace[m] & AGAIN -> grace[m] = DEFERRED | all_inside(m)
    :: else ->
       grace[m] = 0;
       if
#ifdef MUT_RECLAIM_REVIVED
       :: !has_views(m) -> forget_mapping(m); known[me] = 0
#else
       :: mapping[m] == UNLINKED && !has_views(m) -> forget_mapping(m)
#endif
       :: mapping[m] == UNLINKED && has_views(m) -> mapping[m] = DRAINING
       :: else
       fi
    fi
}

/* registry_drain(), with the last view */
#define may_close(m) (mapping[m] == DRAINING && !has_views(m))

#define housekeeping(m) \
    :: atomic { at != ENDED && may_reclaim(m) -> reclaim_or_drain(m) } \
    :: atomic { at != ENDED && may_close(m) -> forget_mapping(m) }

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
    :: any_mapping(is_used)
    :: true /* it cannot be said */
    :: !any_mapping(is_used) && !(cut[me] & (1 << (closing[me] - 1))) ->
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
    mapping[m] = FREE; third_bit[m] = 0; grace[m] = 0
}

/* By kill or exec: all that is private is gone, and the kernel closes the connections. */
inline vanish() {
    forget_mapping(me * MAPS);
#if MAPS > 1
    forget_mapping(me * MAPS + 1);
#endif
    known[me] = 0; turn[me] = false; told[me] = 0;
    if
    :: closing[me] != 0 -> hang_up(closing[me] - 1)
    :: else
    fi;
    hang_up(connection[me]);
    closing[me] = 0; connection[me]++;
    rest(); inside[self - 2] = 0
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

/* revive(), registry_relink() */
inline revive(m) { mapping[m] = KNOWN; known[me] = m - me * MAPS + 1; told[me] = 0; turn[me] = false; at = IDLE }

/* use_number(), registry_add() */
inline map_found(m) {
    mapping[m] = KNOWN;
    third_bit[m] = (told[me] == NONE -> 0 : told[me]);
#ifdef MUT_REGISTER_TWICE
    if
    :: known[me] != 0 -> unlink_known()
    :: else
    fi;
#endif
    known[me] = m - me * MAPS + 1;
    told[me] = 0; turn[me] = false; at = IDLE
}

#ifdef MUT_NONE_LEAVES_NO_TRACE
#define counted(w) (w)
#else
#define counted(w) (counted_in(w) == COUNTED_MOST -> (w) : (w) + COUNTED)
#endif
#ifdef MUT_NO_TRACE
#define marked(w) (w)
#else
#define marked(w) (has_number -> (w) | THIRD : counted(w))
#endif

/* A count that is full stays so; of one that is empty somebody has taken more than was his. */
#ifdef MUT_FULL_IS_A_NUMBER
#define uncounted(w) (counted_in(w) == 0 -> (w) : (w) - COUNTED)
#else
#define uncounted(w) (counted_in(w) == 0 || counted_in(w) == COUNTED_MOST -> (w) : (w) - COUNTED)
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
    :: count_here == 1 -> count_here = BUSY; viewing[slot]--; at = LEAVING
#endif
    fi
}

#define can_uncount(m, s) (count[(m) * SLOTS + (s)] != 0 && count[(m) * SLOTS + (s)] != BUSY)
#define has_left (!any_mapping(has_views) && !any_mapping(is_left_over) && closing[me] == 0)

proctype Third(byte self; byte steps) {
    mtype at = IDLE;
    byte slot, handle, tries;
    short seen;
#ifdef EXECS
    bool execs = (self == T1);
#endif
    do
    /* LOOKUP: of what is not known; or of what is, by a thread that knew it not, or has a handle that is stale */
    :: atomic { at == IDLE && steps > 0 && !turn[me] ->
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
    :: atomic { at == MAPPING && is_revivable(me * MAPS) -> revive(me * MAPS) }
    :: atomic { at == MAPPING && !any_mapping(is_revivable) && is_free(me * MAPS) -> map_found(me * MAPS) }
#if MAPS > 1
    :: atomic { at == MAPPING && is_revivable(me * MAPS + 1) -> revive(me * MAPS + 1) }
    :: atomic { at == MAPPING && !any_mapping(is_revivable) && is_free(me * MAPS + 1) -> map_found(me * MAPS + 1) }
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
    housekeeping(me * MAPS)
#if MAPS > 1
    housekeeping(me * MAPS + 1)
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
         assert(mapping[mine] != FREE);
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
            word[slot] = marked(word[slot]);
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
#if MAPS > 1
    :: atomic { at == IDLE && can_uncount(me * MAPS + 1, 0) -> uncount(me * MAPS + 1, 0) }
#endif
#if SLOTS > 1
    :: atomic { at == IDLE && can_uncount(me * MAPS, 1) -> uncount(me * MAPS, 1) }
#endif
    :: atomic { at == LEAVING && !has_number ->
         assert(mapping[mine] != FREE);
         word[slot] = uncounted(word[slot]); count_here = 0; leave() }
    :: atomic { at == LEAVING && has_number ->
         assert(mapping[mine] != FREE);
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
    :: atomic { at == LAST_OUT -> word[slot] = without(word[slot], THIRD); count_here = 0; leave() }
#endif
#ifdef MUT_CHILD_UNLOCKS
    :: atomic { at == IDLE && can_uncount(me * MAPS, 0) -> third[0] = third[0] & (255 - third_bit[me * MAPS]) }
#endif

#ifdef EXECS
    :: atomic { at != ENDED && execs ->
         execs = false; execed = connection[me] + 1; vanish() }
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

/* What O knows of a life: of T1, of T2, of T1 after an exec. */
byte number[3];  /* its number's bit; 0: it has none */
byte newest[3];  /* the newest of its connections on which it has asked, and one; 0: nothing is known of it */
bool orphan[3];  /* that connection has ended */
byte taken;      /* the bits of numbers that are not free */
byte unnumbered; /* lives that were told that there is none left, a bit for each */

#ifdef EXECS
#define life_of(t, c) (((t) == 0 && execed != 0 && (c) >= execed) -> 2 : (t))
#else
#define life_of(t, c) (t)
#endif
#define newest_is(t, c) (newest[life_of(t, c)] == (c) + 1)
#ifdef COPIES
#define is_proven(l) (dead[T1] && dead[T2])
#else
#define is_proven(l) dead[((l) == 1 -> T2 : T1)]
#endif
#define is_over(l) (newest[l] != 0 && orphan[l] && is_proven(l))

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

inline give(to, its_bit) {
    claim_end(!(all_thirds & (its_bit))); /* nobody else can still be behind it */
    number[to] = its_bit; taken = taken | its_bit
}

/* LOOKUP, third_number_give(): the number of the life, one that is nobody's, or none. */
inline answer(t, c) {
#ifdef MUT_NUMBER_BY_PID
    l = 0;
#else
    l = life_of(t, c);
#endif
    if
#ifdef MUT_OLDER_TAKES_OVER
    :: true -> newest[l] = (c) + 1; orphan[l] = false
#else
    :: newest[l] < (c) + 1 -> newest[l] = (c) + 1; orphan[l] = false
    :: newest[l] >= (c) + 1
#endif
    fi;
    if
    :: number[l] != 0
#if NUMBERS > 0
    :: number[l] == 0 && !(taken & bit_of(0)) -> give(l, bit_of(0))
#endif
#if NUMBERS > 1
    :: number[l] == 0 && (taken & bit_of(0)) && !(taken & bit_of(1)) -> give(l, bit_of(1))
#endif
    :: else -> unnumbered = unnumbered | (1 << l)
    fi;
    if :: (c) == connection[t] && turn[t] -> told[t] = (number[l] == 0 -> NONE : number[l]) :: else fi;
    asked[t] = asked[t] & (255 - (1 << (c)));
    l = 0
}

/* RELEASE_NUMBER, third_number_release() */
inline take_release(t, c) {
    said[t] = said[t] & (255 - (1 << (c)));
    if
#ifdef MUT_OLDER_RELEASES
    :: newest[life_of(t, c)] != 0 -> end_life(life_of(t, c))
#else
    :: newest_is(t, c) -> end_life(life_of(t, c))
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
    :: newest_is(t, c) -> end_life(life_of(t, c))
#else
    :: newest_is(t, c) -> orphan[life_of(t, c)] = true
#endif
    :: else
    fi
}

/* end_all(): the life is forgotten; its number is free when its bit is off every third word. */
inline end_life(which) {
    n = number[which];
    if
    :: unnumbered & (1 << (which)) -> forgiving = true; forgiven = 0 /* from the first slot on */
    :: else
    fi;
    unnumbered = unnumbered & (255 - (1 << (which)));
    number[which] = 0; newest[which] = 0; orphan[which] = false;
    server = (n != 0 -> CLEARING : WATCHING);
#ifdef MUT_NUMBER_GIVEN_FIRST
    taken = taken & (255 - n); server = WATCHING
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
#define excused_bits (execed != 0 && !dead[T1] -> number[0] : 0)

/* Nothing can happen any more: what crashes and losses cost has come back. */
inline judge() {
    assert(ended == PROCESSES + scribbled && server == WATCHING);
    assert(numbers_gone || asked[0] + asked[1] + said[0] + said[1] + closed[0] + closed[1] == 0);
    if
    :: numbers_gone -> skip
    :: else ->
       claim_end(!(newest[0] && is_proven(0)) && !(newest[1] && is_proven(1)) && !(newest[2] && is_proven(2)));
       claim_end(!(all_words & all_counted) || unnumbered != 0);
       claim_end(!(all_thirds & ~excused_bits)); claim_end(!(all_words & (GIVER | OWNER)) || seat_lost)
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
    byte i, n, l;
    bool retired, forgiving;
    byte forgiven; /* slots */
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
#if LOSES > 2
    connection_steps(0, 3)
#endif
    connection_steps(1, 0)
#if LOSES_T2 > 0
    connection_steps(1, 1)
#endif
#if LOSES_T2 > 1
    connection_steps(1, 2)
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

    /* third_numbers_reap(), end_all(): the bit off every third word, and then the number is anybody's */
#ifndef MUT_NO_CLEARING
    :: atomic { is_serving && is_over(0) -> end_life(0) }
    :: atomic { is_serving && is_over(1) -> end_life(1) }
#ifdef EXECS
    :: atomic { is_serving && is_over(2) -> end_life(2) }
#endif
#endif
#ifdef MUT_NUMBER_GIVEN_FIRST
    :: atomic { is_serving && n != 0 -> server = CLEARING }
#endif
    :: atomic { server == CLEARING ->
         third[i] = third[i] & (255 - n);
#ifdef MUT_CLEAR_PRESENCE_TOO
         word[i] = without(word[i], GIVER | OWNER);
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
#ifndef MUT_NUMBER_GIVEN_FIRST
            taken = taken & (255 - n);
#endif
            n = 0; server = WATCHING
         fi }

    /* the same, where a life had no number: as long as there is none such, the counts of slot after slot are cleared */
#ifndef MUT_NO_FORGIVING
    :: atomic { is_serving && forgiving ->
         if
#ifndef MUT_FORGIVE_EARLY
         :: unnumbered != 0 -> forgiving = false; forgiven = 0
         :: unnumbered == 0 ->
#else
         :: true ->
#endif
            word[forgiven] = without(word[forgiven], all_counted);
#ifdef MUT_FORGIVE_RETIRED
            word[forgiven] = without(word[forgiven], RETIRED);
#endif
            forgiven++;
            if :: forgiven == SLOTS -> forgiving = false; forgiven = 0 :: else fi
         fi }
#endif

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
         :: word[0] = word[0] ^ COUNTED
         :: word[0] = word[0] | all_counted
         :: word[0] = without(word[0], GIVER | OWNER)
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
        loses[0] = LOSES; loses[1] = LOSES_T2; trims[0] = TRIMS; trims[1] = TRIMS_T2;
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
