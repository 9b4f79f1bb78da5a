/*
 * The watchdog on POSIX: SIGALRM. Its handler uses nothing but what a signal handler may.
 */
#include "watchdog.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"

static const char *watched_test;

static void say(const char *text) {
    const ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

static void end_program(int signal_number) {
    (void)signal_number;
    children_kill_all();
    say("\ntime limit passed in test: ");
    say(watched_test);
    say("\n");
    _exit(1);
}

/* How many times as long all may take as elsewhere. */
static unsigned patience(void) {
    const char *told = getenv("SHSHARED_TEST_PATIENCE");
    return told == NULL ? 1 : (unsigned)strtoul(told, NULL, 10);
}

void watchdog_start(unsigned seconds, const char *test) {
    struct sigaction action = { .sa_handler = end_program };
    watched_test = test;
    sigaction(SIGALRM, &action, NULL);
    alarm(seconds * patience());
}

void watchdog_stop(void) { alarm(0); }
