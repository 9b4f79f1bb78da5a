/*
 * A process that makes one call of the library after the other, as it is told, and says what came of it.
 *
 * Used by sequences.c, which has three. A player that is killed is gone with its pid; its place takes another one.
 */
#ifndef TESTS_SEQUENCES_PLAYER_H
#define TESTS_SEQUENCES_PLAYER_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stdint.h>

enum move {
    MOVE_ALLOC,        /* size bytes of pattern seed for pid */
    MOVE_ALLOC_ROOM,   /* the same, with room for twice as many */
    MOVE_ALLOC_LOCKED, /* the same, and filled in place: also a view */
    MOVE_LOCK,         /* (handle, pid) with access; do its bytes match seed and size? */
    MOVE_UNLOCK,       /* view */
    MOVE_WRITE,        /* pattern seed at view, of size bytes */
    MOVE_MATCH,        /* does view show size bytes of pattern seed, and is it as large? */
    MOVE_FREE,         /* (handle, pid) */
    MOVE_MAP,          /* (handle, pid) for the process to, with access */
    MOVE_LIST,         /* the blocks of pid: their count into size */
    MOVE_STOP,         /* the library, and begin anew */
    MOVE_SETTLE        /* stop, and compare what is owned with what was owned at the beginning */
};

struct order {
    uint32_t move;
    shs_handle handle;
    shs_pid pid, to;
    uint32_t access, seed;
    uint64_t size, view;
};

struct outcome {
    int32_t status;
    shs_handle handle;
    uint64_t view, size;
    uint32_t matches; /* and nothing was written where the call failed */
};

struct player {
    shs_pid pid;
    int line;
};

/* It has attached when this returns. False where there is no process to be had. */
bool player_begin(struct player *player);

/* False when it has ended instead of an answer. */
bool player_play(const struct player *player, const struct order *order, struct outcome *outcome);

/* Kill it, and take its end. */
void player_kill(struct player *player);

#endif
