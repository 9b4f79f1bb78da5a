/*
 * One handle number of an owner, and the segments that have it one after the other: src/posix/server/handlers.c (add,
 * release, look up), state/registry.c and trim.c (which segment is unlinked, and when), src/posix/lock.c (whose
 * word on a handle is the last), client/client.c, state/peer.c.
 *
 * The owner O has a single number. A is a giver: it adds segments of one slot, allocates, releases, loses its connection
 * and comes back, or dies; its requests may time out, and the responses come late. A release is queued: A unlinks the
 * segment at once, and tells O before its next request or at its next trim. T is a third process that remembers what O
 * told it. A handle is a generation. What happens inside one word is the matter of slots.pml, and happens at once here,
 * but for alloc, which looks first and publishes later; what O does under its context's lock happens at once, too.
 *
 * Claimed: a number never means two blocks; a lock reaches the segment in which its handle was published; a handle that
 * is valid from the beginning to the end of a call is found, whatever anybody remembers; no block lives outside the
 * segment that has the number; a release meets no segment that was asked for after it was queued; when all is quiet, the
 * number is free, or has a block, or is in a segment that A keeps; and while the connection lasts, no block is left of
 * an import whose response came too late.
 *
 * -DIMPORTS: A asks O to import a block (map_handle), and nobody else does; it may not ask for the rest.
 */
#ifndef STEPS_A
#define STEPS_A 3
#define STEPS_O 1
#define STEPS_T 2
#endif

#define BLOCKS 3
#define SEGMENTS 3 /* A adds the first two; the third is made by owner_import() */
#define IMPORTED 3
#define NONE 0
#define LIMIT 0    /* the response to ADD_SEGMENT when O has no number left */

#define LIVE 1
#define RETIRED 2
#define GENERATION 4
#define generation_of(w) ((w) / GENERATION)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_is_vacant(w) (!((w) & (LIVE | RETIRED)))

mtype = { ADD_SEGMENT, RELEASE_SEGMENT, IMPORT, UNHEARD, END };

byte word[SEGMENTS + 1];
chan to_owner = [6] of { mtype, byte, byte }; /* what, the segment that is added (or see releases), connection */
chan to_giver = [SEGMENTS] of { byte, byte }; /* the segment of the request; it again, or LIMIT, or a handle */

/* O */
byte own;            /* handle table: the segment to which the number leads */
byte own_connection; /* the connection that added it */
bool own_retired;
byte remembered;     /* the number's last generation */

/* A */
bool given[SEGMENTS + 1]; /* SEGMENT_GIVEN: A may allocate in it */
byte connection = 1;
bool connected = true;
chan releases = [SEGMENTS] of { byte }; /* not told yet; as a ghost: how many segments A had asked for by then */
byte unwanted;     /* a handle that came too late, not told yet */
byte unowned;      /* as a ghost: a handle of which nobody was told */

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

/* ---- O: its server ---- */

/* And prepare_words(). */
inline owner_register(segment, from) {
    own = segment;
    own_connection = from;
    own_retired = false;
#ifdef MUT_GENERATIONS_RESTART
    word[own] = 0
#else
    word[own] = remembered * GENERATION
#endif
}

inline registry_unlink() {
    assert(!(word[own] & LIVE));
    remembered = generation_of(word[own]); /* give_numbers_back() */
    own = NONE;
    own_connection = 0;
    own_retired = false
}

inline registry_retire() {
    word[own] = word[own] | RETIRED;
    own_retired = true;
    if
#ifdef MUT_UNLINK_LIVE
    :: true -> registry_unlink()
#else
    :: !(word[own] & LIVE) -> registry_unlink()
    :: else
#endif
    fi
}

/* A number is wanted: a segment without a block gives its own back. */
inline trim_unused() {
    if
    :: own != NONE && !(word[own] & LIVE) -> registry_retire()
    :: else
    fi
}

/* It names a number, and may meet the next segment that has it; but none that was asked for after the release. */
inline handle_release_segment(asked) {
    if
    :: own != NONE && own_connection == from -> assert(own <= asked); registry_retire()
    :: else
    fi
}

