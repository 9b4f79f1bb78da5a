/*
 * A block that is moved: src/posix/state/compaction.c, and who works on the block meanwhile: lock.c (try_table),
 * view_count.c, block_list.c.
 *
 * One process, two segments of one slot with one handle: the old one, and the one in the arena. M moves the block once,
 * or does not, where it is viewed. L and K are threads that each lock the block, write, and unlock; F and G both try to
 * free it; W lists. All find the segment in the table, and then work on it without a lock. The block was given by a
 * process that has ended, and nobody else has it mapped: that is decided before.
 *
 * Claimed: a view is of the memory that the handle leads to, as long as it lasts; what was written is there for the next
 * view; a handle is stale only when it was freed; a block is freed once; a list misses no block.
 */
#define OLD 0
#define NEW 1
#define BUSY 9 /* of a view count */

bool live[2];    /* the state words */
byte views[2];   /* the view counts */
byte data[2];    /* what was written last */
byte table = OLD;
bool moving;
byte freed;      /* times */
byte written;    /* by whoever had a view for the last time */
bool viewed;     /* one at a time, as the block says so to its writers: what they write is theirs to agree on */

/* Was the segment moved, or is it? compaction_moves() */
inline look_again(at, again) {
    d_step { again = (moving && at == OLD) || table != at; }
#ifndef MUT_NO_RETRY
    if
    :: again -> !moving
    :: else
    fi
#else
    again = false
#endif
}

inline count_one(at, got) {
    do
    :: atomic { views[at] == 0 -> views[at] = BUSY } -> break
    od
    got = live[at];
    d_step { views[at] = (got -> 1 : 0) }
}

proctype locker() {
    byte at;
    bool got, again = true;
    atomic { !viewed -> viewed = true }
    do
    :: again ->
        at = table;
        count_one(at, got);
        if
        :: got -> break
        :: else -> look_again(at, again)
        fi
    :: else -> break
    od;
    if
    :: got ->
        assert(at == table || freed);
        assert(data[at] == written);
        d_step { data[at] = data[at] + 1; written = written + 1 }
        assert(at == table || freed);
        assert(data[at] == written);
        views[at] = 0
    :: else -> assert(freed == 1)
    fi;
    viewed = false
}

proctype freer() {
    byte at;
    bool done, again = true;
    do
    :: again ->
        at = table;
        d_step {
            done = live[at];
            live[at] = false;
            freed = freed + done
        }
        if
        :: done -> break
        :: else -> look_again(at, again)
        fi
    :: else -> break
    od;
    assert(freed == 1)
}

proctype lister() {
    byte at;
    bool found, again = true;
    do
    :: again ->
        at = table;
        found = live[at];
        if
        :: found -> break
        :: else -> look_again(at, again)
        fi
    :: else -> break
    od;
    assert(found || freed == 1)
}

/* Under the context's lock. */
proctype mover() {
    bool word;
#ifndef MUT_NO_STOP
    if
    :: atomic { views[OLD] == 0 -> views[OLD] = BUSY }
    :: atomic { views[OLD] != 0 -> goto done }
    fi;
#endif
#ifndef MUT_FLAG_LATE
    moving = true;
#endif
#ifdef MUT_TABLE_FIRST
    table = NEW;
#endif
#ifdef MUT_COPY_LIVE
    word = live[OLD];
    data[NEW] = data[OLD];
    live[OLD] = false;
#else
    d_step { word = live[OLD]; live[OLD] = false }
    data[NEW] = data[OLD];
#endif
#ifdef MUT_FLAG_LATE
    moving = true;
#endif
    live[NEW] = word;
#ifdef MUT_FLAG_SHORT
    moving = false;
#endif
    table = NEW;
    moving = false;
    views[OLD] = 0;
done:
    skip
}

init {
    atomic {
        live[OLD] = true;
        run mover();
        run locker();
        run locker();
        run freer();
        run freer();
        run lister()
    }
}
