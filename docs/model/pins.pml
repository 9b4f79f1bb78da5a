/*
 * One slot, and the threads of one process that share a seat in it: src/posix/pin.c.
 *
 * X and Y are threads of the process P. A pin counts P's views for writing and for reading. It goes from 0 to 1 together
 * with P's seat in the word, and back, while its BUSY bit is set. The allocator, another process, frees the block and
 * puts the next one there as soon as the word lets it. P may fork at any instant: the child has a copy of the pin as it
 * was, and gives back what it inherited. Every statement holds at most one access to shared memory.
 *
 * Claimed: no block is written while X or Y has a view of the slot; a lock shows the block that its handle names; what
 * was locked can be given back, by the child too; when all is quiet, the seat is empty and the pin is 0.
 */
#ifndef LOCKS
#define LOCKS 2  /* of each thread */
#define BLOCKS 3 /* a handle is a generation: 1 .. BLOCKS */
#endif

/* The word: LIVE, P's seat, generation. */
#define LIVE 1
#define SEAT 2
#define GENERATION 4
#define generation_of(w) ((w) / GENERATION)
#define slot_names(w, h) (((w) & LIVE) && generation_of(w) == (h))
#define slot_is_vacant(w) (!((w) & (LIVE | SEAT)))
#define slot_next(w) ((generation_of(w) + 1) * GENERATION | LIVE)

/* The pin: a count for writing, one for reading, and BUSY. */
#define WRITING 1
#define READING 4
#define PIN_MASK 3
#define PIN_BUSY 16
#define count_of(p, unit) (((p) / (unit)) & PIN_MASK)

byte word = GENERATION | LIVE;
byte pin;

/* Ghosts. */
byte content = 1; /* the generation of the block in the slot */
byte views[5];    /* of X and Y, by unit */

#define no_views (views[WRITING] == 0 && views[READING] == 0)

inline show_view() {
    assert(content == handle);
    views[unit]++
}

/* ---- X and Y ---- */

proctype Thread(byte locks) {
    byte handle, unit; /* the arguments of lock */
    byte seen, on_word;
    bool viewing;

next:
    atomic {
        handle = 0; unit = 0; seen = 0; on_word = 0; viewing = false;
        if
        :: locks == 0 -> goto done
        :: locks > 0 -> locks--
        fi;
        if :: unit = WRITING :: unit = READING fi;
        if :: handle = 1 :: handle = BLOCKS - 1 :: handle = BLOCKS fi
    }

pin_it: /* pin() */
    atomic { !(pin & PIN_BUSY) -> seen = pin } /* wait_while_busy() */
    if
    :: seen == 0 -> goto take_seat
    :: seen != 0 -> skip
    fi;
#ifdef MUT_NAME_BEFORE_PIN
    if
    :: atomic { slot_names(word, handle) -> skip }
    :: atomic { !slot_names(word, handle) -> goto next }
    fi;
#endif
    if
    :: atomic { pin != seen -> seen = 0; goto pin_it }
    :: atomic { pin == seen -> pin = pin + unit; seen = 0;
#ifdef MUT_NAME_BEFORE_PIN
         show_view(); viewing = true; goto use
#endif
       }
    fi;
    /* It counts: no other block can come. Is this the one? */
    if
    :: atomic { slot_names(word, handle) -> show_view(); viewing = true; goto use }
    :: atomic { !slot_names(word, handle) -> goto unpin }
    fi;

take_seat:
#ifndef MUT_NO_BUSY
    if
    :: atomic { pin != 0 -> goto pin_it }
    :: atomic { pin == 0 -> pin = PIN_BUSY }
    fi;
#endif
    /* slot_sit(): a load, and compare-and-swaps that load when they fail */
    on_word = word;
    do
    :: atomic { !slot_names(on_word, handle) -> break }
    :: atomic { slot_names(on_word, handle) && word != on_word -> on_word = word }
    :: atomic { slot_names(on_word, handle) && word == on_word -> word = word | SEAT; viewing = true; break }
    od;
    atomic {
        on_word = 0;
#ifdef MUT_NO_BUSY
        if :: viewing -> pin = pin + unit :: else fi;
#else
        pin = (viewing -> unit : 0);
#endif
        if
        :: viewing -> show_view()
        :: else -> goto next /* SLOT_STALE */
        fi
    }

use:
    assert(content == handle);

unpin: /* unpin() */
    atomic {
        !(pin & PIN_BUSY) -> seen = pin; /* wait_while_busy() */
        assert(count_of(seen, unit) > 0); /* else a view that could not be given back */
        if :: viewing -> views[unit]--; viewing = false :: else fi
    }
#ifdef MUT_NO_BUSY
    atomic { pin = pin - unit; seen = pin }
    if
    :: seen == 0 -> word = word & (255 - SEAT)
    :: else
    fi;
#else
    if
    :: atomic { seen != unit && pin != seen -> goto unpin }
    :: atomic { seen != unit && pin == seen -> pin = pin - unit; goto next }
    :: atomic { seen == unit && pin != seen -> goto unpin }
    :: atomic { seen == unit && pin == seen -> pin = PIN_BUSY }
    fi;
#ifdef MUT_PIN_BEFORE_SEAT
    pin = 0;
    word = word & (255 - SEAT); /* slot_stand() */
#else
    word = word & (255 - SEAT); /* slot_stand() */
    pin = 0;
#endif
#endif
    goto next;
done:
    skip
}

/* ---- the allocator ---- */

proctype Allocator(byte steps) {
    byte seen;
    do
    :: steps > 0 ->
       atomic { seen = word; steps-- }
       if
       :: seen & LIVE -> /* slot_free() */
          atomic { if :: word == seen -> word = word & (255 - LIVE) :: else -> steps++ fi; seen = 0 }
       :: slot_is_vacant(seen) && generation_of(seen) < BLOCKS -> /* pool_take(), fill(), slot_publish() */
          atomic { assert(no_views); content = generation_of(seen) + 1 }
          atomic { assert(no_views && word == seen); word = slot_next(seen); seen = 0 }
       :: else -> seen = 0
       fi
    :: atomic { steps == 0 -> break }
    od
}

/* ---- a child of P, in which only the one thread goes on that forked ---- */

proctype Child() {
    /* fork(), at any instant. segment_unlock_inherited() wants a pin that is not BUSY, and counts down in a copy. */
    atomic {
        assert(no_views || !(pin & PIN_BUSY));
        assert(count_of(pin, WRITING) >= views[WRITING] && count_of(pin, READING) >= views[READING])
    }
#ifdef MUT_CHILD_STANDS
    word = word & (255 - SEAT) /* the copy has come to 0 */
#endif
}

init {
    atomic {
        run Thread(LOCKS);
        run Thread(LOCKS);
        run Allocator(2 * BLOCKS);
        run Child()
    }
    atomic {
        _nr_pr == 1 ->
        assert(pin == 0);
        assert(!(word & SEAT))
    }
}
