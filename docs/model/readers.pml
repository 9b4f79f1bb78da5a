/*
 * One process, and the end of a segment: src/posix/process/reader.c and registry.c, src/posix/backend.c, alloc.c.
 *
 * X and Y are threads of the application. Inside a reader section they find the segment by a handle, by an address or by
 * their lease, and use it without a lock. Outside they may hold it, to fill a large block or to map the data for
 * reading: a held segment is not unlinked before the last hold is given back. The keeper (the server, or a thread that
 * lost a peer) gives the segment up. One that this process owns is retired, and unlinked when no block lives there; one
 * in which it allocates for a peer is unlinked at once.
 *
 * An unlinked segment goes to the unlinked list. A thread that reclaims takes all that is there, waits for a grace
 * period, puts what has views on the draining list, and closes the rest after a second grace period. It has the
 * context's lock while it takes, looks and puts, and not while it waits. Whoever unlinked something reclaims, and so
 * does the last unlock of a draining segment; several threads may reclaim at once.
 *
 * A thread enters and leaves its section by a plain store: it may be seen late, but for the barrier in
 * reader_synchronize(). Every statement holds at most one access to memory that threads share without a lock.
 *
 * Claimed: nobody touches the segment, a mapping or a view of it that was closed; a view can always be unlocked; no block
 * lives in numbers that were given back; a segment that was unlinked is closed once, when its last view is gone, without
 * a trim; no mapping is left over; nobody waits for a reader that does not exist any more.
 *
 * -DFENCED: as on systems without such a barrier, every entry has a fence of its own.
 */
#ifndef STEPS
#define STEPS 2
#endif

/* The mappings of the data: one for writing, and what X or Y mapped for reading. */
#define WRITING 0
#define reading_of(thread) ((thread) + 1)
#define MAPPINGS 3
#define NONE 3

/* The lists of the registry. */
mtype = { LINKED, UNLINKED, TAKEN, DRAINING };

/* What this process is to the segment. */
bool owned;  /* the owner; else it allocates in it, and the owner is a peer */
bool single; /* it has one large block, filled without a lease */

/* The segment, and what leads to it. */
bool in_table = true;  /* by a handle: handle_table_find() */
bool in_map[MAPPINGS]; /* by an address: address_map_find() */
byte shown = NONE;     /* data_reading: the mapping in which a lock for reading gives an address */
bool on_lease;         /* X allocates in it */
bool live, retired;    /* the state word of its one slot */
byte views;            /* the view count */
bool draining;

/* Under the context's lock. */
bool context_lock;
mtype list = LINKED;
byte holds;
bool unlink_pending;

/* Under the readers' lock. */
bool readers_lock;
bool listed[2];
bool inside[2];        /* in its section, as its thread sees it */
bool inside_seen[2];   /* as the others do */

/* Ghosts. */
bool mapped[MAPPINGS];
bool given_back;       /* the numbers */
bool closed;
byte done;             /* threads, and the keeper */

#define touch() assert(!closed)
#define is_vacant (!live && !retired && views == 0)

/* A mutex is a fence, too. */
inline fence() {
    if
    :: me < 2 -> inside_seen[me] = inside[me]
    :: else
    fi
}

inline lock_context() { atomic { !context_lock -> context_lock = true; fence() } }
inline unlock_context() { context_lock = false }

/* ---- readers ---- */

#ifdef MUT_NO_READER
#define set_inside(to) skip
#else
#define set_inside(to) inside[me] = to
#endif

inline reader_enter() {
    atomic {
        set_inside(true);
#ifdef FENCED
        inside_seen[me] = inside[me]
#endif
    }
}

/* A release: when it is seen, so is all that was done inside. */
inline reader_leave() { set_inside(false) }

/* What a thread stored is seen by the others some time later. */
proctype StoreBuffers() {
end:
    do
    :: atomic { inside_seen[0] != inside[0] -> inside_seen[0] = inside[0] }
    :: atomic { inside_seen[1] != inside[1] -> inside_seen[1] = inside[1] }
    od
}

#ifdef MUT_NO_READERS_LOCK
#define readers_are_free true
#else
#define readers_are_free !readers_lock
#endif

/* And the thread's end. */
inline reader_register(is_there) { atomic { readers_are_free -> listed[me] = is_there; fence() } }

/* In the code a section has a number, so that nobody waits for the thread's next section, too. */
inline wait_for(thread) {
    if
    :: listed[thread] -> atomic { !inside_seen[thread] -> assert(listed[thread]) }
    :: !listed[thread]
    fi
}

inline reader_synchronize() {
#if !defined(FENCED) && !defined(MUT_NO_BARRIER)
    atomic { inside_seen[0] = inside[0]; inside_seen[1] = inside[1] } /* membarrier_all() */
#endif
    atomic { readers_are_free -> readers_lock = true }
    wait_for(0);
    wait_for(1);
    readers_lock = false
}

