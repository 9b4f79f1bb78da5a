/*
 * One number of an owner, and the segments that have it one after the other: src/posix/answers.c (take_in, retire, find),
 * holdings.c and sweep.c (who forgets what, and when), backend.c (whose word on a handle is the last), remote.c, peer.c.
 *
 * The owner O has a single handle index. A offers segments of one slot, allocates, retires, loses its connection and
 * comes back, or dies; its questions may time out, and the answers come late. T is a third process that remembers what O
 * told it. A handle is a generation. What happens inside one word is the matter of slots.pml, and happens at once here,
 * but for alloc, which looks first and publishes later; what O does under its world's lock happens at once, too.
 *
 * Claimed: a number never means two blocks; a lock reaches the segment in which its handle was published; a handle that
 * is valid from the beginning to the end of a call is found, whatever anybody remembers; no block lives outside the
 * segment that has the number; when all is quiet, the number is free, or has a block, or is in a segment that A keeps.
 */
#ifndef STEPS_A
#define STEPS_A 3
#define STEPS_O 1
#define STEPS_T 2
#endif

#define BLOCKS 3
#define SEGMENTS 3 /* A offers the first two; the third is made by answers_map() */
#define MAPPED 3
#define NONE 0
#define LIMIT 0    /* the answer to an offer that is refused */

#define LIVE 1
#define SPENT 2
#define GENERATION 4
#define generation_of(w) ((w) / GENERATION)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_is_vacant(w) (!((w) & (LIVE | SPENT)))

mtype = { OFFER, RETIRE, END };

byte word[SEGMENTS + 1];
chan to_owner = [4] of { mtype, byte, byte };     /* what, the segment of an offer, connection */
chan to_allocator = [SEGMENTS] of { byte, byte }; /* the segment that was offered; it again, or LIMIT */

/* O */
byte own;        /* handle table: the segment to which the number leads */
byte own_link;   /* the connection that gave it */
bool revoked;
byte remembered; /* the number's last generation */

/* A */
bool held[SEGMENTS + 1]; /* GIVEN: A may allocate in it */
byte link = 1;
bool connected = true;

/* Ghosts. */
byte origin[BLOCKS + 1]; /* the segment in which a handle was published */
byte done;

#define is_valid(h) (origin[h] != NONE && slot_names(word[origin[h]], h))

inline slot_publish(segment, seen) {
    assert(own == segment);
    assert(origin[generation_of(seen) + 1] == NONE);
    origin[generation_of(seen) + 1] = segment;
    word[segment] = (generation_of(seen) + 1) * GENERATION | LIVE
}

/* ---- O: its agent ---- */

/* And prepare_words(). */
inline answers_take_in(segment, from) {
    own = segment;
    own_link = from;
    revoked = false;
#ifdef MUT_GENERATIONS_RESTART
    word[own] = 0
#else
    word[own] = remembered * GENERATION
#endif
}

inline holdings_forget() {
    assert(!(word[own] & LIVE));
    remembered = generation_of(word[own]); /* give_numbers_back() */
    own = NONE;
    own_link = 0;
    revoked = false
}

inline holdings_revoke() {
    word[own] = word[own] | SPENT;
    revoked = true;
    if
#ifdef MUT_FORGET_LIVE
    :: true -> holdings_forget()
#else
    :: !(word[own] & LIVE) -> holdings_forget()
    :: else
#endif
    fi
}

/* Room is wanted: what has no block makes it. */
inline holdings_give_back() {
    if
    :: own != NONE && !(word[own] & LIVE) -> holdings_revoke()
    :: else
    fi
}

/* RETIRE, and the end of a connection. It may be the next segment that has the number now. */
inline revoke_link() {
    if
    :: own != NONE && own_link == from -> holdings_revoke()
    :: else
    fi
}

/* Nobody receives what is sent to a connection that A has closed. */
inline reply(what) {
    if
    :: connected && from == link -> to_allocator ! segment(what)
    :: else
    fi
}

#define is_useless (own != NONE && (revoked || (word[own] & SPENT)) && !(word[own] & LIVE))

