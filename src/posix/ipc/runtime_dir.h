/*
 * Where endpoints live: the directories in which processes of one user find each other.
 *
 * The list does not depend on the environment, so that a daemon and a desktop program agree: /run/user/UID/shshared,
 * then /tmp/shshared-UID, and where another user squats that name a fresh /tmp/shshared-UID.XXXXXX, found by its owner.
 * SHSHARED_RUNTIME_DIR replaces the list. A directory counts only when it is a real one, the user's, of mode 0700. In
 * it, one folder for each pid namespace.
 *
 * Processes that admit others meet where SHSHARED_RUNTIME_DIR names a shared folder: as /tmp is, root's, with the
 * sticky bit, and open to others, or to a group. In it each user has a directory of its own, UID, or a fresh
 * UID.XXXXXX, which others can read. Who admits nobody has no use for one, and does not trust it. Used by endpoint.c
 * alone; the place is read by attach.c.
 */
#ifndef SHSHARED_IPC_RUNTIME_DIR_H
#define SHSHARED_IPC_RUNTIME_DIR_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "status.h"

/* Bytes of a folder's path: a thread with the smallest stack holds some of them. */
#define RUNTIME_PATH_MOST 1024

/* What decides in a process where it looks. Read when it attaches, in the thread of a caller, and kept: another thread
 * may change the environment at any time, and whoever reads it then may crash. */
struct runtime_place {
    char forced[RUNTIME_PATH_MOST]; /* the only directory, whatever the process's own one becomes; empty: the list */
    bool shared;                    /* it is a shared folder */
};

void shs__runtime_place_read(struct runtime_place *place, bool admits);

struct runtime_dir {
    int fd;
    bool shared; /* other users may read it, and are to reach what is in it */
    char path[RUNTIME_PATH_MOST];
    dev_t root_device; /* the root in which the path counts; of a process's own */
    ino_t root_file;
};

/* The directory for a process of this user, made where it is missing. Close it with shs__runtime_dir_close(). */
shs_status shs__runtime_dir_own(const struct runtime_place *place, struct runtime_dir *own);

/* Is it where others look, and does it still count? In another root, after chroot(), the path says nothing: there it
 * is. */
bool shs__runtime_dir_is_in_place(const struct runtime_dir *own);

/* Walk over the directories of a user that exist: a search set up by shs__runtime_dir_search(), ended by
 * shs__runtime_dir_finish().
 */
struct runtime_dir_search {
    const struct runtime_place *place;
    uint32_t user;
    int stage;
    DIR *fresh;
    unsigned looked; /* names in it */
    int want;        /* errno, when something could not be looked at for want of descriptors or memory */
};

void shs__runtime_dir_search(struct runtime_dir_search *search, const struct runtime_place *place, uint32_t user);
bool shs__runtime_dir_next(struct runtime_dir_search *search, struct runtime_dir *found);
void shs__runtime_dir_finish(struct runtime_dir_search *search);

void shs__runtime_dir_close(struct runtime_dir *directory);

#endif
