/*
 * Third processes that are accounted for: one segment, its giver A, its owner O, and two third processes T1 and T2.
 *
 * A slot has a second word, the third word: one bit for each third number, which O gives to a life of a third process
 * with its first LOOKUP. The bit THIRD of the state word says "look at the third word, too". Each process may be killed
 * before every access to shared memory. A T may lose its connection with or without views, look the segment up again,
 * say that it has no mapping left (RELEASE), or exec. Messages of a lost connection are read later, or never. O's
 * server retires, exports, clears what the dead left, and gives their numbers out again. Every atomic block has one
 * access to shared memory; what lies under a lock of one process goes with it.
 *
 * Claimed: no block is written while anybody has a view of the slot; a lock shows the block that its handle names; a
 * handle is freed once; a number that is given out has no bit set anywhere; and when nothing can happen any more, the
 * dead have no number and no bit is set but for lives that an exec ended.
 *
 * -DSELF: A is O. -DLOCKS: A and O lock, too. -DRETIRES: O retires the segment at any time. -DEXPORTS: map_handle.
 * -DRECLAIMS: slots that were retired for want of a number come back. -DEXECS: T1 may exec. -DONE_PID: T1 and T2 are
 * two copies of the library in one process. -DSCRIBBLE: somebody writes rubbish; then only: every step ends, no view
 * exceeds its slot, the server answers to the end. -DMUT_...: third_readers.md.
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
#define LOSES 0 /* how often T1 may lose its connection, or unlink its mapping */
#endif
#ifndef LOSES_T2
#define LOSES_T2 0
#endif
#ifndef RELEASES
#define RELEASES 0 /* how often T1 may say RELEASE */
#endif
#ifndef RELEASES_T2
#define RELEASES_T2 0
#endif
#define TRIES 2 /* SLOT_TRIES */
#define STRIDE 7

#define A 0
#define O 1
#define T1 2
#define T2 3
#define KEEPER 16 /* who has a block by map_handle: a view for ever */
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

/* What a T knows of its number; any other value is the bit in the third word. */
#define UNKNOWN 0
#define NONE 128
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

/* Lives of third processes: 1 T1, 2 T2, 3 T1 after its exec. A message is stamped with its life and connection. */
byte life[2], connection[2];
#define stamp(t) (life[t] * 4 + connection[t])
#define life_in(s) ((s) / 4)
#define connection_in(s) ((s) & 3)
byte lookup[2];  /* a request under way */
byte late[2];    /* one that a lost connection still carries */
byte told[2];    /* the response */
byte release[2]; /* a notification under way */

/* Ghosts. */
byte views[SLOTS]; /* who has a view */
byte freed[SLOTS]; /* the last generation that was freed */
bool seat_lost;    /* A died with a view: nobody may clear its presence */
bool numbers_gone; /* O has given the segment's handle numbers to another one */
bool exec_done;
byte ended;

