/*
 * The entries of a process. See entry.h.
 */
#include "ipc/entry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/fd_tracking.h"
#include "os/record_lock.h"

void shs__entry_name(char name[ENTRY_NAME], uint32_t pid, const char *ending) {
    (void)snprintf(name, ENTRY_NAME, "%u%s", (unsigned)pid, ending);
}

uint32_t shs__entry_pid(const char *name, char **rest) {
    const unsigned long pid = strtoul(name, rest, 10);
    return *rest == name || pid > INT32_MAX ? 0 : (uint32_t)pid;
}

bool shs__entry_is_named(int fd, int folder, const char *name) {
    struct stat open_file, named;
    return fstat(fd, &open_file) == 0 && fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

static void remove_one(int folder, uint32_t pid, const char *ending) {
    char name[ENTRY_NAME];
    shs__entry_name(name, pid, ending);
    (void)unlinkat(folder, name, 0);
}

void shs__entry_remove_all(int folder, uint32_t pid) {
    remove_one(folder, pid, "");
    remove_one(folder, pid, ".new");
    remove_one(folder, pid, ".lock"); /* last: it guards the others */
}

/* Taking a dead process's lock is what allows to remove its entries. A lock file that may not be
 * opened has lost its mode, and is held by nobody. */
void shs__entry_remove_dead(int folder, uint32_t pid) {
    char name[ENTRY_NAME];
    shs__entry_name(name, pid, ".lock");
    const int fd = shs__fd_open(folder, name, LOCK_FILE_FLAGS);
    const bool is_dead = fd < 0 ? errno == EACCES : record_lock_take(fd) && shs__entry_is_named(fd, folder, name);
    if (is_dead) shs__entry_remove_all(folder, pid);
    shs__fd_close(fd);
}