/* ---- the registry ---- */

/* Under the context's lock. */
inline registry_unlink() {
    if
#ifdef MUT_UNLINK_HELD
    :: in_table ->
#else
    :: holds != 0 -> unlink_pending = true
    :: holds == 0 && in_table ->
#endif
#ifndef MUT_KEEP_LEASE
       on_lease = false; /* end_lease() */
#endif
       in_table = false; /* handle_table_remove() */
       atomic {
           if
           :: owned -> assert(!live); given_back = true
           :: !owned
           fi
       }
#ifdef MUT_REMOVE_SPANS_AT_ONCE
       remove_spans();
#endif
#ifdef MUT_DRAINING_AFTER_LOOK
       list = UNLINKED
#else
       atomic { list = UNLINKED; draining = true }
#endif
    :: else
    fi
}

/* Give a hold back. A segment that was to be unlinked meanwhile is unlinked with its last hold. */
inline end_hold() {
    holds--;
    if
    :: holds == 0 && unlink_pending -> registry_unlink();
#ifndef MUT_NO_RECLAIM_OF_HELD
       reclaims = true
#endif
    :: else
    fi
}

inline remove_spans() {
    in_map[WRITING] = false;
    atomic { in_map[reading_of(0)] = false; in_map[reading_of(1)] = false } /* at most one of them is there */
}

/* Without the lock. Draining segments may be taken on the off chance; one without views must be. */
inline take_list() {
    atomic {
        !context_lock -> fence();
        if
        :: list == UNLINKED || list == DRAINING -> taken = true;
#ifndef MUT_SHARE_LIST
           list = TAKEN
#endif
        :: list == DRAINING && views != 0
        :: list == LINKED || list == TAKEN
        fi
    }
}

#ifdef MUT_CLOSE_VIEWED
#define has_views false
#else
#define has_views (views != 0)
#endif

inline registry_reclaim() {
#ifdef MUT_TAKE_AFTER_WAIT
    reader_synchronize();
#endif
    take_list();
    if
    :: taken ->
#if !defined(MUT_NO_FIRST_WAIT) && !defined(MUT_TAKE_AFTER_WAIT)
       reader_synchronize();
#endif
#ifdef MUT_LOOK_WITHOUT_LOCK
       taken = !has_views;
       lock_context();
       if
       :: !taken ->
#else
       lock_context();
       if
       :: has_views ->
#endif
#ifdef MUT_DRAINING_AFTER_LOOK
          draining = true;
#endif
          atomic { list = DRAINING; unlock_context() }
       :: else ->
          remove_spans();
          unlock_context();
#ifndef MUT_NO_SECOND_WAIT
          reader_synchronize();
#endif
          atomic { /* segment_close() */
              assert(!closed);
              closed = true;
              mapped[WRITING] = false;
              if :: shown != NONE -> mapped[shown] = false :: else fi
          }
       fi
    :: !taken
    fi;
    taken = false
}

/* ---- the threads of the application ---- */

#ifdef MUT_NO_LAST_UNLOCK
#define last_reclaims false
#else
#define last_reclaims true
#endif

/* The last unlock of a draining segment reclaims; one that leaves views behind may, or not. */
inline look_at_draining() {
    atomic {
        touch();
        if
        :: draining -> reclaims = last_reclaims
        :: found || !draining
        fi
    }
}

