/*
 * What can be told of a process, on any POSIX system: from its table of processes (process_entry.h), or from
 * kill(pid, 0) and waitid() where there is none to look at. See process_info.h.
 */
#include "os/process_info.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/process_entry.h"

#define DESCRIPTORS_MOST 65536L

/* To kill() a zombie is a process like any other; waitid() tells one from it, but to its parent alone. */
static bool is_ended_child(uint32_t pid) {
    siginfo_t ended = { 0 };
    return waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == (pid_t)pid;
}

struct process_info shs__process_info_get(uint32_t pid) {
    struct process_info facts = { .lives = false };
    struct process_entry entry;
    if (pid == 0 || pid > INT32_MAX) return facts;
    if (shs__process_entry_read(pid, &entry)) return (struct process_info){ !entry.is_zombie, true, entry.user, false };
    facts.is_others = kill((pid_t)pid, 0) != 0 && errno == EPERM;
    facts.lives = facts.is_others || (kill((pid_t)pid, 0) == 0 && !is_ended_child(pid));
    return facts;
}

int shs__process_info_open_end(uint32_t pid) {
    (void)pid;
    errno = ENOSYS;
    return -1;
}

bool shs__process_info_has_ended(uint32_t pid) {
    struct process_entry entry;
    if (shs__process_entry_read(pid, &entry)) return entry.is_zombie;
    return process_info_is_gone(pid) || is_ended_child(pid);
}

bool shs__process_info_is_younger(uint32_t pid, uint32_t milliseconds) {
    struct process_entry entry;
    return shs__process_entry_read(pid, &entry) && entry.age_milliseconds < (int64_t)milliseconds;
}

/* The saved one is told by few. */
struct process_users shs__process_info_users(void) {
    return (struct process_users){ (uint32_t)getuid(), (uint32_t)geteuid(), (uint32_t)geteuid(), true };
}

bool shs__process_info_namespace(uint64_t *number) {
    *number = 0;
    return true;
}

const char *shs__process_info_environment(const char *name) {
    return shs__process_entry_is_privileged() ? NULL : getenv(name);
}

bool shs__process_info_has_open(const char *path) {
    struct stat wanted, about;
    const long most = sysconf(_SC_OPEN_MAX);
    if (stat(path, &wanted) != 0) return false;
    for (int fd = 0; fd < (most < 0 || most > DESCRIPTORS_MOST ? DESCRIPTORS_MOST : most); fd++) {
        if (fstat(fd, &about) == 0 && about.st_ino == wanted.st_ino && about.st_dev == wanted.st_dev) return true;
    }
    return false;
}
