/*
 * Where processes find each other, as README and SECURITY.md describe it: the runtime folders of this user, and who has
 * an endpoint in them. What is found is a hint: whether a process takes blocks, only the library can say.
 */
#ifndef SHSHARED_TOOL_PLACES_H
#define SHSHARED_TOOL_PLACES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <shshared/shshared.h>

#define PLACES_MOST 8 /* beside the two fixed ones there may be fresh ones, made where somebody squats a name */

struct places {
    char paths[PLACES_MOST][PATH_MAX];
    size_t count, fixed; /* the fixed ones come first, in the order in which the library tries them */
    bool forced;         /* by SHSHARED_RUNTIME_DIR */
};

void places_find(struct places *places);

/* The pids of those who have an endpoint, each once, in order; released with free(). */
struct pids {
    shs_pid *pids;
    size_t count;
    int error; /* errno, when not all could be looked at */
};
void places_pids(const struct places *places, struct pids *found);

/* The folder in which a process has its endpoint; false where there is none. */
bool places_of(const struct places *places, shs_pid pid, char path[PATH_MAX]);

#endif
