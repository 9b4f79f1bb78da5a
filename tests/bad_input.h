/*
 * Bad input as a table: one row a call, with the status that it must give.
 *
 * The words of a row name its arguments: which handle, which process, and what else is wrong with it. arguments.c plays
 * the rows.
 */
#ifndef TESTS_BAD_INPUT_H
#define TESTS_BAD_INPUT_H

#include <shshared/shshared.h>

enum function { ALLOC, ALLOC_LOCKED, NO_VIEW, LOCK, FREE, MAP_FROM, MAP_TO, PROBE, LIST };

enum handle_kind {
    NONE,    /* 0 */
    ODD,     /* LIVE, but no multiple of 4 */
    HIGH,    /* LIVE, but with bit 31 */
    ONES,    /* all bits */
    NEVER,   /* well formed, never given out */
    FREED,   /* freed a moment ago */
    STALE,   /* freed, and its place used again */
    LIVE,    /* of this process, and fine */
    FOREIGN, /* of the other process, and fine there */
    READER   /* of this process, for reading only */
};

enum process_kind {
    ZERO,
    DEAD,  /* ended and taken */
    HUGE,  /* 2^32 - 1 */
    MINUS, /* this process's pid, negated: a process group to the system */
    SELF,
    OTHER
};

enum fault { CORRECT, NO_OUTPUT, BAD_ACCESS, WRITING };

struct row {
    enum function function;
    enum handle_kind handle;
    enum process_kind process;
    enum fault fault;
    shs_status expected;
};

static const struct row rows[] = {
    /* function, handle, process, fault, expected */
    { ALLOC, NONE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { ALLOC, NONE, ZERO, NO_OUTPUT, SHS_E_ARGUMENT },
    { ALLOC, NONE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC, NONE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC, NONE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC, NONE, MINUS, CORRECT, SHS_E_NO_PROCESS },

    { ALLOC_LOCKED, NONE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { ALLOC_LOCKED, NONE, ZERO, NO_OUTPUT, SHS_E_ARGUMENT },
    { ALLOC_LOCKED, NONE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC_LOCKED, NONE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC_LOCKED, NONE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { ALLOC_LOCKED, NONE, MINUS, CORRECT, SHS_E_NO_PROCESS },
    { NO_VIEW, NONE, SELF, CORRECT, SHS_E_ARGUMENT },

    { LOCK, LIVE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { LOCK, LIVE, SELF, BAD_ACCESS, SHS_E_ARGUMENT },
    { LOCK, NONE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { LOCK, NONE, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, NONE, ZERO, CORRECT, SHS_E_HANDLE },
    { LOCK, ODD, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, HIGH, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, ONES, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, NEVER, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, FREED, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, STALE, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, FOREIGN, SELF, CORRECT, SHS_E_HANDLE },
    { LOCK, ODD, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, NEVER, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, LIVE, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, FREED, OTHER, CORRECT, SHS_E_HANDLE },
    { LOCK, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, LIVE, MINUS, CORRECT, SHS_E_NO_PROCESS },
    { LOCK, READER, SELF, WRITING, SHS_E_READ_ONLY },

    { FREE, NONE, SELF, CORRECT, SHS_OK },
    { FREE, NONE, ZERO, CORRECT, SHS_OK },
    { FREE, NONE, DEAD, CORRECT, SHS_OK },
    { FREE, NONE, HUGE, CORRECT, SHS_OK },
    { FREE, ODD, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, HIGH, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, ONES, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, NEVER, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, FREED, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, STALE, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, FOREIGN, SELF, CORRECT, SHS_E_HANDLE },
    { FREE, NEVER, OTHER, CORRECT, SHS_E_HANDLE },
    { FREE, LIVE, OTHER, CORRECT, SHS_E_HANDLE },
    { FREE, FREED, OTHER, CORRECT, SHS_E_HANDLE },
    { FREE, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { FREE, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { FREE, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { FREE, LIVE, MINUS, CORRECT, SHS_E_NO_PROCESS },

    { MAP_FROM, LIVE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { MAP_FROM, LIVE, SELF, BAD_ACCESS, SHS_E_ARGUMENT },
    { MAP_FROM, NONE, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, ODD, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, HIGH, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, NEVER, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, FREED, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, STALE, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, FOREIGN, SELF, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, LIVE, OTHER, CORRECT, SHS_E_HANDLE },
    { MAP_FROM, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { MAP_FROM, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { MAP_FROM, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { MAP_FROM, READER, SELF, WRITING, SHS_E_READ_ONLY },
    { MAP_TO, LIVE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, LIVE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, LIVE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, LIVE, MINUS, CORRECT, SHS_E_NO_PROCESS },
    { MAP_TO, NEVER, OTHER, CORRECT, SHS_E_HANDLE },
    { MAP_TO, READER, OTHER, WRITING, SHS_E_READ_ONLY },

    { PROBE, NONE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { PROBE, NONE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { PROBE, NONE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { PROBE, NONE, MINUS, CORRECT, SHS_E_NO_PROCESS },

    { LIST, NONE, SELF, NO_OUTPUT, SHS_E_ARGUMENT },
    { LIST, NONE, ZERO, CORRECT, SHS_E_NO_PROCESS },
    { LIST, NONE, DEAD, CORRECT, SHS_E_NO_PROCESS },
    { LIST, NONE, HUGE, CORRECT, SHS_E_NO_PROCESS },
    { LIST, NONE, MINUS, CORRECT, SHS_E_NO_PROCESS },
};

#endif
