/*
 * One slot, and the threads of one process that share a presence bit in it: src/posix/block/view_count.c.
 *
 * X and Y are threads of the process P. The view count of a slot says how many views P has of it, for writing and for
 * reading. It goes from 0 to 1 together with P's presence bit in the state word, and back; while the two change, the
 * count's BUSY bit is set. The giver, another process, frees the block and puts the next one there as soon as the word
 * lets it. P may fork at any instant: before it does, it retires the slot where it has views; the child has a copy of
 * the count as it was, and gives back the views that it inherited. Every statement holds at most one access to shared
 * memory.
 *
 * -DGIVES: P itself is the giver, and another process frees. X or Y allocates, with a view of the new block from the
 * start or without one (alloc_locked, alloc); the owner may retire the slot in between.
 *
 * Claimed: no block is written while X or Y has a view of the slot; a lock shows the block that its handle names; what
 * was locked can be unlocked, by the child too; a view that was there before a fork shows its block for ever; when all is
 * quiet, the presence bit is clear and the count is 0.
 */
#ifndef LOCKS
#define LOCKS 2  /* of each thread */
#define BLOCKS 3 /* a handle is a generation: 1 .. BLOCKS */
#endif

/* The word: LIVE, P's presence bit, generation. */
#define LIVE 1
#define PRESENT 2
#define GENERATION 4
#define RETIRED 64
#define generation_of(w) (((w) / GENERATION) & 15)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_is_vacant(w) (!((w) & (LIVE | PRESENT | RETIRED)))
#define slot_next(w) ((generation_of(w) + 1) * GENERATION | LIVE)
#ifdef MUT_PUBLISH_ABSENT
#define published(w, presence) slot_next(w)
#else
#define published(w, presence) (slot_next(w) | (presence))
#endif

/* The view count: views for writing, views for reading, and BUSY. */
#define WRITING 1
#define READING 4
#define COUNT_MASK 3
#define COUNT_BUSY 16
#define count_of(c, increment) (((c) / (increment)) & COUNT_MASK)

byte word = GENERATION | LIVE;
byte count;
#ifdef GIVES
bool leased;  /* a thread allocates */
#endif

/* Ghosts. */
byte content = 1; /* the generation of the block in the slot */
byte views[5];    /* of X and Y, by increment */

#define no_views (views[WRITING] == 0 && views[READING] == 0)

inline show_view() {
    assert(content == handle);
    views[increment]++
}

/* ---- X and Y ---- */

