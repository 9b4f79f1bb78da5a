/*
 * Where endpoints live. See runtime_dir.h.
 */
#include "ipc/runtime_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/identity.h"
#include "os/process_info.h"

#define LISTED_PARENT "/tmp"
#define LISTED_NAME "shshared-"
#define NAMES_MOST 8192 /* looked at by one search: others may have any number there */

/* Root's, and nobody removes in it what is another's. */
static bool is_shared_folder(const char *path) {
    struct stat about;
    return lstat(path, &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == 0 && (about.st_mode & S_ISVTX) != 0 &&
           (about.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

void shs__runtime_place_read(struct runtime_place *place, bool admits) {
    const char *forced = shs__process_info_environment("SHSHARED_RUNTIME_DIR");
    size_t length = 0;
    if (forced == NULL) forced = "";
    if (forced[0] != '\0' && forced[0] != '/' && getcwd(place->forced, RUNTIME_PATH_MOST - 1) != NULL) {
        length = strlen(place->forced);
        place->forced[length++] = '/';
    }
    (void)snprintf(place->forced + length, RUNTIME_PATH_MOST - length, "%s", forced);
    place->shared = admits && is_shared_folder(place->forced);
}

static bool is_forced(const struct runtime_place *place) { return place->forced[0] != '\0'; }

/* The parent of the users' directories, which one of them can only have for itself: /tmp, or the shared folder. */
static const char *parent_of(const struct runtime_place *place) {
    return place->shared ? place->forced : LISTED_PARENT;
}

/* A user's directory there, whatever ends its name. False when that is too long. */
static bool name_in_parent(const struct runtime_place *place, uint32_t user, const char *ending,
                           char path[RUNTIME_PATH_MOST]) {
    const char *name = place->shared ? "" : LISTED_NAME;
    const int length = snprintf(path, RUNTIME_PATH_MOST, "%s/%s%u%s", parent_of(place), name, (unsigned)user, ending);
    return length > 0 && length < RUNTIME_PATH_MOST;
}

/* The fixed directories, by number; false when there is no such number. */
static bool fixed(const struct runtime_place *place, int number, uint32_t user, char path[RUNTIME_PATH_MOST]) {
    const int last = is_forced(place) ? 0 : 1;
    if (number > last || strlen(place->forced) >= RUNTIME_PATH_MOST - 64) return false;
    if (place->shared || number == 1) return name_in_parent(place, user, "", path);
    if (is_forced(place))
        (void)snprintf(path, RUNTIME_PATH_MOST, "%s", place->forced);
    else
        (void)snprintf(path, RUNTIME_PATH_MOST, "/run/user/%u/shshared", (unsigned)user);
    return true;
}

/* What others may not do with a directory that counts, and what they may. */
static mode_t closed_to_others(bool shared) { return shared ? 0022 : 0077; }

static mode_t own_mode(bool shared) { return 0777 & ~closed_to_others(shared); }

/* A descriptor for a directory that counts: a real one, the user's, closed to others. -1 with errno. */
static int open_trusted(int parent, const char *name, uint32_t user, bool shared) {
    const int fd = shs__fd_open(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    struct stat about;
    if (fd < 0) return -1;
    if (fstat(fd, &about) == 0 && about.st_uid == user && (about.st_mode & closed_to_others(shared)) == 0) return fd;
    shs__fd_close(fd);
    errno = EACCES;
    return -1;
}

/* The same, made first where it is missing and to be this process's own; with its mode, whatever the umask says. */
static int open_or_make(int parent, const char *name, uint32_t user, bool make, bool shared) {
    const bool made = make && mkdirat(parent, name, own_mode(shared)) == 0;
    if (make && !made && errno != EEXIST) return -1;
    if (made) (void)fchmodat(parent, name, own_mode(shared), 0);
    const int fd = open_trusted(parent, name, user, shared);
    if (fd >= 0 && make && shared) (void)fchmod(fd, own_mode(shared));
    return fd;
}

/* Go down into the folder of this pid namespace. */
static bool go_down(int base, uint32_t user, bool make, struct runtime_dir *entered) {
    char name[24];
    uint64_t number;
    if (!shs__process_info_namespace(&number)) return false;
    (void)snprintf(name, sizeof name, "%" PRIu64, number);
    const size_t length = strlen(entered->path);
    (void)snprintf(entered->path + length, RUNTIME_PATH_MOST - length, "/%s", name);
    entered->fd = open_or_make(base, name, user, make, entered->shared);
    return entered->fd >= 0;
}

/* The same; takes base over. */
static bool enter_namespace(int base, uint32_t user, bool make, struct runtime_dir *entered) {
    const bool done = go_down(base, user, make, entered);
    const int error = errno;
    shs__fd_close(base);
    errno = error;
    return done;
}

/* Did a look fail for a reason that says nothing about what is there? */
static bool is_want(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

/* Another user's directories may be closed. */
static void note_want(struct runtime_dir_search *search) {
    const bool closed = errno == EACCES && search->user != shs__identity_user();
    if (is_want(errno) || closed) search->want = errno;
}

/* Open a place, making it first when it is to be this process's own. */
static bool open_place(uint32_t user, bool make, struct runtime_dir *opened) {
    const int base = open_or_make(AT_FDCWD, opened->path, user, make, opened->shared);
    return base >= 0 && enter_namespace(base, user, make, opened);
}

void shs__runtime_dir_search(struct runtime_dir_search *search, const struct runtime_place *place, uint32_t user) {
    *search = (struct runtime_dir_search){ .place = place, .user = user };
}

/* The fresh directories that were made because somebody squats the fixed one. */
static bool next_fresh(struct runtime_dir_search *search, struct runtime_dir *found) {
    const struct runtime_place *place = search->place;
    char prefix[RUNTIME_PATH_MOST];
    if (is_forced(place) && !place->shared) return false;
    if (search->fresh == NULL) search->fresh = shs__fd_open_folder(AT_FDCWD, parent_of(place), 0);
    if (search->fresh == NULL) {
        note_want(search);
        return false;
    }
    if (!name_in_parent(place, search->user, ".", prefix)) return false;
    const size_t skipped = strlen(parent_of(place)) + 1, length = strlen(prefix + skipped);
    found->shared = place->shared;
    for (const struct dirent *entry; search->looked < NAMES_MOST && (entry = readdir(search->fresh)) != NULL;) {
        search->looked++;
        if (strncmp(entry->d_name, prefix + skipped, length) != 0) continue;
        if (snprintf(found->path, RUNTIME_PATH_MOST, "%s/%s", parent_of(place), entry->d_name) >= RUNTIME_PATH_MOST)
            continue;
        if (open_place(search->user, false, found)) return true;
        note_want(search);
    }
    return false;
}

bool shs__runtime_dir_next(struct runtime_dir_search *search, struct runtime_dir *found) {
    found->shared = search->place->shared;
    while (fixed(search->place, search->stage, search->user, found->path)) {
        search->stage++;
        if (open_place(search->user, false, found)) return true;
        note_want(search);
    }
    return next_fresh(search, found);
}

void shs__runtime_dir_finish(struct runtime_dir_search *search) {
    if (search->fresh != NULL) shs__fd_close_folder(search->fresh);
}

void shs__runtime_dir_close(struct runtime_dir *directory) { shs__fd_close(directory->fd); }

/* Every fixed directory failed: one that exists already, or a new one. */
static bool make_fresh(const struct runtime_place *place, uint32_t user, struct runtime_dir *own) {
    char path[RUNTIME_PATH_MOST];
    struct runtime_dir_search search = { .place = place, .user = user, .stage = INT_MAX };
    const bool exists = next_fresh(&search, own);
    shs__runtime_dir_finish(&search);
    if (exists) return true;
    if (!name_in_parent(place, user, ".XXXXXX", path) || mkdtemp(path) == NULL) return false;
    (void)chmod(path, own_mode(false));
    memcpy(own->path, path, sizeof path);
    return open_place(user, true, own);
}

static bool is_same(const struct stat *one, const struct stat *other) {
    return one->st_ino == other->st_ino && one->st_dev == other->st_dev;
}

/* Would another process of the user come to this directory by the path? */
static bool leads_to(const struct runtime_dir *own, const struct stat *directory) {
    char base[RUNTIME_PATH_MOST];
    struct stat seen;
    (void)snprintf(base, sizeof base, "%s", own->path);
    char *name = strrchr(base, '/');
    *name++ = '\0';
    const int parent = open_trusted(AT_FDCWD, base, directory->st_uid, own->shared);
    if (parent < 0) return is_want(errno);
    const int fd = open_trusted(parent, name, directory->st_uid, own->shared);
    const bool unknown = fd < 0 && is_want(errno);
    shs__fd_close(parent);
    if (fd < 0) return unknown;
    const bool same = fstat(fd, &seen) == 0 && is_same(&seen, directory);
    shs__fd_close(fd);
    return same;
}

bool shs__runtime_dir_is_in_place(const struct runtime_dir *own) {
    struct stat directory, root;
    if (fstat(own->fd, &directory) != 0 || directory.st_nlink == 0 || stat("/", &root) != 0) return false;
    if (root.st_dev != own->root_device || root.st_ino != own->root_file) return true;
    return leads_to(own, &directory);
}

/* Note in which root its path counts. */
static shs_status keep_root(struct runtime_dir *own) {
    struct stat root;
    if (stat("/", &root) == 0) {
        own->root_device = root.st_dev;
        own->root_file = root.st_ino;
    }
    return SHS_OK;
}

shs_status shs__runtime_dir_own(const struct runtime_place *place, struct runtime_dir *own) {
    const uint32_t user = shs__identity_user();
    int error = ENAMETOOLONG; /* where no place has a name that fits */
    own->shared = place->shared;
    for (int number = 0; fixed(place, number, user, own->path); number++) {
        if (open_place(user, true, own)) return keep_root(own);
        error = errno;
    }
    if (is_forced(place) && !place->shared) return shs__status_from_dir_errno(error);
    return make_fresh(place, user, own) ? keep_root(own) : shs__status_from_dir_errno(errno);
}