inline connection_end() {
    if
    :: own != NONE && own_connection == from -> registry_retire()
    :: else
    fi
}

/* Nobody receives what is sent on a connection that A has closed. */
inline respond(what) {
    if
    :: connected && from == connection -> to_giver ! segment(what)
    :: else
    fi
}

/* UNHEARD: it may have been closed, and the number be another block's. */
inline handle_free(handle) {
    if
#ifdef MUT_FREE_WHAT_IS_THERE
    :: own != NONE && (word[own] & LIVE) ->
#else
    :: own != NONE && slot_names(word[own], handle) ->
#endif
       assert(generation_of(word[own]) == handle);
       word[own] = word[own] & (255 - LIVE)
    :: else
    fi
}

/* A block in a segment of its own, which A does not know, and after which no other block comes. */
inline owner_import() {
    owner_register(IMPORTED, 0);
    own_retired = true;
    slot_publish(IMPORTED, word[IMPORTED])
}

#define is_useless (own != NONE && (own_retired || (word[own] & RETIRED)) && !(word[own] & LIVE))

proctype Server() {
    byte segment, from;
    do
    :: atomic { to_owner ? ADD_SEGMENT(segment, from) ->
         trim_unused();
         if
         :: own == NONE -> owner_register(segment, from); respond(segment)
         :: else -> respond(LIMIT)
         fi;
         segment = 0; from = 0 }
    :: atomic { to_owner ? RELEASE_SEGMENT(segment, from) -> handle_release_segment(segment); segment = 0; from = 0 }
#ifdef IMPORTS
    :: atomic { to_owner ? IMPORT(segment, from) ->
         trim_unused();
         if
         :: own == NONE && remembered < BLOCKS ->
            owner_import();
            unowned = generation_of(word[IMPORTED]);
            if
            :: connected && from == connection -> to_giver ! IMPORTED(unowned)
            :: else -> unowned = 0 /* it was lost with the connection: its block stays */
            fi
         :: else -> respond(LIMIT)
         fi;
         segment = 0; from = 0 }
    :: atomic { to_owner ? UNHEARD(segment, from) -> handle_free(segment); segment = 0; from = 0 }
#endif
#ifdef MUT_END_UNHEARD
    :: atomic { to_owner ? END(segment, from) -> from = 0 }
#else
    :: atomic { to_owner ? END(segment, from) -> connection_end(); from = 0 }
#endif
    :: atomic { is_useless -> registry_unlink() } /* trim_periodic() */
    :: atomic { done == 3 && empty(to_owner) && !is_useless -> break }
    od;
    /* A late response may wait until A sends its next request. */
    assert(own == NONE || (word[own] & LIVE) || (connected && given[own]) || nempty(to_giver));
#ifdef IMPORTS
    assert(unowned == 0 || !connected || nempty(to_giver) || !is_valid(unowned))
#endif
}

/* ---- lock and free: backend_lock(), backend_free(), in every process ---- */

inline begin_step() {
    steps--;
    if :: handle = 1 :: handle = 2 :: handle = BLOCKS fi;
    was_valid = is_valid(handle)
}

inline end_step() {
    handle = 0; was_valid = false; asked = false; response = NONE
}

#define is_known(h) (table != NONE && slot_names(word[table], h))

/* The word names the block: slot_acquire(), whose view ends elsewhere, or slot_free(). */
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

/* LOOKUP: only for a block that lives. */
inline client_lookup() {
    asked = true;
    if
    :: own != NONE && slot_names(word[own], handle) -> response = own
    :: else -> fail()
    fi
}

/* FREE: O does the compare-and-swap. */
inline client_free() {
    asked = true;
    if
    :: own != NONE && slot_names(word[own], handle) ->
       assert(origin[handle] == own);
       word[own] = word[own] & (255 - LIVE);
       end_step()
    :: else -> fail()
    fi
}

/* ---- O: its threads ---- */

inline take_own() {
    table = own;
    if
    :: is_known(handle) -> take(0)
    :: else -> fail()
    fi;
    table = NONE
}