mtype = { IDLE, LOOKING, TAKEN, FILLED, BACKED, CHANGING, LATE_BIT, VIEWING, LEAVING, FREEING, WAITING, LAST_OUT, ENDED };

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
inline see_block(process) {
    claim(freed[slot] < handle);
    claim(content[slot] == handle);
#ifdef SCRIBBLE
    tries = content[slot];
#ifndef MUT_UNCLAMPED
    tries = (tries < STRIDE -> tries : STRIDE);
#endif
    assert(tries <= STRIDE);
    tries = 0;
#endif
    views[slot] = views[slot] | view_of(process)
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
    claim(views[slot] == 0);
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
       claim(views[slot] == 0);
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
            see_block(self); handle = 0; seen = 0; tries = 0; at = VIEWING
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

#define me (self - 2)
#if SLOTS > 1
#define numbered_views (numbered[0] + numbered[1])
#define plain_views (plain[0] + plain[1])
#else
#define numbered_views numbered[0]
#define plain_views plain[0]
#endif

/* No view of the slot is left. */
inline end_view() {
    if :: numbered[slot] + plain[slot] == 0 -> views[slot] = views[slot] & (255 - view_of(self)) :: else fi
}

#ifdef MUT_RELEASE_WITH_VIEWS
#define may_release true
#else
#define may_release (numbered_views + plain_views == 0)
#endif

/* By kill or exec: all that is private is gone. */
inline vanish() {
    views[0] = views[0] & (255 - view_of(self)); numbered[0] = 0; plain[0] = 0;
#if SLOTS > 1
    views[1] = views[1] & (255 - view_of(self)); numbered[1] = 0; plain[1] = 0;
#endif
    known = 0; number = UNKNOWN; told[me] = 0; rest()
}

/* The connection is gone: what it still carries is read later, or never. */
inline lose_connection() {
    if
    :: lookup[me] != 0 -> late[me] = lookup[me]
    :: true
    fi;
    lookup[me] = 0; told[me] = 0; connection[me]++;
    if :: release[me] != 0 -> release[me] = 0 :: true fi
}

/* The response to LOOKUP. With views left in the mapping that has the number, that one is used again; or another is
 * made, which has none. */
inline take_response() {
#ifdef SCRIBBLE
#ifndef MUT_NUMBER_UNCHECKED
    told[me] = (told[me] == bit_of(0) || told[me] == bit_of(1) -> told[me] : NONE);
#endif
    assert(told[me] == NONE || told[me] <= ALL_BITS);
#endif
    if
    :: told[me] == NONE -> known = NONE
    :: told[me] != NONE && numbered_views == 0 -> number = told[me]; known = number
#ifdef MUT_SECOND_COUNTS
    :: told[me] != NONE && numbered_views > 0 -> number = told[me]; known = NONE
#else
    :: told[me] != NONE && numbered_views > 0 -> claim(number == told[me]); known = number
#ifndef RECLAIMS
    :: told[me] != NONE && numbered_views > 0 -> known = NONE
#else
#ifdef MUT_PLAIN_UNTOLD
    :: told[me] != NONE && numbered_views > 0 -> known = NONE
#endif
#endif
#endif
    fi;
    told[me] = 0
}

/* The mapping that a lock finds: the one with the number, or one without. */
#ifdef MUT_SECOND_COUNTS
#define has_number (number != UNKNOWN && number != NONE)
#else
#define has_number (known != NONE)
#endif
#define count_in(s) (known == NONE -> plain[s] : numbered[s])

inline count_one() {
    if :: known == NONE -> plain[slot]++ :: else -> numbered[slot]++ fi
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

/* Back out, or rest where there is no bit to take back. */
inline back_out() {
#ifdef MUT_NO_BACKING_OUT
    rest()
#else
    if :: has_number -> at = LEAVING :: else -> rest() fi
#endif
}

proctype Third(byte self; byte steps) {
    mtype at = IDLE;
    byte slot, handle, seen, tries;
    byte number = UNKNOWN, known; /* known: what the mapping in the handle table has; 0: there is none */
    byte numbered[SLOTS], plain[SLOTS];
    byte loses = (self == T1 -> LOSES : LOSES_T2), releases = (self == T1 -> RELEASES : RELEASES_T2);
#ifdef EXECS
    bool execs = (self == T1);
#endif
    do
    /* LOOKUP */
    :: atomic { at == IDLE && known == 0 && steps > 0 -> lookup[me] = stamp(me); at = WAITING }
    :: atomic { at == WAITING && told[me] != 0 -> take_response(); at = IDLE }
    :: atomic { at == WAITING && told[me] == 0 && (dead[O] || numbers_gone) -> lookup[me] = 0; steps = 0; at = IDLE }
    :: atomic { at == WAITING && loses > 0 -> loses--; lose_connection(); at = IDLE }

    /* a call */
    :: atomic { at == IDLE && known != 0 && steps > 0 ->
         steps--; choose_slot();
         if
         :: handle = 1; at = LOOKING
         :: handle = 2; at = LOOKING
#ifndef THIRDS_LOCK_ONLY
         :: handle = 1; begin(FREEING)
         :: handle = 2; begin(FREEING)
#endif
         fi }
#ifndef THIRDS_LOCK_ONLY
    :: atomic { at == FREEING -> slot_free() }
#endif

    /* lock: the view count 0 -> 1 under its BUSY bit, or one more */
    :: atomic { at == LOOKING ->
         if
         :: count_in(slot) > 0 ->
            if :: slot_names(word[slot], handle) -> count_one(); see_block(self) :: else fi;
            rest()
#ifdef MUT_WORD_FIRST
         :: count_in(slot) == 0 -> begin(CHANGING)
#else
         :: count_in(slot) == 0 && has_number -> third[slot] = third[slot] | number; at = BACKED
         :: count_in(slot) == 0 && !has_number -> begin(CHANGING)
#endif
         fi }
    :: atomic { at == BACKED ->
         seen = word[slot];
         if
         :: !slot_names(seen, handle) -> back_out()
#ifdef MUT_NO_CAS
         :: slot_names(seen, handle) && (seen & THIRD) -> /* with a load alone, the bit may be seen late */
            third[slot] = third[slot] & (255 - number); count_one(); see_block(self); at = LATE_BIT
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
            count_one(); see_block(self);
#ifdef MUT_WORD_FIRST
            if :: has_number -> at = LATE_BIT :: else -> rest() fi
#else
            rest()
#endif
         fi }
#if defined(MUT_WORD_FIRST) || defined(MUT_NO_CAS)
    :: atomic { at == LATE_BIT -> third[slot] = third[slot] | number; rest() }
#endif

    /* unlock: one view less; 1 -> 0 clears the bit */
    :: atomic { at == IDLE && plain[0] > 0 -> plain[0]--;
#ifdef MUT_SECOND_COUNTS
         if :: plain[0] == 0 -> at = LEAVING :: else fi
#else
         end_view()
#endif
       }
#ifndef MUT_UNLOCK_LATE
    :: atomic { at == IDLE && numbered[0] > 0 -> numbered[0]--;
         if :: numbered[0] == 0 -> at = LEAVING :: else end_view() fi }
#else
    :: atomic { at == IDLE && numbered[0] == 1 -> third[0] = third[0] & (255 - number); numbered[0] = 9 }
    :: atomic { at == IDLE && numbered[0] == 9 -> numbered[0] = 0; end_view() }
#endif
#if SLOTS > 1
    :: atomic { at == IDLE && plain[1] > 0 -> plain[1]--; slot = 1; end_view(); slot = 0 }
    :: atomic { at == IDLE && numbered[1] > 0 -> numbered[1]--; slot = 1;
         if :: numbered[1] == 0 -> at = LEAVING :: else end_view(); slot = 0 fi }
#endif
    :: atomic { at == LEAVING ->
         third[slot] = third[slot] & (255 - number);
         end_view();
#ifdef MUT_UNLOCK_CLEARS_THIRD
         if :: third[slot] == 0 -> at = LAST_OUT :: else -> rest() fi
#else
         rest()
#endif
       }
#ifdef MUT_UNLOCK_CLEARS_THIRD
    :: atomic { at == LAST_OUT -> word[slot] = word[slot] & (255 - THIRD); rest() }
#endif
#ifdef MUT_CHILD_UNLOCKS
    :: atomic { at == IDLE && numbered[0] > 0 -> third[0] = third[0] & (255 - number) }
#endif

    /* the mapping is unlinked: the connection is lost, or housekeeping met a lock that was under way */
    :: atomic { at == IDLE && known != 0 && loses > 0 ->
         loses--; known = 0;
         if :: lose_connection() :: true fi }

    /* every mapping of this owner's segments is closed, and it says so */
    :: atomic { at == IDLE && known != 0 && releases > 0 && release[me] == 0 && may_release ->
         releases--; known = 0;
         if :: numbered_views == 0 -> number = UNKNOWN :: else fi;
         release[me] = stamp(me) }

#ifdef EXECS
    :: atomic { at != ENDED && execs ->
         execs = false; exec_done = true; vanish(); lose_connection(); life[me] = 3 }
#endif
    :: atomic { at != ENDED ->
         dead[self] = true; vanish(); lose_connection(); loses = 0; releases = 0; steps = 0;
#ifdef EXECS
         execs = false;
#endif
         at = ENDED; ended++ }
    /* alive, and idle for ever */
    :: atomic { at == IDLE && steps == 0 && numbered_views + plain_views == 0 ->
         known = 0; number = UNKNOWN; loses = 0; releases = 0;
#ifdef EXECS
         execs = false;
#endif
         at = ENDED; ended++ }
    :: atomic { at == ENDED -> self = 0; break }
    od
}

/* ---- O's server; it waits for nobody ---- */

mtype = { WATCHING, RETIRING, CHECKING, GIVING, CLEARING, RECLAIMING };

byte holder[2];  /* of number 0, 1: a life; 0: nobody's */
byte newest[4];  /* of a life: the newest connection on which it was answered, and one */
bool without[4]; /* it was told NONE, and has not said RELEASE */

#ifdef ONE_PID
#define is_proven(l) (dead[T1] && dead[T2])
#else
#define is_proven(l) ((l) == 2 -> dead[T2] : dead[T1])
#endif

#ifdef MUT_LOST_IS_DEATH
#define is_over(l) (is_proven(l) || ((l) != 0 && newest[l] != 0 && newest[l] <= connection[(l) == 2]))
#else
#ifdef MUT_NEW_LIFE_IS_PROOF
#define is_over(l) (is_proven(l) || ((l) == 1 && (holder[0] == 2 || holder[1] == 2 || without[2])))
#else
#define is_over(l) is_proven(l)
#endif
#endif
#define holder_over(n) (holder[n] != 0 && is_over(holder[n]))

#if SLOTS > 1
#define all_words (word[0] | word[1])
#define all_thirds (third[0] | third[1])
#else
#define all_words word[0]
#define all_thirds third[0]
#endif

inline give(n, l) {
#ifndef VIEWS_ONLY
    claim(!(all_thirds & bit_of(n))); /* nobody else can still be behind it */
#endif
    holder[n] = l; reply = bit_of(n)
}

/* LOOKUP: the life has its number from before, gets one that is nobody's, or none. */
inline answer(t, request) {
    l = life_in(request);
    if
    :: holder[0] == l -> reply = bit_of(0)
    :: holder[1] == l -> reply = bit_of(1)
    :: holder[0] != l && holder[1] != l ->
       if
#ifdef MUT_NUMBER_BY_PID
       :: holder[0] != 0 -> reply = bit_of(0)
#endif
       :: holder[0] == 0 -> give(0, l)
#if NUMBERS > 1
       :: holder[0] != 0 && holder[1] == 0 -> give(1, l)
#endif
       :: else -> reply = NONE; without[l] = true; worn = true
       fi
    fi;
#ifdef MUT_FORGET_WITHOUT
    if :: reply != NONE -> without[l] = false :: else fi;
#endif
    newest[l] = (newest[l] > connection_in(request) -> newest[l] : connection_in(request) + 1);
    if :: request == stamp(t) && !dead[t + 2] -> told[t] = reply :: else fi;
    l = 0; reply = 0
}

/* RELEASE: taken from the newest connection only, as one that is read late may be older than what was told since. */
inline take_release(t) {
    l = life_in(release[t]);
    if
#ifdef MUT_RELEASE_UNORDERED
    :: true ->
#else
    :: connection_in(release[t]) + 1 < newest[l] -> skip
    :: connection_in(release[t]) + 1 >= newest[l] ->
#endif
       without[l] = false;
       if :: holder[0] == l -> holder[0] = 0 :: else fi;
       if :: holder[1] == l -> holder[1] = 0 :: else fi
    fi;
    release[t] = 0; l = 0
}

inline next_slot(following) { i++; if :: i == SLOTS -> i = 0; server = following :: else fi }

#define is_serving (server == WATCHING && !dead[O] && !numbers_gone)
#define nobody_without (!without[1] && !without[2] && !without[3])
#ifdef MUT_RECLAIM_EARLY
#define may_reclaim (!retired)
#else
#ifdef MUT_RECLAIM_AFTER_RETIRE
#define may_reclaim nobody_without
#else
#define may_reclaim (!retired && nobody_without)
#endif
#endif
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

/* Bits of a life that has ended, by exec, or in a process that lives on: they stay until its pid ends. */
#define has_ended(l) ((l) == 1 -> exec_done || dead[T1] : ((l) == 2 -> dead[T2] : dead[T1]))
#define excused(n) (holder[n] != 0 && has_ended(holder[n]) && !is_proven(holder[n]) -> bit_of(n) : 0)
#define excused_bits (excused(0) | excused(1))

/* Only what happens to views is claimed: for mutations that would be found by what is left at the end, too. */
#ifdef VIEWS_ONLY
#define claim_end(what) skip
#else
#define claim_end(what) claim(what)
#endif

/* Nothing can happen any more: what crashes and losses cost has come back. */
inline judge() {
    assert(ended == PROCESSES + scribbled && server == WATCHING);
    assert(numbers_gone || lookup[0] + lookup[1] + late[0] + late[1] + release[0] + release[1] == 0);
    if
    :: numbers_gone -> skip
    :: else ->
       claim_end(!holder_over(0) && !holder_over(1));
       claim_end(!(third[0] & ~excused_bits)); claim_end(!(word[0] & (GIVER | OWNER)) || seat_lost);
#ifdef RECLAIMS
       claim_end(!(word[0] & RETIRED) || exported[0] || retired || !nobody_without);
       claim_end(!(without[1] && is_proven(1)) && !(without[2] && is_proven(2)) && !(without[3] && is_proven(3)));
#endif
#if SLOTS > 1
       claim_end(!(third[1] & ~excused_bits)); claim_end(!(word[1] & (GIVER | OWNER)) || seat_lost);
#ifdef RECLAIMS
       claim_end(!(word[1] & RETIRED) || exported[1] || retired || !nobody_without);
#endif
#endif
    fi
}

proctype Server() {
    mtype server = WATCHING;
    byte i, n, l, reply;
    bool retired, worn, exported[SLOTS];
#ifdef MUT_NUMBER_GIVEN_FIRST
    bool unswept;
#endif
    do
    /* what others ask; on one connection in order */
    :: atomic { is_serving && lookup[0] != 0 && release[0] != lookup[0] -> answer(0, lookup[0]); lookup[0] = 0 }
    :: atomic { is_serving && lookup[1] != 0 && release[1] != lookup[1] -> answer(1, lookup[1]); lookup[1] = 0 }
    :: atomic { is_serving && late[0] != 0 && release[0] != late[0] -> answer(0, late[0]); late[0] = 0 }
    :: atomic { is_serving && late[1] != 0 && release[1] != late[1] -> answer(1, late[1]); late[1] = 0 }
    :: atomic { is_serving && release[0] != 0 -> take_release(0) }
    :: atomic { is_serving && release[1] != 0 -> take_release(1) }

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
    :: atomic { is_serving && !exported[0] && (word[0] & LIVE) ->
         word[0] = word[0] | RETIRED; exported[0] = true; views[0] = views[0] | view_of(4) }
#endif

    /* proof of death: the bit out of every third word, and then the number is anybody's */
#ifndef MUT_NO_CLEARING
#ifdef MUT_NUMBER_GIVEN_FIRST
    :: atomic { is_serving && holder_over(0) && !unswept -> holder[0] = 0; unswept = true }
    :: atomic { is_serving && unswept -> unswept = false; n = 0; server = CLEARING }
#else
    :: atomic { is_serving && holder_over(0) -> n = 0; server = CLEARING }
#endif
#if NUMBERS > 1
    :: atomic { is_serving && holder_over(1) -> n = 1; server = CLEARING }
#endif
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
#ifndef MUT_NUMBER_GIVEN_FIRST
            newest[holder[n]] = 0; holder[n] = 0;
#endif
            n = 0; server = WATCHING
         fi }

    /* retired for want of a number: when all who have none are over */
#ifdef RECLAIMS
    :: atomic { is_serving && without[1] && is_over(1) -> without[1] = false }
    :: atomic { is_serving && without[2] && is_over(2) -> without[2] = false }
    :: atomic { is_serving && without[3] && is_over(3) -> without[3] = false }
#ifndef MUT_NO_RECLAIM
    :: atomic { is_serving && worn && may_reclaim -> worn = false; server = RECLAIMING }
#endif
    :: atomic { server == RECLAIMING ->
         if
#ifndef MUT_RECLAIM_EXPORTED
         :: exported[i]
#endif
         :: else -> word[i] = word[i] & (255 - RETIRED)
         fi;
         next_slot(WATCHING) }
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
        life[0] = 1; life[1] = 2;
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