proctype Agent() {
    byte segment, from;
    do
    :: atomic { to_owner ? OFFER(segment, from) ->
         holdings_give_back();
         if
         :: own == NONE -> answers_take_in(segment, from); reply(segment)
         :: else -> reply(LIMIT)
         fi;
         segment = 0; from = 0 }
    :: atomic { to_owner ? RETIRE(segment, from) -> revoke_link(); from = 0 } /* answer_retire() */
#ifdef MUT_END_SILENTLY
    :: atomic { to_owner ? END(segment, from) -> from = 0 }
#else
    :: atomic { to_owner ? END(segment, from) -> revoke_link(); from = 0 } /* link_end() */
#endif
    :: atomic { is_useless -> holdings_forget() } /* sweep() */
    :: atomic { done == 3 && empty(to_owner) && !is_useless -> break }
    od;
    /* A late answer may wait until A asks again. */
    assert(own == NONE || (word[own] & LIVE) || (connected && held[own]) || nempty(to_allocator))
}

/* ---- lock and free: take_step(), in every process ---- */

inline begin_step() {
    steps--;
    if :: handle = 1 :: handle = 2 :: handle = BLOCKS fi;
    was_valid = is_valid(handle)
}

inline end_step() {
    handle = 0; was_valid = false; asked = false; answer = NONE
}

#define is_known(h) (table != NONE && slot_names(word[table], h))

/* The word names the block: slot_sit(), whose view ends elsewhere, or slot_free(). */
inline take(mark) {
    assert(origin[handle] == table);
    if
    :: word[table] = word[table] | mark
    :: word[table] = word[table] & (255 - LIVE)
    fi;
    end_step()
}

/* SHS_E_HANDLE. A handle that is valid now, and was when the call began, was valid all the time. */
inline fail() {
    assert(!(was_valid && is_valid(handle)));
    end_step()
}

/* answer_find(): only for a block that lives. */
inline remote_find() {
    asked = true;
    if
    :: own != NONE && slot_names(word[own], handle) -> answer = own
    :: else -> fail()
    fi
}

/* ---- O: its threads ---- */

/* A block in a segment of its own, which A knows nothing of, and after which no other comes. */
inline answers_map() {
    holdings_give_back();
    answers_take_in(MAPPED, 0);
    revoked = true;
    slot_publish(MAPPED, word[MAPPED])
}

inline take_own() {
    table = own;
    if
    :: is_known(handle) -> take(0)
    :: else -> fail()
    fi;
    table = NONE
}

proctype Owner(byte steps) {
    byte handle, answer, table;
    bool asked, was_valid;
    do
    :: atomic { steps > 0 -> begin_step(); take_own() }
    :: atomic { origin[BLOCKS] == NONE && word[MAPPED] == 0 && (own == NONE || !(word[own] & LIVE)) -> answers_map() }
    :: atomic { steps == 0 -> done++; break }
    od
}

/* ---- T ---- */

#ifdef MUT_BELIEVE_A_NEGATIVE
#define third_is_sure (asked || table != NONE)
#else
#define third_is_sure asked
#endif

proctype Third(byte steps) {
    byte handle, answer, table;
    bool asked, was_valid;
    do
    :: atomic { handle == 0 && steps > 0 -> begin_step() }
    :: atomic { handle != 0 && answer == NONE && is_known(handle) -> take(SPENT) }
    :: atomic { handle != 0 && answer == NONE && !is_known(handle) && third_is_sure -> fail() }
    :: atomic { handle != 0 && answer == NONE && !is_known(handle) && !third_is_sure -> remote_find() }
    :: atomic { answer != NONE -> table = answer; answer = NONE } /* know() */
    :: atomic { handle == 0 && table != NONE && !(word[table] & LIVE) -> table = NONE } /* sweep() */
    :: atomic { handle == 0 && steps == 0 -> table = NONE; done++; break }
    od
}

/* ---- A ---- */

#ifdef MUT_BELIEVE_A_SPENT_WORD
#define knows_best (table != NONE && held[table])
#else
#define knows_best (table != NONE && held[table] && !(word[table] & SPENT))
#endif

#define allocator_is_sure (asked || knows_best)
#define is_free (handle == 0 && asking == NONE && target == NONE) /* for the next call */

inline pool_take() {
    seen = word[lease];
    target = lease
}

inline offer() {
    steps--;
    offers++;
    asking = offers;
    to_owner ! OFFER(asking, link)
}