proctype Owner(byte steps) {
    byte handle, response, table;
    bool asked, was_valid;
    do
    :: atomic { steps > 0 -> begin_step(); take_own() }
#ifndef IMPORTS
    :: atomic { origin[BLOCKS] == NONE && word[IMPORTED] == 0 && (own == NONE || !(word[own] & LIVE)) ->
         trim_unused(); owner_import() }
#endif
    :: atomic { steps == 0 -> done++; break }
    od
}

/* ---- T ---- */

#ifdef MUT_BELIEVE_WHAT_IS_KNOWN
#define third_is_sure (asked || table != NONE)
#else
#define third_is_sure asked
#endif

proctype Third(byte steps) {
    byte handle, response, table;
    bool asked, was_valid;
    do
    :: atomic { handle == 0 && steps > 0 -> begin_step() }
    :: atomic { handle != 0 && response == NONE && is_known(handle) -> take(RETIRED) } /* map_handle */
    :: atomic { handle != 0 && response == NONE && is_known(handle) -> take(0) }
    :: atomic { handle != 0 && response == NONE && !is_known(handle) && third_is_sure -> fail() }
    :: atomic { handle != 0 && response == NONE && !is_known(handle) && !third_is_sure -> client_lookup() }
    :: atomic { handle != 0 && response == NONE && !is_known(handle) && !third_is_sure -> client_free() }
    :: atomic { response != NONE -> table = response; response = NONE } /* map_found() */
    :: atomic { handle == 0 && table != NONE && !(word[table] & LIVE) -> table = NONE } /* trim_periodic() */
    :: atomic { handle == 0 && steps == 0 -> table = NONE; done++; break }
    od
}

/* ---- A ---- */

#ifdef MUT_BELIEVE_A_RETIRED_WORD
#define knows_best (table != NONE && given[table])
#else
#define knows_best (table != NONE && given[table] && !(word[table] & RETIRED))
#endif

#define giver_is_sure (asked || knows_best)
#define is_free (handle == 0 && adding == NONE && target == NONE) /* for the next call */

inline pool_take() {
    seen = word[lease];
    target = lease
}

/* Under the context's lock: O is told later. */
inline peer_queue_release() { releases ! added }

inline send_releases() {
    do
    :: nempty(releases) -> releases ? result; to_owner ! RELEASE_SEGMENT(result, connection)
    :: empty(releases) -> result = 0; break
    od
}

inline tell_unwanted() {
    if
    :: unwanted != 0 -> to_owner ! UNHEARD(unwanted, connection); unwanted = 0
    :: else
    fi
}

/* Before a request. */
inline send_releases_first() {
#ifdef MUT_TELL_AFTER_REQUEST
    skip
#else
    send_releases();
    tell_unwanted()
#endif
}

inline add_segment() {
    send_releases_first();
    steps--;
    added++;
    adding = added;
    to_owner ! ADD_SEGMENT(adding, connection)
}

/* To map the segment, or to remember it, may fail. */
inline take_in() {
    if
    :: result == LIMIT
    :: result != LIMIT -> given[adding] = true; table = adding; lease = adding
#ifdef MUT_FAIL_UNTOLD
    :: result != LIMIT
#else
    :: result != LIMIT -> peer_queue_release()
#endif
    fi;
    adding = NONE
}

/* A response that comes late: nobody wants the segment that was added. */
inline discard() {
#ifdef MUT_DISCARD_UNTOLD
    skip
#else
    if
    :: result != LIMIT && whose != IMPORTED -> peer_queue_release()
    :: result != LIMIT && whose == IMPORTED -> unwanted = result
    :: else
    fi
#endif
}

/* receive(): those to earlier requests come first. */
inline receive_late_responses() {
    do
    :: nempty(to_giver) -> to_giver ? whose(result); discard()
    :: empty(to_giver) -> whose = 0; result = 0; break
    od
}

/* registry_unlink(), of a segment in which A allocates; alloc may be between its look and its publishing. */
inline unlink_given(segment) {
    given[segment] = false;
    if :: table == segment -> table = NONE :: else fi;
    if :: lease == segment -> lease = NONE :: else fi
}

inline give_up(segment) {
    peer_queue_release();
    unlink_given(segment)
}

