/*
 * What can be told of a process, on Linux: from /proc, or from kill(pid, 0) where /proc is hidden or absent. See
 * process_info.h.
 *
 * The owner of /proc/PID is root's for a process that may not be dumped, so the effective user id is read from its
 * status file, which also tells a zombie.
 */
#include "os/process_info.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "os/birth.h"
#include "os/fd_tracking.h"
#include "os/textfile.h"

/* Of a path that a descriptor leads to, where it is one of the library's. */
#define NAME_SIZE 2048

/* What is wanted comes within the first of these bytes. */
#define STATUS_SIZE 1024

/* As the kernel calls a user whom a user namespace does not know, unless it was told another number. */
#define UNMAPPED 65534u

/* In the stat file, behind the name. */
#define PLACE_OF_THREADS 18
#define PLACE_OF_BEGINNING 20

/* Are the numbers in /proc those by which this process knows others? Not where another pid namespace's is mounted. */
static bool is_own_proc(void) {
    char number[16] = "";
    return readlink("/proc/self", number, sizeof number - 1) > 0 && strtol(number, NULL, 10) == (long)getpid();
}

static bool read_file(uint32_t pid, const char *name, char text[STATUS_SIZE]) {
    char path[sizeof "/proc//status" + 10];
    (void)snprintf(path, sizeof path, "/proc/%u/%s", (unsigned)pid, name);
    return is_own_proc() && shs__textfile_read(path, text, STATUS_SIZE);
}

/* A field of its stat file, by its place behind the name, which may hold anything. */
static bool read_number(uint32_t pid, int place, uint64_t *number) {
    char text[STATUS_SIZE];
    if (!read_file(pid, "stat", text)) return false;
    const char *field = strrchr(text, ')');
    for (int i = 0; i < place && field != NULL; i++)
        field = strchr(field + 1, ' ');
    return field != NULL && sscanf(field, " %" SCNu64, number) == 1;
}

/* The leader of a process may have ended before its other threads. */
static bool has_other_threads(uint32_t pid) {
    uint64_t threads = 0;
    return read_number(pid, PLACE_OF_THREADS, &threads) && threads > 1;
}

/* A thread's id has a status file too; only the leader's is a process. */
static bool parse_status(const char *text, uint32_t pid, struct process_info *facts) {
    unsigned group = 0, real = 0, effective = 0;
    char state = '\0';
    const char *line = strstr(text, "\nState:");
    if (line == NULL || sscanf(line, "\nState: %c", &state) != 1) return false;
    line = strstr(text, "\nTgid:");
    if (line == NULL || sscanf(line, "\nTgid: %u", &group) != 1) return false;
    line = strstr(text, "\nUid:");
    if (line == NULL || sscanf(line, "\nUid: %u %u", &real, &effective) != 2) return false;
    facts->lives = group == pid && state != 'X' && (state != 'Z' || has_other_threads(pid));
    facts->user_told = true;
    facts->user = effective;
    return true;
}

struct process_info shs__process_info_get(uint32_t pid) {
    struct process_info facts = { .lives = false };
    char text[STATUS_SIZE];
    if (pid == 0 || pid > INT32_MAX) return facts;
    if (read_file(pid, "status", text) && parse_status(text, pid, &facts)) return facts;
    const bool may_signal = kill((pid_t)pid, 0) == 0;
    facts.is_others = !may_signal && errno == EPERM; /* /proc may hide these */
    facts.lives = (may_signal || facts.is_others) && !shs__process_info_has_ended(pid);
    return facts;
}

/* A process descriptor is readable when every thread of the process has ended. */
int shs__process_info_open_end(uint32_t pid) { return (int)syscall(SYS_pidfd_open, (pid_t)pid, 0); }

