/*
 * Children on POSIX: posix_spawn() of the own program, with one socket pair as the child's standard input for both
 * directions.
 *
 * A socket pair rather than pipes, as a message to a child that has died must be an answer and not a SIGPIPE: the tests
 * leave that signal as it is, since the library must never raise it. All children stand in one table that the
 * watchdog's signal handler may read.
 *
 * SHSHARED_TEST_CHILDREN may name a folder with the same programs built for the other width: then children are of
 * those, and 32-bit and 64-bit processes share blocks.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_CHILDREN 256
#define MAX_KILLED 8192
#define MAX_ARGUMENTS 16
#define CHANNEL STDIN_FILENO

extern char **environ;

struct child {
    volatile pid_t pid; /* 0: free */
    int channel;
};

static struct child children[MAX_CHILDREN];
static shs_pid killed[MAX_KILLED];
static size_t killed_count;
static char child_program[4096];

void children_initialize(const char *program) {
    const char *const folder = getenv("SHSHARED_TEST_CHILDREN");
    const char *const name = strrchr(program, '/');
    if (folder != NULL && name != NULL)
        snprintf(child_program, sizeof child_program, "%s%s", folder, name);
    else
        snprintf(child_program, sizeof child_program, "%s", program);
}

static struct child *free_place(void) {
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        if (children[i].pid == 0) return &children[i];
    }
    return NULL;
}

static bool open_channel(int pair[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return false;
    return fcntl(pair[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(pair[1], F_SETFD, FD_CLOEXEC) == 0;
}

/* EMULATOR, from the environment, runs programs of another processor. */
static bool spawn(const char *role, const char *const *arguments, int channel, pid_t *pid) {
    const char *whole[MAX_ARGUMENTS + 5] = { getenv("EMULATOR"), child_program, "--role", role };
    const char **line = whole[0] == NULL || whole[0][0] == '\0' ? whole + 1 : whole;
    for (size_t i = 0; arguments != NULL && arguments[i] != NULL && i < MAX_ARGUMENTS; i++) {
        whole[i + 4] = arguments[i];
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, channel, CHANNEL);
    const int error = posix_spawnp(pid, line[0], &actions, NULL, (char *const *)line, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}

struct child *child_start(const char *role, const char *const *arguments) {
    struct child *child = free_place();
    int pair[2];
    pid_t pid = 0;
    if (child == NULL || !open_channel(pair)) return NULL;
    const bool started = spawn(role, arguments, pair[1], &pid);
    close(pair[1]);
    if (!started) {
        close(pair[0]);
        return NULL;
    }
    *child = (struct child){ .pid = pid, .channel = pair[0] };
    return child;
}

shs_pid child_pid(const struct child *child) { return (shs_pid)child->pid; }

static bool send_all(int channel, const char *bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t sent = send(channel, bytes + done, size - done, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) return false;
        if (sent > 0) done += (size_t)sent;
    }
    return true;
}

static bool receive_all(int channel, char *bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        const ssize_t got = recv(channel, bytes + done, size - done, 0);
        if (got == 0 || (got < 0 && errno != EINTR)) return false;
        if (got > 0) done += (size_t)got;
    }
    return true;
}

bool child_send(struct child *child, const void *message, size_t size) {
    return send_all(child->channel, message, size);
}

bool child_receive(struct child *child, void *message, size_t size) {
    return receive_all(child->channel, message, size);
}

int child_wait(struct child *child) {
    int status = 0;
    const pid_t pid = child->pid;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    close(child->channel);
    child->pid = 0;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : CHILD_KILLED;
    if (code != 0 && killed_count < MAX_KILLED) killed[killed_count++] = (shs_pid)pid;
    return code;
}

void child_kill(struct child *child) {
    kill(child->pid, SIGKILL);
    child_watch_end(child);
}

void child_watch_end(struct child *child) {
    siginfo_t info;
    while (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
}

bool children_can_pause(void) { return true; }

bool child_pause(struct child *child) {
    int status = 0;
    if (kill(child->pid, SIGSTOP) != 0) return false;
    while (waitpid(child->pid, &status, WUNTRACED) < 0 && errno == EINTR) {
    }
    return WIFSTOPPED(status);
}

bool child_resume(struct child *child) { return kill(child->pid, SIGCONT) == 0; }

size_t children_sweep(void) {
    size_t swept = 0;
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        if (children[i].pid == 0) continue;
        child_kill(&children[i]);
        child_wait(&children[i]);
        swept++;
    }
    return swept;
}

bool child_was_killed(shs_pid pid) {
    for (size_t i = 0; i < killed_count; i++) {
        if (killed[i] == pid) return true;
    }
    return false;
}

void children_forget_killed(void) { killed_count = 0; }

void children_abandon(void) {
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        children[i].pid = 0;
    }
}

void children_kill_all(void) {
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        const pid_t pid = children[i].pid;
        if (pid != 0) kill(pid, SIGKILL);
    }
}

bool parent_send(const void *message, size_t size) { return send_all(CHANNEL, message, size); }

bool parent_receive(void *message, size_t size) { return receive_all(CHANNEL, message, size); }

bool parent_wait(int descriptor) {
    struct pollfd watched[2] = { { .fd = CHANNEL, .events = POLLIN }, { .fd = descriptor, .events = POLLIN } };
    while (poll(watched, 2, -1) < 0 && errno == EINTR) {
    }
    return watched[0].revents != 0;
}

static void end_of_fault(int signal_number) {
    (void)signal_number;
    _exit(CHILD_FAULTED);
}

void child_expects_fault(void) {
    struct sigaction action = { .sa_handler = end_of_fault };
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

bool child_become(uint32_t user, uint32_t group) {
    const gid_t groups[] = { (gid_t)user, (gid_t)group };
    return setgroups(2, groups) == 0 && setgid(groups[0]) == 0 && setuid((uid_t)user) == 0;
}

void child_crash(void) { kill(getpid(), SIGKILL); }