/* And unlink_segments(). */
inline peer_disconnect() {
    to_owner ! END(0, connection);
    connected = false;
    unlink_given(1);
    unlink_given(2);
    table = NONE; adding = NONE; response = NONE;
    was_valid = false; /* a call may fail for want of the connection on which it sent its request */
    do
    :: nempty(to_giver) -> to_giver ? _(_)
    :: nempty(releases) -> releases ? _
    :: empty(to_giver) && empty(releases) -> break
    od;
    unwanted = 0; unowned = 0
}

proctype Giver(byte steps) {
    byte handle, response, table;
    bool asked, was_valid;
    byte lease, target, seen;         /* where it allocates; the slot that it fills now, and its word */
    byte added, adding, whose, result; /* what it has added, and adds now; a response */
    do
    /* alloc */
    :: atomic { is_free && lease != NONE && slot_is_vacant(word[lease]) && generation_of(word[lease]) < BLOCKS ->
         pool_take() }
    :: atomic { target != NONE && word[target] == seen -> slot_publish(target, seen); target = NONE; seen = 0 }
    :: atomic { target != NONE && word[target] != seen -> target = NONE; seen = 0 }
    :: atomic { is_free && connected && steps > 0 && added < IMPORTED - 1 &&
         (lease == NONE || !slot_is_vacant(word[lease])) -> add_segment() }
    :: atomic { adding != NONE && nempty(to_giver) -> /* receive() */
         to_giver ? whose(result);
         if
         :: whose == adding && whose != IMPORTED -> take_in()
         :: whose == adding && whose == IMPORTED -> adding = NONE; unowned = 0 /* the caller knows the handle */
         :: else -> discard()
         fi;
         whose = 0; result = 0 }
    :: atomic { adding != NONE -> adding = NONE } /* the deadline */

#ifdef IMPORTS
    :: atomic { is_free && connected && steps > 0 && origin[BLOCKS] == NONE && word[IMPORTED] == 0 ->
         send_releases_first(); steps--; adding = IMPORTED; to_owner ! IMPORT(0, connection) }
#endif

    /* lock, free */
    :: atomic { is_free && steps > 0 -> begin_step() }
    :: atomic { handle != 0 && response == NONE && is_known(handle) -> take(0) }
    :: atomic { handle != 0 && response == NONE && is_known(handle) && !given[table] -> take(RETIRED) }
    :: atomic { handle != 0 && response == NONE && !is_known(handle) && giver_is_sure -> fail() }
    :: atomic { handle != 0 && response == NONE && !is_known(handle) && !giver_is_sure && connected ->
         send_releases_first(); receive_late_responses(); client_lookup() }
    :: atomic { handle != 0 && response == NONE && !is_known(handle) && !giver_is_sure && connected ->
         send_releases_first(); receive_late_responses(); client_free() }
    :: atomic { response != NONE -> table = response; response = NONE } /* map_found(): now A is a third process */

    /* its server: trim_periodic(), trim() */
#ifndef MUT_TRIM_TELLS_NOTHING
    :: atomic { connected && (nempty(releases) || unwanted != 0) -> send_releases(); tell_unwanted() }
#endif
    :: atomic { connected && given[1] && !(word[1] & LIVE) -> give_up(1) }
    :: atomic { connected && given[2] && !(word[2] & LIVE) -> give_up(2) }

    /* the connection, and death */
    :: atomic { connected && connection == 1 -> peer_disconnect() }
    :: atomic { !connected -> connection++; connected = true }
    :: atomic { connected -> peer_disconnect(); break }
#ifdef MUT_TRIM_TELLS_NOTHING
    :: atomic { is_free && steps == 0 -> break }
#else
    :: atomic { is_free && steps == 0 && empty(releases) && unwanted == 0 -> break }
#endif
    od;
    atomic { end_step(); table = 0; lease = 0; target = 0; seen = 0; added = 0; adding = 0; steps = 0; done++ }
}

init {
    atomic {
        run Server();
        run Giver(STEPS_A);
        run Owner(STEPS_O);
        run Third(STEPS_T)
    }
}
