/*
 * The sweep of the runtime directory. See sweep.h.
 */
#include "ipc/sweep.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "ipc/entry.h"
#include "ipc/rendezvous.h"
#include "os/fd_tracking.h"
#include "os/process_info.h"

#define FEW 64               /* entries: so many are looked at by every start */
#define LOOKED_A_SECOND 1000 /* entries, of which one takes about a microsecond: a thousandth of all time */
#define REST_MOST 100        /* seconds; a longer one was not meant: the clock was set back */
#define LOOKED_MOST 60000    /* by one sweep */

/* Not time(), which may be behind what the file system takes for now. */
static time_t second_now(void) {
    struct timespec now = { 0, 0 };
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

static bool is_resting(int folder) {
    struct stat about;
    if (fstat(folder, &about) != 0) return false;
    const time_t now = second_now();
    return about.st_atime > now && about.st_atime - now <= REST_MOST;
}

static void rest(int folder, unsigned looked) {
    const time_t until = second_now() + (time_t)(looked / LOOKED_A_SECOND) + 1;
    const struct timespec times[2] = { { .tv_sec = until }, { .tv_nsec = UTIME_OMIT } };
    (void)futimens(folder, times);
}

/* The pid of a lock file; 0: it is none. */
static uint32_t pid_of(const char *name) {
    char *end = NULL;
    const uint32_t pid = shs__entry_pid(name, &end);
    return strcmp(end, ".lock") == 0 ? pid : 0;
}

/* The lock of one that lives may be dropped for a moment: it is not asked. */
static void look_at(int folder, const char *name) {
    const uint32_t pid = pid_of(name);
    shs__rendezvous_sweep(folder, name);
    if (pid != 0 && process_info_is_gone(pid)) shs__entry_remove_dead(folder, pid);
}

void shs__sweep(const struct runtime_dir *directory) {
    if (is_resting(directory->fd)) return;
    DIR *folder = shs__fd_open_folder(directory->fd, ".", 0);
    if (folder == NULL) return;
    unsigned looked = 0;
    for (const struct dirent *entry; looked < LOOKED_MOST && (entry = readdir(folder)) != NULL; looked++)
        look_at(directory->fd, entry->d_name);
    shs__fd_close_folder(folder);
    if (looked > FEW) rest(directory->fd, looked);
}
