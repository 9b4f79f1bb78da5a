/*
 * One process, and the end of a segment: src/posix/thread.c (gates), holdings.c (forget, settle), backend.c, alloc.c.
 *
 * X and Y are threads of the application. Inside their gates they find the segment by a handle, by an address or by
 * their lease, and use it without a lock. The keeper (the agent, or a thread that lost the peer) forgets the segment,
 * waits until nobody can be inside who still found it, and closes it when no view is left; otherwise the last unlock
 * does. A gate is a plain store: it may be seen late, but for the barrier in thread_wait(). Every statement holds at
 * most one access to memory that threads share.
 *
 * Claimed: nobody touches the segment or a view of it after it was closed; a view can always be given back; a segment
 * that was forgotten is closed when the last view is gone, without a sweep.
 *
 * -DFENCED: as on systems without such a barrier, every gate has a fence of its own.
 */
#ifndef STEPS
#define STEPS 2
#endif

#define WRITING 0
#define READING 1

/* The segment, and what leads to it. */
bool in_table = true;           /* by a handle: handle_find() */
bool in_views[2];               /* by an address: view_find() */
bool mapped[2];                 /* data, data_reading: can a lock give an address? */
bool on_lease = true;           /* X allocates in it */
byte pins;
bool filling, forsaken, leaving;
bool in_leaving_list;
bool closed;

bool world_lock;
byte gate[2];                   /* as its thread sees it */
byte gate_seen[2];              /* as the others do */

byte done;                      /* threads, and the keeper */

#define touch() assert(!closed)

inline lock_world() {
    atomic {
        !world_lock -> world_lock = true;
        if
        :: me < 2 -> gate_seen[me] = gate[me] /* a mutex is a fence, too */
        :: else
        fi
    }
}

inline unlock_world() { world_lock = false }

/* ---- gates ---- */

#ifdef MUT_NO_GATE
#define pass_gate skip
#else
#define pass_gate gate[me]++
#endif

inline thread_enter() {
    atomic {
        pass_gate;
#ifdef FENCED
        gate_seen[me] = gate[me]
#endif
    }
}

/* A release: when it is seen, so is all that was done inside. */
inline thread_leave() { pass_gate }

/* What a thread stored is seen by the others some time later. */
proctype StoreBuffers() {
end:
    do
    :: atomic { gate_seen[0] != gate[0] -> gate_seen[0] = gate[0] }
    :: atomic { gate_seen[1] != gate[1] -> gate_seen[1] = gate[1] }
    od
}

inline wait_for(thread) {
    seen = gate_seen[thread];
    if
    :: seen & 1 -> gate_seen[thread] != seen
    :: else
    fi
}

inline thread_wait() {
#if !defined(FENCED) && !defined(MUT_NO_BARRIER)
    atomic { gate_seen[0] = gate[0]; gate_seen[1] = gate[1] } /* barrier_all() */
#endif
    wait_for(0);
    wait_for(1);
    seen = 0
}

/* ---- holdings, under the world's lock ---- */

inline holdings_forget() {
    if
#ifndef MUT_FORGET_WHILE_FILLING
    :: filling -> forsaken = true
    :: !filling && in_table ->
#else
    :: in_table ->
#endif
#ifndef MUT_KEEP_LEASE
       on_lease = false; /* end_lease() */
#endif
       in_table = false; /* handle_remove() */
#ifdef MUT_REMOVE_SPANS_AT_ONCE
       in_views[WRITING] = false; in_views[READING] = false;
#endif
       in_leaving_list = true;
       leaving = true
    :: else
    fi
}

inline holdings_settle() {
    if
    :: in_leaving_list ->
#ifndef MUT_NO_FIRST_WAIT
       thread_wait();
#endif
       if
#ifdef MUT_CLOSE_PINNED
       :: true ->
#else
       :: pins != 0 -> skip
       :: pins == 0 ->
#endif
          in_leaving_list = false;
          in_views[WRITING] = false; in_views[READING] = false; /* remove_spans() */
#ifndef MUT_NO_SECOND_WAIT
          thread_wait();
#endif
          closed = true /* segment_close() */
       fi
    :: else
    fi
}

/* backend.c, the first view for reading: findable by its address before a lock can give it. */
inline map_reading() {
    lock_world();
    if
    :: in_table && !mapped[READING] -> /* holdings_add_reading() */
#ifdef MUT_LOCK_BEFORE_VIEW
       mapped[READING] = true;
       in_views[READING] = true
#else
       in_views[READING] = true;
       mapped[READING] = true
#endif
    :: else
    fi;
    unlock_world()
}

/* ---- the threads of the application ---- */

proctype Thread(byte me; byte steps) {
    byte access, seen;
    bool found, settle;

next:
    atomic {
        access = 0; found = false; settle = false;
        if
        :: steps == 0 -> goto finish
        :: steps > 0 -> steps--; access = WRITING; goto lock
        :: steps > 0 -> steps--; access = READING; goto lock
        :: steps > 0 && me == 0 -> steps--; goto alloc_shared
        :: steps > 0 && me == 1 -> steps--; goto alloc_single
        fi
    }

lock: /* take_step() */
    thread_enter();
    found = in_table; /* handle_find() */
    if
    :: atomic { found && mapped[access] -> touch() } /* segment_lock() */
       atomic { touch(); pins++ }
       thread_leave();
       goto unlock
    :: atomic { found && !mapped[access] -> touch() }
       thread_leave();
       map_reading();
       goto lock
    :: atomic { !found -> thread_leave(); goto next }
    fi;

unlock: /* backend_unlock() */
    touch(); /* the application looks at its view */
    thread_enter();
    assert(in_views[access]); /* view_find() */
    atomic { touch(); pins-- } /* segment_unlock() */
#ifdef MUT_LEAVE_FIRST
    thread_leave();
    atomic { touch(); settle = leaving }
#else
#ifndef MUT_NO_LAST_UNLOCK
    atomic { touch(); settle = leaving }
#endif
    thread_leave();
#endif
    if
    :: settle -> lock_world(); holdings_settle(); unlock_world()
    :: else
    fi;
    goto next;

alloc_shared: /* alloc_from_lease(): pool_take(), fill(), slot_publish() */
    thread_enter();
    found = on_lease;
    if
    :: found -> touch(); touch()
    :: else
    fi;
    thread_leave();
    goto next;

alloc_single: /* reuse_single(): it is filled outside the gate */
    lock_world();
    if
    :: in_table && !filling -> found = true; filling = true
    :: else
    fi;
    unlock_world();
    if
    :: found -> /* fill(), publish_single() */
       touch();
       touch();
       lock_world();
       filling = false;
       if
       :: forsaken -> holdings_forget(); holdings_settle()
       :: else
       fi;
       unlock_world()
    :: else
    fi;
    goto next;

finish:
    done++
}

/* ---- who gives the segment up ---- */

proctype Keeper() {
    byte me = 2, seen;
    lock_world();
    holdings_forget();
    holdings_settle();
    unlock_world();
    atomic { me = 0; done++ }
}

init {
    atomic {
        in_views[WRITING] = true;
        mapped[WRITING] = true;
        run Thread(0, STEPS);
        run Thread(1, STEPS);
        run Keeper();
        run StoreBuffers()
    }
    atomic { done == 3 -> assert(pins == 0); assert(leaving && closed) }
}
