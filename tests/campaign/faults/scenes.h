/*
 * What the processes of the cast do, step by step: scenes of the life of a few blocks, among an owner, a giver, a third
 * process and a child of the giver.
 *
 * A step is one call of one process, and what it comes to when nothing fails. What the steps share (pids and handles)
 * lies in a props table that all processes see; views are each process's own. cast.c has the steps done, faults.c
 * chooses which one fails.
 */
#ifndef TESTS_FAULTS_SCENES_H
#define TESTS_FAULTS_SCENES_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inject.h"

#define PROPS 8
#define CALM_MS 20000 /* the timeout of every call but the one that meets a fault */

/* A block that all know of: its bytes are a pattern. */
struct prop {
    shs_handle handle;
    shs_pid owner;
    size_t size;
    uint32_t pattern;
};

struct props {
    shs_pid pids[PART_COUNT];
    struct prop blocks[PROPS];
};

enum action {
    START,     /* number: an shs_service, or START_SPARING */
    STOP,      /* until it is stopped */
    SELF,      /* shs_self() */
    ALLOC,     /* prop of number bytes for with */
    FILL,      /* the same by shs_alloc_locked(), which leaves a view */
    LOCK,      /* prop: a view that is kept */
    VIEW_SIZE, /* prop */
    UNLOCK,    /* prop */
    FREE,      /* prop */
    MAP,       /* a second handle of prop for with, which is prop number */
    PROBE,     /* with */
    WAIT,      /* number milliseconds for with */
    LIST,      /* with */
    FORK,      /* CHILD is born of this process */
    DIE,       /* at once */
    ACTION_COUNT
};

#define START_SPARING 9 /* an option for START: nothing is kept, and each block has pages of its own */

struct step {
    enum part part;
    enum action action;
    uint32_t prop;
    uint32_t number;
    enum part with;
    shs_status expected;
};

struct scene {
    const char *name;
    const char *object; /* the kind of memory objects, as the environment names it */
    const struct step *steps;
    uint32_t length;
};

extern const struct scene scenes[];
extern const uint32_t scene_count;

/* What came of a step. */
struct outcome {
    shs_status status;
    bool kept_errno;
    bool kept_outputs; /* or the status is SHS_OK */
    bool right;        /* sizes and bytes were what they must be */
};

/* In the process that the step names. Not for FORK and DIE. */
struct outcome perform(const struct step *step, struct props *props);

/* Give back every view and every start of this process. */
void leave_stage(void);

/* A call whose own timeout is to be so long; it must have been started. */
void set_timeout(uint32_t milliseconds);

const char *action_name(enum action action);

/* Does the header name this status for the function of the action, and can it be true of a process that lives? */
bool is_documented(enum action action, shs_status status, int error);

#endif
