/*
 * Where endpoints live: the directories in which processes of one user find each other.
 *
 * The list does not depend on the environment, so that a daemon and a desktop program agree: /run/user/UID/shshared,
 * then /tmp/shshared-UID, and where another user squats that name a fresh /tmp/shshared-UID.XXXXXX, found by its owner.
 * SHSHARED_RUNTIME_DIR replaces the list. A directory counts only when it is a real one, the user's, of mode 0700. In
 * it, one folder for each pid namespace.
 */
#ifndef SHSHARED_POSIX_DIRECTORY_H
#define SHSHARED_POSIX_DIRECTORY_H

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "backend.h"

struct directory {
    int fd;
    char path[PATH_MAX];
};

/* The directory for a process of this user, made where it is missing. Close it with directory_close(). */
shs_status directory_own(struct directory *own);

/* Walk over the directories of a user that exist: a search set up by directory_search(), ended by directory_finish().
 */
struct directory_search {
    uint32_t user;
    int stage;
    DIR *fresh;
    int want; /* errno, when something could not be looked at for want of descriptors or memory */
};

void directory_search(struct directory_search *search, uint32_t user);
bool directory_next(struct directory_search *search, struct directory *found);
void directory_finish(struct directory_search *search);

void directory_close(struct directory *directory);

#endif
