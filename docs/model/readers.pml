/*
 * One process, and the end of a segment: src/posix/rcu/rcu.c, state/registry.c, src/posix/lock.c, alloc.c.
 *
 * X and Y are threads of the application. Inside a reader section they find the segment by a handle, by an address or by
 * their lease, and use it without a lock. Outside they may hold it, to fill a large block or to map the data for
 * reading: a held segment is not unlinked before the last hold is given back. The keeper (the server, or a thread that
 * lost a peer) gives the segment up. One that this process owns is retired, and unlinked when no block lives there; one
 * in which it allocates for a peer is unlinked at once.
 *
 * Unlinking is deferred work: a thread that reclaims takes it, waits for a grace period, and puts the segment on the
 * draining list if it has views. Else it is reclaimed, which is deferred work again: after one more grace period it is
 * closed. The context's lock is not held while somebody waits. Whoever unlinked something reclaims. The last unlock of
 * a draining segment looks through the draining list and reclaims; several threads may do so at once.
 *
 * A thread enters and leaves its section by a plain store: it may be seen late, but for the barrier in
 * rcu_synchronize(). Every statement holds at most one access to memory that threads share without a lock.
 *
 * Claimed: nobody touches the segment, a mapping or a view of it that was closed; a view can always be unlocked; no block
 * lives in numbers that were given back; a segment that was unlinked is closed once, when its last view is gone, without
 * a trim; no mapping is left over; nobody waits for a reader that does not exist any more.
 *
 * -DLATE: a view count becomes 0 by a plain store, too, which may be seen late. -DFENCED: as on systems without such a
 * barrier, every entry has a fence of its own. -DCEASES: the system may refuse the barrier from some time on. Readers are
 * told then; what was deferred is put back until each has come once with a fence of its own.
 */
#ifndef STEPS
#define STEPS 2
#endif

/* The mappings of the data: one for writing, and what X or Y mapped for reading. */
#define WRITING 0
#define reading_of(thread) ((thread) + 1)
#define MAPPINGS 3
#define NONE 3

/* Where the registry has it. UNLINKED and RECLAIMED are deferred work: rcu_defer(). */
mtype = { LINKED, UNLINKED, DRAINING, RECLAIMED, TAKEN, CLOSED };

/* What this process is to the segment. */
bool owned;  /* the owner; else it allocates in it, and the owner is a peer */
bool single; /* it has one large block, filled without a lease */

/* The segment, and what leads to it. */
bool in_table = true;  /* by a handle: handle_table_find() */
bool in_map[MAPPINGS]; /* by an address: address_map_find() */
byte shown = NONE;     /* data_reading: the mapping in which a lock for reading gives an address */
bool on_lease;         /* X allocates in it */
bool live, retired;    /* the state word of its one slot */
byte views;            /* the sum of the view counts */
bool late[3];          /* one less, by a thread's store that the others have not seen */
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
#ifdef CEASES
bool refused;          /* the barrier, by the system */
bool told[2];          /* that it needs a fence of its own: rcu_reader.fenced */
bool shows[2];         /* that it made one: RCU_FENCED in its section, as the others see it */
#endif

/* Ghosts. */
bool mapped[MAPPINGS];
bool given_back;       /* the numbers */
bool closed;
byte done;             /* threads, and the keeper */

#define touch() assert(!closed)
#define views_seen (views - late[me])
#define views_now (views - late[0] - late[1]) /* and so says the presence bit, which is cleared before */
#define is_vacant (!live && !retired && views_now == 0)

/* What a thread stored is seen by the others. */
inline flush(thread) {
    inside_seen[thread] = inside[thread];
    views = views - late[thread];
    late[thread] = false
}

