/*
 * A program of the benchmark, running: started with pipes, asked for measurements a line each, ended by closing its
 * standard input.
 *
 * A core is chosen before exec, so that every process and thread of the program inherits it, also those that a library
 * starts on its own. Every wait has a limit: a peer that hangs is lost, the run is not.
 */
#define _GNU_SOURCE /* sched_setaffinity, pipe2 */
#include "program.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MILLISECONDS 120000
#define END_MILLISECONDS 10000

static void stay_on(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)core, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) perror("sched_setaffinity");
}

static void become(const char *const argv[], int core, int input, int output) {
    if (core != ANY_CORE) stay_on(core);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    execvp(argv[0], (char *const *)argv);
    perror(argv[0]);
    _exit(EXIT_FAILURE);
}

int program_start(struct program *program, const char *const argv[], int core) {
    int questions[2];
    int answers[2];
    if (pipe2(questions, O_CLOEXEC) != 0) return 0;
    if (pipe2(answers, O_CLOEXEC) != 0) {
        close(questions[0]);
        close(questions[1]);
        return 0;
    }
    program->pid = fork();
    if (program->pid == 0) become(argv, core, questions[0], answers[1]);
    program->questions = questions[1];
    program->answers = answers[0];
    close(questions[0]);
    close(answers[1]);
    if (program->pid > 0) return 1;
    close(program->questions);
    close(program->answers);
    return 0;
}

/* Answers are short lines and come one at a time. */
static int read_answer(int answers, char *line, size_t room) {
    for (size_t length = 0; length + 1 < room;) {
        struct pollfd ready = { .fd = answers, .events = POLLIN };
        if (poll(&ready, 1, ANSWER_MILLISECONDS) <= 0) return 0;
        const ssize_t got = read(answers, line + length, room - 1 - length);
        if (got <= 0) return 0;
        length += (size_t)got;
        line[length] = '\0';
        if (line[length - 1] == '\n') return 1;
    }
    return 0;
}

int program_ask(struct program *program, uint64_t size, uint64_t count, struct answer *answer) {
    char line[ANSWER_TEXT];
    if (dprintf(program->questions, "%" PRIu64 " %" PRIu64 "\n", size, count) < 0) return 0;
    return read_answer(program->answers, line, sizeof line) && answer_read(line, answer);
}

int program_stop(struct program *program) {
    int status = 0;
    const struct timespec moment = { .tv_nsec = 1000000 };
    close(program->questions);
    close(program->answers);
    for (int waited = 0; waited < END_MILLISECONDS; waited++) {
        if (waitpid(program->pid, &status, WNOHANG) != 0) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        nanosleep(&moment, NULL);
    }
    kill(program->pid, SIGKILL);
    waitpid(program->pid, NULL, 0);
    return -1;
}
