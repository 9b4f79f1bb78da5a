/*
 * A child with a pipe at its standard input, on POSIX. See spawn.h.
 */
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spawn.h"

extern char **environ;

static bool start(char **arguments, int input, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) return false;
    const bool started = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) == 0 &&
                         posix_spawn(pid, arguments[0], &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return started;
}

bool spawn(char **arguments, struct spawned *child) {
    int ends[2];
    pid_t pid = -1;
    if (pipe(ends) != 0) return false;
    for (int i = 0; i < 2; i++)
        (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    const bool started = start(arguments, ends[0], &pid);
    close(ends[0]);
    *child = (struct spawned){ (shs_pid)pid, fdopen(ends[1], "w"), NULL };
    if (started && child->input != NULL) return true;
    close(ends[1]);
    return false;
}

int spawn_wait(struct spawned *child) {
    int how = 0;
    (void)fclose(child->input);
    if (waitpid((pid_t)child->pid, &how, 0) < 0 || !WIFEXITED(how)) return -1;
    return WEXITSTATUS(how);
}