/* A mutex is a fence, too. */
inline fence() {
    if
    :: me < 2 -> flush(me)
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

#ifdef CEASES
inline reader_enter() {
    fenced = told[me];
    atomic {
        set_inside(true);
        if
        :: fenced -> shows[me] = true; fence()
        :: !fenced
        fi
    }
}
#else
inline reader_enter() {
    atomic {
        set_inside(true);
#ifdef FENCED
        fence()
#endif
    }
}
#endif

/* A release: when it is seen, so is all that was done inside. */
inline reader_leave() { set_inside(false) }

/* What a thread stored is seen by the others some time later; who is seen to have left, all of it. */
proctype StoreBuffers() {
end:
    do
    :: atomic { inside_seen[0] != inside[0] || late[0] -> flush(0) }
    :: atomic { inside_seen[1] != inside[1] || late[1] -> flush(1) }
    :: atomic { !inside_seen[0] && inside[0] -> inside_seen[0] = true }
    :: atomic { !inside_seen[1] && inside[1] -> inside_seen[1] = true }
    :: atomic { late[0] -> late[0] = false; views-- }
    :: atomic { late[1] -> late[1] = false; views-- }
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

#ifdef CEASES
#ifdef MUT_TRUST_WHO_WAS_TOLD
#define can_be_seen(thread) true
#else
#define can_be_seen(thread) (!listed[thread] || shows[thread])
#endif

/* Else what was taken is put back. */
inline rcu_synchronize() {
    atomic { readers_are_free -> readers_lock = true }
    atomic {
        if
        :: !refused -> flush(0); flush(1); proved = true /* membarrier_all() */
        :: refused -> told[0] = true; told[1] = true; fence(); proved = can_be_seen(0) && can_be_seen(1)
        fi
    }
    if
    :: proved -> wait_for(0); wait_for(1)
    :: !proved
    fi;
    readers_lock = false;
    atomic {
        if
        :: !proved -> list = taken; taken = LINKED
        :: proved
        fi
    }
}
#else
inline rcu_synchronize() {
#if !defined(FENCED) && !defined(MUT_NO_BARRIER)
    atomic { flush(0); flush(1) } /* membarrier_all() */
#endif
    atomic { readers_are_free -> readers_lock = true }
    wait_for(0);
    wait_for(1);
    readers_lock = false
}
#endif

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
inline registry_end_hold() {
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

/* Without the context's lock. */
inline take_items() {
    atomic {
        fence();
        if
        :: list == UNLINKED || list == RECLAIMED -> taken = list;
#ifndef MUT_SHARE_LIST
           list = TAKEN
#endif
        :: else -> taken = LINKED
        fi
    }
}

#ifdef MUT_CLOSE_VIEWED
#define has_views false
#else
#define has_views (views_seen != 0)
#endif

/* Under the context's lock. */
inline reclaim_segment() {
    remove_spans();
    list = RECLAIMED
}

inline reclaim_or_drain() {
#ifdef MUT_LOOK_WITHOUT_LOCK
    looked = has_views;
    lock_context();
    if
    :: looked ->
#else
    lock_context();
    if
    :: has_views ->
#endif
#ifdef MUT_DRAINING_AFTER_LOOK
       draining = true;
#endif
       list = DRAINING
    :: else -> reclaim_segment()
    fi;
    unlock_context()
}

inline close_unlinked() {
    atomic {
        assert(!closed);
        closed = true;
        list = CLOSED;
        mapped[WRITING] = false;
        if :: shown != NONE -> mapped[shown] = false :: else fi
    }
}

#ifdef MUT_NO_FIRST_WAIT
#define waits_first false
#else
#define waits_first true
#endif
#ifdef MUT_NO_SECOND_WAIT
#define waits_again false
#else
#define waits_again true
#endif

/* context_reclaim() */
inline rcu_reclaim_all() {
    do
    :: true ->
#ifdef MUT_TAKE_AFTER_WAIT
       rcu_synchronize();
       take_items();
#else
       take_items();
       if
       :: (taken == UNLINKED && waits_first) || (taken == RECLAIMED && waits_again) -> rcu_synchronize()
       :: else
       fi;
#endif
       if
       :: taken == UNLINKED -> reclaim_or_drain()
       :: taken == RECLAIMED -> close_unlinked()
       :: taken == LINKED -> break
       fi
    od
}

inline registry_drain() {
    lock_context();
    if
    :: list == DRAINING && !has_views -> reclaim_segment()
    :: else
    fi;
    unlock_context()
}

/* ---- the threads of the application ---- */

#ifdef MUT_NO_LAST_UNLOCK
#define last_drains false
#else
#define last_drains true
#endif

#ifdef LATE
#define count_down() views = views - late[me]; late[me] = true
#else
#define count_down() views--
#endif

/* Of two that give back the last two views at once, one at least sees that it is the last: the fence is between its own
 * store and its look at what the other has. */
inline was_last() {
    atomic { touch(); found = draining }
    if
    :: found ->
#ifndef MUT_NO_FENCE
       atomic { fence() }
#endif
       atomic { touch(); drains = (views_seen == 0 && last_drains) }
    :: !found
    fi
}

proctype Thread(byte me; byte steps) {
    byte at;                   /* the mapping in which its view is */
    bool reading, found;
    bool drains, reclaims, again;
#ifdef CEASES
    bool fenced, proved;
#endif
    mtype taken = LINKED;
#ifdef MUT_LOOK_WITHOUT_LOCK
    bool looked;
#endif

    reader_register(true);
next:
    atomic {
        at = NONE; reading = false; found = false; drains = false; reclaims = false; again = false;
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
#ifdef LATE
        :: drains = true; goto reclaim /* the last unlock of another one */
#endif
        fi
    }

lock: /* backend_lock(), take_lock() */
    reader_enter();
    if
    :: atomic { in_table -> skip } /* handle_table_find() */
    :: atomic { !in_table -> reader_leave(); goto next }
    fi;
    atomic { touch(); at = (reading -> shown : WRITING) } /* view_lock() */
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
    atomic { touch(); assert(at == WRITING || at == shown); count_down() } /* view_unlock() */
#ifdef MUT_LEAVE_FIRST
    reader_leave();
    was_last();
#else
    was_last();
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
    atomic { touch(); assert(!live && views_now == 0) }
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
    registry_end_hold();
    unlock_context();
    if
    :: at != NONE -> mapped[at] = false /* another thread was faster */
    :: at == NONE
    fi;

reclaim:
    if
    :: drains -> registry_drain(); reclaims = true
    :: !drains
    fi;
    if
    :: reclaims -> rcu_reclaim_all()
    :: !reclaims
    fi;
    if
    :: atomic { again -> again = false; drains = false; reclaims = false; goto lock }
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

#ifdef CEASES
#define may_be_put_off (refused && (list == UNLINKED || list == RECLAIMED))
proctype System() {
end:
    atomic { !refused -> refused = true }
}
#else
#define may_be_put_off false
#endif

proctype Keeper() {
    byte me = 2;
    bool found;
#ifdef CEASES
    bool proved;
#endif
    mtype taken = LINKED;
#ifdef MUT_LOOK_WITHOUT_LOCK
    bool looked;
#endif
    lock_context();
    if
    :: !owned -> registry_unlink() /* unlink_segments() */
#ifdef MUT_RETIRE_HELD_LATER
    :: owned && holds != 0 -> unlink_pending = true
    :: owned && holds == 0 -> registry_retire()
#else
    :: owned -> registry_retire()
#endif
    fi;
    unlock_context();
    rcu_reclaim_all();
    if
    :: found -> /* trim_periodic(), some time later */
       if
       :: !live -> lock_context(); registry_unlink(); unlock_context(); rcu_reclaim_all()
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
#ifdef CEASES
        run System();
#endif
        run StoreBuffers()
    }
    atomic {
        done == 3 && !late[0] && !late[1] ->
        assert(views == 0 && holds == 0);
        assert(closed || (owned && live && in_table) || may_be_put_off);
        assert(!mapped[reading_of(0)] || shown == reading_of(0));
        assert(!mapped[reading_of(1)] || shown == reading_of(1));
        assert(!closed || !(mapped[WRITING] || mapped[reading_of(0)] || mapped[reading_of(1)]))
    }
}