bool shs__process_info_has_ended(uint32_t pid) {
    shs__birth_begin(); /* and its end: some systems have nothing to know such a descriptor by */
    struct pollfd watched = { .fd = shs__process_info_open_end(pid), .events = POLLIN };
    const bool ended = watched.fd >= 0 && poll(&watched, 1, 0) == 1 && (watched.revents & POLLIN) != 0;
    if (watched.fd >= 0) (void)close(watched.fd);
    shs__birth_end();
    return watched.fd >= 0 ? ended : kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* Its beginning is told in ticks since the machine's. */
bool shs__process_info_is_younger(uint32_t pid, uint32_t milliseconds) {
    struct timespec now;
    uint64_t ticks = 0;
    const long a_second = sysconf(_SC_CLK_TCK);
    if (a_second <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0 || !read_number(pid, PLACE_OF_BEGINNING, &ticks))
        return false;
    const int64_t began = (int64_t)ticks * 1000 / a_second;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - began < (int64_t)milliseconds;
}

/* Is there a process of this user? At least this one, where the user namespace knows the user. */
static bool has_processes(uint32_t user) {
    errno = 0;
    return getpriority(PRIO_USER, (id_t)user) != -1 || errno != ESRCH;
}

/* Does a map of the user namespace know this one? */
static bool is_in_map(const char *text, uint32_t user) {
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        unsigned first = 0, outside = 0, count = 0;
        if (sscanf(line, "%u %u %u", &first, &outside, &count) == 3 && user - first < count) return true;
        if (strchr(line, '\n') == NULL) break;
    }
    return false;
}

/* The number that stands for all whom a user namespace does not know may be a real user's, too. */
static bool is_user_mapped(uint32_t user) {
    char text[STATUS_SIZE];
    if (user != UNMAPPED) return true;
    return shs__textfile_read("/proc/self/uid_map", text, sizeof text) ? is_in_map(text, user) : has_processes(user);
}

static bool is_group_mapped(uint32_t group) {
    char text[STATUS_SIZE];
    return group != UNMAPPED || !shs__textfile_read("/proc/self/gid_map", text, sizeof text) || is_in_map(text, group);
}

struct process_users shs__process_info_users(void) {
    uid_t real = 0, effective = 0, saved = 0;
    (void)getresuid(&real, &effective, &saved); /* which cannot fail */
    const bool is_mapped = is_user_mapped(effective) && is_group_mapped((uint32_t)getegid());
    return (struct process_users){ real, effective, saved, is_mapped };
}

/* gVisor does not tell it of a process whose first thread has ended. */
bool shs__process_info_namespace(uint64_t *number) {
    struct stat about;
    *number = 0;
    const bool told =
        stat("/proc/self/ns/pid", &about) == 0 || (errno != ENOMEM && stat("/proc/thread-self/ns/pid", &about) == 0);
    if (!told) return errno != ENOMEM;
    *number = about.st_ino;
    return true;
}

const char *shs__process_info_environment(const char *name) { return secure_getenv(name); }

/* What /proc says that a descriptor leads to. It asks no file system. */
static bool read_name(int folder, const char *number, char name[NAME_SIZE]) {
    const ssize_t length = readlinkat(folder, number, name, NAME_SIZE);
    const bool is_whole = length > 0 && length < NAME_SIZE;
    if (is_whole) name[length] = '\0';
    return is_whole;
}

/* Any but this one. */
static bool is_named_by_another(DIR *folder, int known, const char *wanted) {
    char name[NAME_SIZE];
    bool found = false;
    for (const struct dirent *entry = readdir(folder); entry != NULL && !found; entry = readdir(folder)) {
        const bool is_other = entry->d_name[0] != '.' && strtol(entry->d_name, NULL, 10) != known;
        found = is_other && read_name(dirfd(folder), entry->d_name, name) && strcmp(name, wanted) == 0;
    }
    return found;
}

/* By name, as other descriptors of this process may be of file systems that never answer. */
bool shs__process_info_has_open(const char *path) {
    char wanted[NAME_SIZE], number[16];
    const int fd = shs__fd_open(AT_FDCWD, path, O_PATH | O_NOFOLLOW);
    if (fd < 0) return false;
    DIR *folder = shs__fd_open_folder(AT_FDCWD, "/proc/self/fd", 0);
    (void)snprintf(number, sizeof number, "%d", fd);
    const bool found =
        folder != NULL && read_name(dirfd(folder), number, wanted) && is_named_by_another(folder, fd, wanted);
    if (folder != NULL) shs__fd_close_folder(folder);
    shs__fd_close(fd);
    return found;
}
