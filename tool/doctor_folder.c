/*
 * doctor: the runtime folder. A process takes the first of a list that it can trust or make, or the one that
 * SHSHARED_RUNTIME_DIR names. Nothing is changed here, and no descriptor is needed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "doctor.h"
#include "places.h"

#define ABOUT "folder"
#define SPACE_LEAST ((uint64_t)64 << 10)

/* Of one folder: can it be used? */
enum use { USED, MADE, UNUSABLE };

/* Root's, and open to others as /tmp is: for those who set admit. */
static bool is_shared(const struct stat *about) {
    return S_ISDIR(about->st_mode) && about->st_uid == 0 && (about->st_mode & S_ISVTX) != 0 &&
           (about->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

/* It is not there: would it be made? */
static enum use look_at_parent(struct findings *findings, enum verdict bad, const char *path) {
    char parent[PATH_MAX];
    (void)snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash == NULL)
        (void)snprintf(parent, sizeof parent, ".");
    else
        slash[slash == parent] = '\0';
    if (access(parent, W_OK | X_OK) == 0) {
        finding(findings, SOUND, ABOUT, "", "%s is not there yet: the first process makes it", path);
        return MADE;
    }
    finding(findings, bad, ABOUT, bad == WRONG ? "make the folder above it, or name another one" : "",
            "%s cannot be made: %s: %s", path, parent, strerror(errno));
    return UNUSABLE;
}

static enum use refuse(struct findings *findings, enum verdict bad, const char *path, const struct stat *about) {
    const unsigned mode = (unsigned)(about->st_mode & 07777u);
    if (!S_ISDIR(about->st_mode))
        finding(findings, bad, ABOUT, "name a folder of your own instead", "%s is no folder (or a symbolic link)",
                path);
    else if (is_shared(about))
        finding(findings, bad, ABOUT,
                "programs that set admit can use it; for others, and this tool, unset the variable",
                "%s is a shared folder of root's, mode %04o", path, mode);
    else if (about->st_uid != geteuid())
        finding(findings, bad, ABOUT, "name a folder of your own; in /tmp a fresh name is taken instead",
                "%s is of user %lu, you are %lu", path, (unsigned long)about->st_uid, (unsigned long)geteuid());
    else
        finding(findings, bad, ABOUT,
                "name a folder that is for this alone; or chmod 700 it, if it is and you know who opened it",
                "%s is open to others: mode %04o", path, mode);
    return UNUSABLE;
}

static const char *unseen_mend(int error) {
    const bool misnamed = error == ENAMETOOLONG || error == ELOOP || error == ENOTDIR;
    return misnamed ? "name another folder" : "let its user search the folders above it";
}

static enum use look_at(struct findings *findings, enum verdict bad, const char *path) {
    struct stat about;
    if (lstat(path, &about) != 0 && errno == ENOENT) return look_at_parent(findings, bad, path);
    if (lstat(path, &about) != 0) {
        finding(findings, bad, ABOUT, unseen_mend(errno), "%s: %s", path, strerror(errno));
        return UNUSABLE;
    }
    if (!S_ISDIR(about.st_mode) || about.st_uid != geteuid() || (about.st_mode & 0077) != 0)
        return refuse(findings, bad, path, &about);
    if (access(path, R_OK | W_OK | X_OK) == 0) {
        finding(findings, SOUND, ABOUT, "", "%s: yours, mode %04o", path, (unsigned)(about.st_mode & 07777u));
        return USED;
    }
    finding(findings, bad, ABOUT, "chmod 700 it; where the file system is for reading only, name another folder",
            "%s cannot be written", path);
    return UNUSABLE;
}

static void look_at_space(struct findings *findings, const char *path) {
    struct statvfs about;
    if (statvfs(path, &about) != 0) return;
    const uint64_t space = (uint64_t)about.f_bavail * about.f_frsize;
    if (space < SPACE_LEAST || (about.f_files > 0 && about.f_favail == 0))
        finding(findings, WRONG, ABOUT, "make room on that file system: each process needs two entries there",
                "%s: %" PRIu64 " bytes and %" PRIu64 " entries are free", path, space, (uint64_t)about.f_favail);
    else
        finding(findings, SOUND, ABOUT, "", "%s: %" PRIu64 " MiB are free", path, space >> 20);
}

/* The first of a list that will do is enough: what is wrong with those before it is worth a note. */
void doctor_folder(struct findings *findings) {
    struct places places;
    enum use use = UNUSABLE;
    places_find(&places);
    for (size_t i = 0; use == UNUSABLE && i < places.fixed; i++) {
        use = look_at(findings, places.forced ? WRONG : NOTED, places.paths[i]);
        if (use == USED) look_at_space(findings, places.paths[i]);
    }
    if (places.forced && places.fixed == 0)
        finding(findings, WRONG, ABOUT, "name one with a shorter path", "SHSHARED_RUNTIME_DIR is longer than a path");
    if (use != UNUSABLE || places.forced) return;
    if (places.fixed < places.count)
        finding(findings, NOTED, ABOUT, "", "%s is taken instead", places.paths[places.fixed]);
    else if (access("/tmp", W_OK | X_OK) == 0)
        finding(findings, NOTED, ABOUT, "", "a fresh folder in /tmp is made instead");
    else
        finding(findings, WRONG, ABOUT, "make one of these, or name a folder of yours by SHSHARED_RUNTIME_DIR",
                "there is none that this user can have");
}