proctype Thread(byte locks) {
    byte handle, increment; /* the arguments of lock */
    byte seen, on_word;
    bool viewing;

next:
    atomic {
        handle = 0; increment = 0; seen = 0; on_word = 0; viewing = false;
        if
        :: locks == 0 -> goto done
        :: locks > 0 -> locks--
        fi;
#ifdef GIVES
        if
        :: goto alloc
        :: increment = WRITING; goto alloc
        :: true
        fi;
#endif
        if :: increment = WRITING :: increment = READING fi;
        if :: handle = 1 :: handle = BLOCKS - 1 :: handle = BLOCKS fi
    }

count_one:
    atomic { !(count & COUNT_BUSY) -> seen = count } /* wait_while_busy() */
    if
    :: seen == 0 -> goto acquire
    :: seen != 0 -> skip
    fi;
#ifdef MUT_NAME_BEFORE_COUNT
    if
    :: atomic { slot_names(word, handle) -> skip }
    :: atomic { !slot_names(word, handle) -> goto next }
    fi;
#endif
    if
    :: atomic { count != seen -> seen = 0; goto count_one }
    :: atomic { count == seen -> count = count + increment; seen = 0;
#ifdef MUT_NAME_BEFORE_COUNT
         show_view(); viewing = true; goto use
#endif
       }
    fi;
    /* It is counted, so no other block can come into the slot. Is this the one? */
    if
    :: atomic { slot_names(word, handle) -> show_view(); viewing = true; goto use }
    :: atomic { !slot_names(word, handle) -> goto uncount }
    fi;

acquire:
#ifndef MUT_NO_BUSY
    if
    :: atomic { count != 0 -> goto count_one }
    :: atomic { count == 0 -> count = COUNT_BUSY }
    fi;
#endif
    /* slot_acquire(): a load, and compare-and-swaps that load when they fail */
    on_word = word;
    do
    :: atomic { !slot_names(on_word, handle) -> break }
    :: atomic { slot_names(on_word, handle) && word != on_word -> on_word = word }
    :: atomic { slot_names(on_word, handle) && word == on_word -> word = word | PRESENT; viewing = true; break }
    od;
    atomic {
        on_word = 0;
#ifdef MUT_NO_BUSY
        if :: viewing -> count = count + increment :: else fi;
#else
        count = (viewing -> increment : 0);
#endif
        if
        :: viewing -> show_view()
        :: else -> goto next /* SLOT_STALE */
        fi
    }

#ifdef GIVES
    goto use;

alloc:
    atomic { !leased -> leased = true }
    atomic {
        on_word = word; /* pool_take() */
        if
        :: slot_is_vacant(on_word) && generation_of(on_word) < BLOCKS
        :: else -> leased = false; goto next
        fi
    }
    atomic { assert(no_views); content = generation_of(on_word) + 1 } /* fill() */
#ifndef MUT_COUNT_AFTER_PUBLISHING
    if
    :: increment == 0
    :: atomic { increment != 0 && count == 0 -> count = increment } /* count_first() */
    fi;
#endif
    atomic { /* slot_publish() */
        leased = false;
        if
        :: word = word | RETIRED; on_word = 0;
#ifdef MUT_COUNT_AFTER_PUBLISHING
           goto next
#else
           if :: increment == 0 -> goto next :: else -> goto uncount fi
#endif
        :: word == on_word ->
           assert(no_views);
           word = published(on_word, (increment == 0 -> 0 : PRESENT));
           handle = generation_of(word); on_word = 0;
           if :: increment == 0 -> goto next :: else -> viewing = true; show_view() fi
        fi
    }
#ifdef MUT_COUNT_AFTER_PUBLISHING
    atomic { !(count & COUNT_BUSY) -> count = count + increment }
#endif
#endif

use:
    assert(content == handle);

uncount:
    atomic {
        !(count & COUNT_BUSY) -> seen = count; /* wait_while_busy() */
        assert(count_of(seen, increment) > 0); /* else a view that could not be unlocked */
        if :: viewing -> views[increment]--; viewing = false :: else fi
    }
#ifdef MUT_NO_BUSY
    atomic { count = count - increment; seen = count }
    if
    :: seen == 0 -> word = word & (255 - PRESENT)
    :: else
    fi;
#else
    if
    :: atomic { seen != increment && count != seen -> goto uncount }
    :: atomic { seen != increment && count == seen -> count = count - increment; goto next }
    :: atomic { seen == increment && count != seen -> goto uncount }
    :: atomic { seen == increment && count == seen -> count = COUNT_BUSY }
    fi;
#ifdef MUT_COUNT_BEFORE_PRESENCE
    count = 0;
    word = word & (255 - PRESENT); /* slot_release() */
#else
    word = word & (255 - PRESENT); /* slot_release() */
    count = 0;
#endif
#endif
    goto next;
done:
    skip
}

/* ---- another process: the giver, or with -DGIVES the owner ---- */

proctype Giver(byte steps) {
    byte seen;
    do
    :: steps > 0 ->
       atomic { seen = word; steps-- }
       if
       :: seen & LIVE -> /* slot_free() */
          atomic { if :: word == seen -> word = word & (255 - LIVE) :: else -> steps++ fi; seen = 0 }
#ifndef GIVES
       :: slot_is_vacant(seen) && generation_of(seen) < BLOCKS -> /* pool_take(), fill(), slot_publish() */
          atomic { assert(no_views); content = generation_of(seen) + 1 }
          atomic {
              if
              :: word == seen -> assert(no_views); word = slot_next(seen)
              :: else -> assert(word == (seen | RETIRED))
              fi;
              seen = 0
          }
#endif
       :: else -> seen = 0
       fi
    :: atomic { steps == 0 -> break }
    od
}

/* ---- a child of P, in which only the one thread goes on that forked ---- */

proctype Child() {
    byte shown;

    /* segment_retire_viewed(), before fork(): where there are views. */
    atomic { assert(no_views || count != 0); if :: count == 0 -> goto copy :: count != 0 fi }
    atomic {
#ifndef MUT_FORK_LEAVES_SLOT
        word = word | RETIRED;
#endif
        if :: no_views :: !no_views -> shown = content fi
    }
copy:
    /* fork(), at any instant. view_unlock_inherited() wants a count that is not BUSY, and counts down in a copy. */
    atomic {
        assert(no_views || !(count & COUNT_BUSY));
        assert(count_of(count, WRITING) >= views[WRITING] && count_of(count, READING) >= views[READING])
    }
    assert(shown == 0 || content == shown); /* the child looks at what it inherited, at any time */
#ifdef MUT_CHILD_CLEARS_PRESENCE
    word = word & (255 - PRESENT) /* the copy has come to 0 */
#endif
}

init {
    atomic {
        run Thread(LOCKS);
        run Thread(LOCKS);
        run Giver(2 * BLOCKS);
        run Child()
    }
    atomic {
        _nr_pr == 1 ->
        assert(count == 0);
        assert(!(word & PRESENT))
    }
}