proctype Thread(byte me; byte steps) {
    byte at;                   /* the mapping in which its view is */
    bool reading, found;
    bool reclaims, taken, again;

    reader_register(true);
next:
    atomic {
        at = NONE; reading = false; found = false; reclaims = false; again = false;
        if
        :: steps == 0 -> goto finish
        :: steps > 0 -> steps--
        fi;
        if
        :: goto lock
        :: reading = true; goto lock
        :: goto free
        :: !single && me == 0 -> goto alloc_shared
        :: single -> goto alloc_single
        :: reclaims = true; goto reclaim /* for the sake of another segment */
        fi
    }

lock: /* take_step() */
    reader_enter();
    if
    :: atomic { in_table -> skip } /* handle_table_find() */
    :: atomic { !in_table -> reader_leave(); goto next }
    fi;
    atomic { touch(); at = (reading -> shown : WRITING) } /* segment_lock() */
    if
    :: atomic { at == NONE && live -> touch(); reader_leave() } /* SHS_E_UNSUPPORTED */
       goto map_reading
    :: atomic { at != NONE && live -> touch(); views++ }
       reader_leave();
       goto unlock
    :: atomic { !live -> touch(); reader_leave(); goto next }
    fi;

unlock: /* backend_unlock() */
    assert(mapped[at]); /* the application looks at its view */
    reader_enter();
    assert(in_map[at]); /* address_map_find() */
    atomic { touch(); assert(at == WRITING || at == shown); views--; found = (views != 0) } /* segment_unlock() */
#ifdef MUT_LEAVE_FIRST
    reader_leave();
    look_at_draining();
#else
    look_at_draining();
    reader_leave();
#endif
    goto reclaim;

free:
    reader_enter();
    if
    :: atomic { in_table -> skip }
    :: atomic { !in_table -> reader_leave(); goto next }
    fi;
    atomic { touch(); live = false } /* slot_free() */
    atomic { reader_leave(); goto next }

alloc_shared: /* alloc_from_lease() */
    reader_enter();
    if
    :: atomic { on_lease -> skip }
    :: atomic { !on_lease -> reader_leave(); goto next }
    fi;
    if
    :: atomic { is_vacant -> touch() } /* pool_take() */
    :: atomic { !is_vacant -> touch(); reader_leave(); goto next }
    fi;
    goto fill;

alloc_single: /* reuse_single(): it is filled outside the reader section */
    atomic { /* under the context's lock: pool_get_single() */
        !context_lock -> fence();
        if
#ifdef MUT_FILL_HELD
        :: in_table && is_vacant -> touch(); holds++
#else
        :: in_table && holds == 0 && is_vacant -> touch(); holds++
#endif
        :: else -> goto next
        fi
    }

fill:
    atomic { touch(); assert(!live && views == 0) }
    atomic { /* slot_publish() */
        touch();
        if
#ifdef MUT_STORE
        :: true -> retired = false;
#else
        :: retired
        :: !retired ->
#endif
           assert(!given_back);
           live = true
        fi
    }
    if
    :: atomic { !single -> reader_leave(); goto next }
    :: single -> lock_context(); goto unhold /* publish_single() */
    fi;

map_reading:
    atomic { /* under the context's lock */
        !context_lock -> fence();
        if
        :: in_table && shown == NONE -> touch(); holds++
        :: else -> goto lock
        fi
    }
    atomic { touch(); at = reading_of(me); mapped[at] = true; again = true } /* segment_map_reading() */
    lock_context();
    if
#ifdef MUT_SHOW_TWICE
    :: true ->
#else
    :: shown != NONE
    :: shown == NONE ->
#endif
#ifdef MUT_SHOW_BEFORE_MAP
       shown = at;
       in_map[at] = true;
#else
       in_map[at] = true; /* address_map_insert() */
       shown = at;        /* segment_show_reading() */
#endif
       at = NONE
    fi;

unhold:
    end_hold();
    unlock_context();
    if
    :: at != NONE -> mapped[at] = false /* another thread was faster */
    :: at == NONE
    fi;

reclaim:
    if
    :: reclaims -> registry_reclaim()
    :: !reclaims
    fi;
    if
    :: atomic { again -> again = false; reclaims = false; goto lock }
    :: atomic { !again -> goto next }
    fi;

finish:
    atomic { reader_register(false); done++ }
}

/* ---- who gives the segment up ---- */

inline registry_retire() {
    on_lease = false; /* end_lease(), pool_remove() */
#ifdef MUT_LIVE_BEFORE_RETIRED
    atomic { touch(); found = live }
    atomic { touch(); retired = true }
#else
    atomic { touch(); retired = true }
    atomic { touch(); found = live }
#endif
    if
    :: !found -> registry_unlink()
    :: found
    fi
}

proctype Keeper() {
    byte me = 2;
    bool found, taken;
    lock_context();
    if
    :: !owned -> registry_unlink() /* registry_unlink_peer() */
#ifdef MUT_RETIRE_HELD_LATER
    :: owned && holds != 0 -> unlink_pending = true
    :: owned && holds == 0 -> registry_retire()
#else
    :: owned -> registry_retire()
#endif
    fi;
    unlock_context();
    registry_reclaim();
    if
    :: found -> /* trim_periodic(), some time later */
       if
       :: !live -> lock_context(); registry_unlink(); unlock_context(); registry_reclaim()
       :: done == 2 && live
       fi
    :: !found
    fi;
    atomic { me = 0; found = false; done++ }
}

init {
    atomic {
        if :: owned = true :: owned = false fi;
        if :: single = true :: single = false fi;
        if :: live = true :: live = false fi;
        on_lease = !single;
        in_map[WRITING] = true;
        mapped[WRITING] = true;
        if
        :: owned
        :: !owned -> shown = reading_of(0); in_map[shown] = true; mapped[shown] = true
        fi;
        run Thread(0, STEPS);
        run Thread(1, STEPS);
        run Keeper();
        run StoreBuffers()
    }
    atomic {
        done == 3 ->
        assert(views == 0 && holds == 0);
        assert(closed || (owned && live && in_table));
        assert(!mapped[reading_of(0)] || shown == reading_of(0));
        assert(!mapped[reading_of(1)] || shown == reading_of(1));
        assert(!closed || !(mapped[WRITING] || mapped[reading_of(0)] || mapped[reading_of(1)]))
    }
}
