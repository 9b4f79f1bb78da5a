/*
 * What is asked of a kernel that calls itself Linux. See kernel.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deny_linux.h"
#include "kernel.h"
#include "support/suite.h"

#define SIZE 65536

static int object(void) {
    const int fd = memfd_create("asked", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    REQUIRE(fd >= 0 && ftruncate(fd, SIZE) == 0);
    return fd;
}

bool kernel_keeps_shown(void) {
    const int fd = object();
    const bool kept = fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) != 0 || pwrite(fd, "", 1, 0) < 0;
    (void)close(fd);
    return or_skip(kept, "this system lets an object be written that is sealed against it");
}

bool kernel_tells_what_is_reserved(void) {
    struct stat about;
    const int fd = object();
    const bool told = fstat(fd, &about) == 0 && about.st_blocks == 0;
    (void)close(fd);
    return or_skip(told, "this system does not tell whether an object has memory");
}

bool kernel_lets_fill_a_limit(void) {
    struct rlimit plenty;
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    const int fd = memfd_create("asked", MFD_CLOEXEC);
    REQUIRE(fd >= 0 && getrlimit(RLIMIT_FSIZE, &plenty) == 0);
    const struct rlimit limit = { .rlim_cur = 4096, .rlim_max = plenty.rlim_max };
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    const int error = posix_fallocate(fd, 0, 4096);
    CHECK(setrlimit(RLIMIT_FSIZE, &plenty) == 0);
    (void)signal(SIGXFSZ, before);
    (void)close(fd);
    return or_skip(error != EFBIG, "this system lets no file be as large as the limit");
}

/* In a child, as it leaves the user namespace for good. */
bool kernel_tells_unknown_users(void) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0)
        _exit(unshare(CLONE_NEWUSER) == 0 && getpriority(PRIO_USER, geteuid()) != -1 ? EXIT_FAILURE : EXIT_SUCCESS);
    REQUIRE(child > 0 && waitpid(child, &status, 0) == child);
    return or_skip(status == 0, "this system tells of processes of a user whom nobody knows");
}

bool kernel_tells_signals(void) {
    char line[256];
    bool told = false;
    FILE *const file = fopen("/proc/self/status", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        told = told || strncmp(line, "SigBlk:", 7) == 0;
    if (file != NULL) CHECK(fclose(file) == 0);
    return or_skip(told, "this system does not tell which signals a thread holds off");
}

static void await_end_of_the_first(void) {
    char text[64] = "", path[40];
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)getpid());
    while (strstr(text, ") Z") == NULL) {
        const int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || read(fd, text, sizeof text - 1) <= 0 || close(fd) != 0) break;
        (void)poll(NULL, 0, 1);
    }
}

static void *outlive(void *argument) {
    (void)argument;
    await_end_of_the_first();
    _exit(EXIT_FAILURE);
}

/* In a child that has another thread. */
static void be_denied(void) {
    pthread_t made;
    if (pthread_create(&made, NULL, outlive, NULL) == 0 && deny_with_death(SYS_getppid)) (void)syscall(SYS_getppid);
    _exit(EXIT_SUCCESS);
}

bool kernel_denies_with_death(void) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) be_denied();
    REQUIRE(child > 0 && waitpid(child, &status, 0) == child);
    return or_skip(!WIFEXITED(status) || WEXITSTATUS(status) == EXIT_SUCCESS,
                   "this system ends a thread where the process is to die");
}

static void stand_traced(void) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) (void)raise(SIGSTOP);
    _exit(EXIT_SUCCESS);
}

/* Where nothing can be traced that is for others to say. */
bool kernel_tells_stops(void) {
    siginfo_t info = { .si_pid = 0 };
    const pid_t child = fork();
    if (child == 0) stand_traced();
    REQUIRE(child > 0 && waitid(P_PID, (id_t)child, &info, WEXITED | WSTOPPED | WNOWAIT) == 0);
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    return or_skip(info.si_code != CLD_TRAPPED || info.si_status == SIGSTOP,
                   "this system does not tell at which signal a process stands");
}

bool kernel_sets_signals_anew(void) {
    sigset_t set;
    sigemptyset(&set);
    const int fd = signalfd(-1, &set, SFD_CLOEXEC);
    const bool done = fd >= 0 && signalfd(fd, &set, 0) == fd;
    if (fd >= 0) (void)close(fd);
    return or_skip(done, "this system sets no descriptor for signals anew");
}
