/*
 * One process, and the end of a segment: src/posix/process/reader.c and registry.c, src/posix/backend.c, alloc.c.
 *
 * X and Y are threads of the application. Inside a reader section they find the segment by a handle, by an address or by
 * their lease, and use it without a lock. The keeper (the server, or a thread that lost the peer) unlinks the segment,
 * waits until nobody can be inside who still found it, and closes it when no view is left; otherwise the last unlock
 * does. A thread enters and leaves its section by a plain store: it may be seen late, but for the barrier in
 * reader_synchronize(). Every statement holds at most one access to memory that threads share.
 *
 * Claimed: nobody touches the segment or a view of it after it was closed; a view can always be unlocked; a segment that
 * was unlinked is closed when the last view is gone, without a trim.
 *
 * -DFENCED: as on systems without such a barrier, every entry has a fence of its own.
 */
#ifndef STEPS
#define STEPS 2
#endif

#define WRITING 0
#define READING 1

/* The segment, and what leads to it. */
bool in_table = true;           /* by a handle: handle_table_find() */
bool in_map[2];                 /* by an address: address_map_find() */
bool mapped[2];                 /* data, data_reading: can a lock give an address? */
bool on_lease = true;           /* X allocates in it */
byte views;
bool filling, unlink_pending, draining;
bool in_draining_list;
bool closed;

bool context_lock;
byte section[2];                /* as its thread sees it; odd: inside */
byte section_seen[2];           /* as the others do */

byte done;                      /* threads, and the keeper */

#define touch() assert(!closed)

inline lock_context() {
    atomic {
        !context_lock -> context_lock = true;
        if
        :: me < 2 -> section_seen[me] = section[me] /* a mutex is a fence, too */
        :: else
        fi
    }
}

inline unlock_context() { context_lock = false }

/* ---- readers ---- */

#ifdef MUT_NO_READER
#define next_section skip
#else
#define next_section section[me]++
#endif

inline reader_enter() {
    atomic {
        next_section;
#ifdef FENCED
        section_seen[me] = section[me]
#endif
    }
}

/* A release: when it is seen, so is all that was done inside. */
inline reader_leave() { next_section }

/* What a thread stored is seen by the others some time later. */
proctype StoreBuffers() {
end:
    do
    :: atomic { section_seen[0] != section[0] -> section_seen[0] = section[0] }
    :: atomic { section_seen[1] != section[1] -> section_seen[1] = section[1] }
    od
}

inline wait_for(thread) {
    seen = section_seen[thread];
    if
    :: seen & 1 -> section_seen[thread] != seen
    :: else
    fi
}

inline reader_synchronize() {
#if !defined(FENCED) && !defined(MUT_NO_BARRIER)
    atomic { section_seen[0] = section[0]; section_seen[1] = section[1] } /* membarrier_all() */
#endif
    wait_for(0);
    wait_for(1);
    seen = 0
}

/* ---- the registry, under the context's lock ---- */

inline registry_unlink() {
    if
#ifndef MUT_UNLINK_WHILE_FILLING
    :: filling -> unlink_pending = true
    :: !filling && in_table ->
#else
    :: in_table ->
#endif
#ifndef MUT_KEEP_LEASE
       on_lease = false; /* end_lease() */
#endif
       in_table = false; /* handle_table_remove() */
#ifdef MUT_REMOVE_SPANS_AT_ONCE
       in_map[WRITING] = false; in_map[READING] = false;
#endif
       in_draining_list = true;
       draining = true
    :: else
    fi
}

inline registry_reclaim() {
    if
    :: in_draining_list ->
#ifndef MUT_NO_FIRST_WAIT
       reader_synchronize();
#endif
       if
#ifdef MUT_CLOSE_VIEWED
       :: true ->
#else
       :: views != 0 -> skip
       :: views == 0 ->
#endif
          in_draining_list = false;
          in_map[WRITING] = false; in_map[READING] = false; /* remove_spans() */
#ifndef MUT_NO_SECOND_WAIT
          reader_synchronize();
#endif
          closed = true /* segment_close() */
       fi
    :: else
    fi
}

/* backend.c, the first view for reading: to be found by its address before a lock can give that address. */
inline map_reading() {
    lock_context();
    if
    :: in_table && !mapped[READING] -> /* registry_add_reading() */
#ifdef MUT_SHOW_BEFORE_MAP
       mapped[READING] = true;
       in_map[READING] = true
#else
       in_map[READING] = true;
       mapped[READING] = true
#endif
    :: else
    fi;
    unlock_context()
}

/* ---- the threads of the application ---- */

proctype Thread(byte me; byte steps) {
    byte access, seen;
    bool found, reclaim;

next:
    atomic {
        access = 0; found = false; reclaim = false;
        if
        :: steps == 0 -> goto finish
        :: steps > 0 -> steps--; access = WRITING; goto lock
        :: steps > 0 -> steps--; access = READING; goto lock
        :: steps > 0 && me == 0 -> steps--; goto alloc_shared
        :: steps > 0 && me == 1 -> steps--; goto alloc_single
        fi
    }

lock: /* take_step() */
    reader_enter();
    found = in_table; /* handle_table_find() */
    if
    :: atomic { found && mapped[access] -> touch() } /* segment_lock() */
       atomic { touch(); views++ }
       reader_leave();
       goto unlock
    :: atomic { found && !mapped[access] -> touch() }
       reader_leave();
       map_reading();
       goto lock
    :: atomic { !found -> reader_leave(); goto next }
    fi;

unlock: /* backend_unlock() */
    touch(); /* the application looks at its view */
    reader_enter();
    assert(in_map[access]); /* address_map_find() */
    atomic { touch(); views-- } /* segment_unlock() */
#ifdef MUT_LEAVE_FIRST
    reader_leave();
    atomic { touch(); reclaim = draining }
#else
#ifndef MUT_NO_LAST_UNLOCK
    atomic { touch(); reclaim = draining }
#endif
    reader_leave();
#endif
    if
    :: reclaim -> lock_context(); registry_reclaim(); unlock_context()
    :: else
    fi;
    goto next;

alloc_shared: /* alloc_from_lease(): pool_take(), fill(), slot_publish() */
    reader_enter();
    found = on_lease;
    if
    :: found -> touch(); touch()
    :: else
    fi;
    reader_leave();
    goto next;

alloc_single: /* reuse_single(): it is filled outside the reader section */
    lock_context();
    if
    :: in_table && !filling -> found = true; filling = true
    :: else
    fi;
    unlock_context();
    if
    :: found -> /* fill(), publish_single() */
       touch();
       touch();
       lock_context();
       filling = false;
       if
       :: unlink_pending -> registry_unlink(); registry_reclaim()
       :: else
       fi;
       unlock_context()
    :: else
    fi;
    goto next;

finish:
    done++
}

/* ---- who gives the segment up ---- */

proctype Keeper() {
    byte me = 2, seen;
    lock_context();
    registry_unlink();
    registry_reclaim();
    unlock_context();
    atomic { me = 0; done++ }
}

init {
    atomic {
        in_map[WRITING] = true;
        mapped[WRITING] = true;
        run Thread(0, STEPS);
        run Thread(1, STEPS);
        run Keeper();
        run StoreBuffers()
    }
    atomic { done == 3 -> assert(views == 0); assert(draining && closed) }
}