/* To map the segment, or to remember it, may fail. */
inline take_in() {
    if
    :: result == LIMIT
    :: result != LIMIT -> held[asking] = true; table = asking; lease = asking
#ifdef MUT_FAIL_SILENTLY
    :: result != LIMIT
#else
    :: result != LIMIT -> to_owner ! RETIRE(0, link) /* remote_retire() */
#endif
    fi;
    asking = NONE
}

/* An answer that comes late: nobody wants the segment that was taken in. */
inline discard() {
#ifdef MUT_DISCARD_SILENTLY
    skip
#else
    if
    :: result != LIMIT -> to_owner ! RETIRE(0, link)
    :: else
    fi
#endif
}

/* receive_answer(): those to earlier questions come first. */
inline receive_late_answers() {
    do
    :: nempty(to_allocator) -> to_allocator ? _(result); discard()
    :: empty(to_allocator) -> result = 0; break
    od
}

/* holdings_forget(), of a segment in which A allocates; alloc may be between its look and its publishing. */
inline forget_given(segment) {
    held[segment] = false;
    if :: table == segment -> table = NONE :: else fi;
    if :: lease == segment -> lease = NONE :: else fi
}

inline retire(segment) {
    to_owner ! RETIRE(0, link);
    forget_given(segment)
}

/* And holdings_forget_peer(). */
inline disconnect() {
    to_owner ! END(0, link);
    connected = false;
    forget_given(1);
    forget_given(2);
    table = NONE; asking = NONE; answer = NONE;
    was_valid = false; /* a call may fail for want of the connection that it has just asked */
    do
    :: nempty(to_allocator) -> to_allocator ? _(_)
    :: empty(to_allocator) -> break
    od
}

proctype Allocator(byte steps) {
    byte handle, answer, table;
    bool asked, was_valid;
    byte lease, target, seen;           /* where it allocates; the slot that it fills now, and its word */
    byte offers, asking, whose, result; /* what it has offered, and offers now; an answer */
    do
    /* alloc */
    :: atomic { is_free && lease != NONE && slot_is_vacant(word[lease]) && generation_of(word[lease]) < BLOCKS ->
         pool_take() }
    :: atomic { target != NONE && word[target] == seen -> slot_publish(target, seen); target = NONE; seen = 0 }
    :: atomic { target != NONE && word[target] != seen -> target = NONE; seen = 0 }
    :: atomic { is_free && connected && steps > 0 && offers < MAPPED - 1 &&
         (lease == NONE || !slot_is_vacant(word[lease])) -> offer() }
    :: atomic { asking != NONE && nempty(to_allocator) -> /* receive_answer() */
         to_allocator ? whose(result);
         if
         :: whose == asking -> take_in()
         :: else -> discard()
         fi;
         whose = 0; result = 0 }
    :: atomic { asking != NONE -> asking = NONE } /* the deadline */

    /* lock, free */
    :: atomic { is_free && steps > 0 -> begin_step() }
    :: atomic { handle != 0 && answer == NONE && is_known(handle) -> take((held[table] -> 0 : SPENT)) }
    :: atomic { handle != 0 && answer == NONE && !is_known(handle) && allocator_is_sure -> fail() }
    :: atomic { handle != 0 && answer == NONE && !is_known(handle) && !allocator_is_sure && connected ->
         receive_late_answers(); remote_find() }
    :: atomic { answer != NONE -> table = answer; answer = NONE } /* know(): now A is a third process */

    /* its agent: sweep(), trim() */
    :: atomic { connected && held[1] && !(word[1] & LIVE) -> retire(1) }
    :: atomic { connected && held[2] && !(word[2] & LIVE) -> retire(2) }

    /* the connection, and death */
    :: atomic { connected && link == 1 -> disconnect() }
    :: atomic { !connected -> link++; connected = true }
    :: atomic { connected -> disconnect(); break }
    :: atomic { is_free && steps == 0 -> break }
    od;
    atomic { end_step(); table = 0; lease = 0; target = 0; seen = 0; offers = 0; asking = 0; steps = 0; done++ }
}

init {
    atomic {
        run Agent();
        run Allocator(STEPS_A);
        run Owner(STEPS_O);
        run Third(STEPS_T)
    }
}
