/*
 * The table of processes, on illumos: /proc/PID/psinfo, which everybody may read. See process_entry.h.
 */
#include "os/process_entry.h"

#include <fcntl.h>
#include <procfs.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

#include "os/fd_tracking.h"

bool shs__process_entry_is_privileged(void) { return issetugid() != 0; }

static bool read_entry(uint32_t pid, psinfo_t *found) {
    char path[sizeof "/proc//psinfo" + 10];
    (void)snprintf(path, sizeof path, "/proc/%u/psinfo", (unsigned)pid);
    const int fd = shs__fd_open(AT_FDCWD, path, O_RDONLY);
    if (fd < 0) return false;
    const bool done = read(fd, found, sizeof *found) == (ssize_t)sizeof *found;
    shs__fd_close(fd);
    return done;
}

bool shs__process_entry_read(uint32_t pid, struct process_entry *entry) {
    struct timeval now = { 0, 0 };
    psinfo_t found;
    if (!read_entry(pid, &found)) return false;
    (void)gettimeofday(&now, NULL);
    const int64_t seconds = (int64_t)now.tv_sec - found.pr_start.tv_sec;
    const int64_t age = seconds * 1000 + now.tv_usec / 1000 - found.pr_start.tv_nsec / 1000000;
    *entry = (struct process_entry){ found.pr_nlwp == 0, (uint32_t)found.pr_euid, age };
    return true;
}
