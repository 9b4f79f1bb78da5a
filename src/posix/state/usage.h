/*
 * What the segments of a process use of that which it has few of, and how much of it others may have.
 *
 * Whoever may give can give without end. So something is left for the process itself, whatever all others do, and
 * something for the others, whatever one giver does. Counted by registry.c, for every segment that it lists, under the
 * context's lock.
 */
#ifndef SHSHARED_STATE_USAGE_H
#define SHSHARED_STATE_USAGE_H

#include "block/segment.h"

#define USAGE_GIVERS 256u

struct usage_sum {
    uint32_t segments;
    uint32_t descriptors; /* of what is not draining */
    uint32_t numbers;     /* of handles; so, too */
    uint64_t bytes;
};

struct usage {
    struct usage_sum all;
    struct usage_sum given;                  /* by others */
    struct usage_sum given_by[USAGE_GIVERS]; /* by one, or a few whose pids fall together */
};

/* May there be this one more, in the process of this pid? take_limit is the option. */
bool shs__usage_has_room(struct usage *usage, const struct segment *segment, shs_pid self, uint64_t take_limit);

/* Count a segment in, and out. What drains, and was counted out with its handles, has no descriptors and numbers. */
void shs__usage_add(struct usage *usage, const struct segment *segment, shs_pid self);
void shs__usage_remove(struct usage *usage, const struct segment *segment, shs_pid self);

#endif
