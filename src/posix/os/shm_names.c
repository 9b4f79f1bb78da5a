/*
 * The names of shm_open objects. See shm_names.h.
 *
 * A name is /shs.PID.RANDOM: short enough for macOS (30 characters), and it tells whose leftover it is. Where the
 * system shows names as files (Linux: /dev/shm), the next process that attaches removes those of this user whose maker
 * is dead. A pid of another pid namespace may look dead: its name lives for microseconds only, and then shm_open is
 * tried again.
 */
#include "os/shm_names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/fd_tracking.h"
#include "os/identity.h"
#include "os/process_info.h"
#include "os/random.h"

#define NAME_SIZE 31
#define NAME_TRIES 16
#define NAMES_FOLDER "/dev/shm"
#define NAMES_MOST 4096 /* looked at by one sweep: a start stays cheap */

/* Of the flags POSIX knows no other ones here; that it is closed on exec it promises by itself. */
int shs__shm_names_open(void) {
    char name[NAME_SIZE];
    for (int tries = 0; tries < NAME_TRIES; tries++) {
        uint8_t random[4];
        if (!shs__random_bytes(random, sizeof random)) return -1;
        (void)snprintf(name, sizeof name, "/shs.%u.%02x%02x%02x%02x", (unsigned)getpid(), random[0], random[1],
                       random[2], random[3]);
        const int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0) {
            (void)shm_unlink(name);
            return fd;
        }
        if (errno != EEXIST) return -1;
    }
    return -1;
}

/* A name of ours, made by this user, whose maker is dead. Whose it is comes first: others may have any number. */
static int is_leftover(int folder, const char *name) {
    unsigned pid = 0;
    struct stat about;
    if (sscanf(name, "shs.%u.", &pid) != 1) return 0;
    if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode)) return 0;
    return about.st_uid == shs__identity_user() && !shs__process_info_get(pid).lives;
}

void shs__shm_names_sweep(void) {
    DIR *folder = shs__fd_open_folder(AT_FDCWD, NAMES_FOLDER, 0);
    if (folder == NULL) return;
    int looked = 0;
    for (const struct dirent *entry; looked < NAMES_MOST && (entry = readdir(folder)) != NULL; looked++) {
        if (strncmp(entry->d_name, "shs.", 4) == 0 && is_leftover(dirfd(folder), entry->d_name))
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    shs__fd_close_folder(folder);
}
