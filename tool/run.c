/*
 * shshared run COMMAND...: run a command that finds what came from standard input in a block.
 *
 * The block is this process's own, until the command has ended: so the command, and what it starts in its turn, need
 * not have begun to take blocks, and nobody waits for anybody. Its name, the handle and this pid, goes into the
 * environment and in the place of {handle} and {owner}; standard input of the command is empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "input.h"
#include "say.h"

extern char **environ;

static volatile sig_atomic_t child; /* who is told of signals that end this process */

static void pass_on(int signal) {
    const int error = errno;
    if (child > 0) (void)kill((pid_t)child, signal);
    errno = error;
}

/* What this process was started to ignore, as by nohup, it goes on to ignore, and so does the command. */
static void handle_signal(int signal, void (*handler)(int), sigset_t *changed) {
    struct sigaction action = { 0 }, former;
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    if (sigaction(signal, NULL, &former) != 0 || former.sa_handler == SIG_IGN) return;
    (void)sigaction(signal, &action, NULL);
    (void)sigaddset(changed, signal);
}

/* What the terminal sends goes to the command anyway, which is to decide; this process ends with it. */
static void handle_signals(sigset_t *changed) {
    (void)sigemptyset(changed);
    handle_signal(SIGTERM, pass_on, changed);
    handle_signal(SIGHUP, pass_on, changed);
    handle_signal(SIGINT, SIG_IGN, changed);
    handle_signal(SIGQUIT, SIG_IGN, changed);
    (void)signal(SIGCHLD, SIG_DFL); /* if it were ignored, the command's end could not be heard of */
}

/* Put the block's name where the command finds it. */
static bool name_block(char **words, shs_handle handle) {
    static char handle_text[16], owner_text[16];
    (void)snprintf(handle_text, sizeof handle_text, "%lu", (unsigned long)handle);
    (void)snprintf(owner_text, sizeof owner_text, "%lu", (unsigned long)shs_self());
    for (; *words != NULL; words++) {
        if (strcmp(*words, "{handle}") == 0) *words = handle_text;
        if (strcmp(*words, "{owner}") == 0) *words = owner_text;
    }
    return setenv("SHSHARED_HANDLE", handle_text, 1) == 0 && setenv("SHSHARED_OWNER", owner_text, 1) == 0;
}

static void set_signals(posix_spawnattr_t *attributes, const sigset_t *defaults, const sigset_t *mask) {
    (void)posix_spawnattr_setsigdefault(attributes, defaults);
    (void)posix_spawnattr_setsigmask(attributes, mask);
    (void)posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* 0, or what the system said. */
static int spawn(char **words, const sigset_t *defaults, const sigset_t *mask, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        set_signals(&attributes, defaults, mask);
        error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (error == 0) error = posix_spawnp(pid, words[0], &actions, &attributes, words, environ);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* The signals are blocked until the child is known, so that each is passed on. */
static int start(char **words, pid_t *pid) {
    sigset_t ending, former, changed;
    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGTERM);
    (void)sigaddset(&ending, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &ending, &former);
    handle_signals(&changed);
    const int error = spawn(words, &changed, &former, pid);
    if (error == 0) child = (sig_atomic_t)*pid;
    (void)pthread_sigmask(SIG_SETMASK, &former, NULL);
    return error;
}

/* As a shell says it: a signal is 128 and its number. */
static int wait_for(pid_t pid) {
    siginfo_t end;
    int status = 0;
    while (waitid(P_PID, (id_t)pid, &end, WEXITED | WNOWAIT) < 0)
        if (errno != EINTR) return EXIT_RUN_FAILED;
    child = 0; /* before the pid can be another's */
    (void)waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int command_run(const struct options *options) {
    char **words = options->operands;
    shs_handle handle = 0;
    pid_t pid = 0;
    if (input_give("-", INPUT_OWN, &handle) != EXIT_FINE) return EXIT_RUN_FAILED;
    const int error = name_block(words, handle) ? start(words, &pid) : ENOMEM;
    if (error == 0) {
        const int result = wait_for(pid);
        (void)shs_free(handle, shs_self()); /* the command may have freed it */
        return result;
    }
    say("%s: %s", words[0], strerror(error));
    (void)shs_free(handle, shs_self());
    const bool searched = strchr(words[0], '/') == NULL; /* in PATH, which may name what is no folder */
    return error == ENOENT || (error == ENOTDIR && searched) ? EXIT_NO_COMMAND : EXIT_CANNOT_RUN;
}
