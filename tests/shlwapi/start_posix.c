/*
 * The second process of the transcript on POSIX: posix_spawn() and two pipes. See start.h.
 */
#include "start.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A pipe whose ends no other process inherits. */
static int make_pipe(int ends[2]) {
    if (pipe(ends) != 0) return -1;
    return fcntl(ends[0], F_SETFD, FD_CLOEXEC) | fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

int start(const char *program, const char *argument, struct started *started) {
    int in[2], out[2];
    if (make_pipe(in) != 0 || make_pipe(out) != 0) return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    char *arguments[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)argument, NULL };
    pid_t pid;
    const int failed = posix_spawn(&pid, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    if (failed) return -1;
    started->to = fdopen(in[1], "w");
    started->from = fdopen(out[0], "r");
    started->pid = (unsigned)pid;
    return started->to == NULL || started->from == NULL;
}

void end_started(struct started *started) {
    fclose(started->to);
    fclose(started->from);
    waitpid((pid_t)started->pid, NULL, 0);
}
