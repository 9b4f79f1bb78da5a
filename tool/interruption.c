/*
 * Noting signals. See interruption.h.
 */
#include "interruption.h"

#include <signal.h>
#include <stddef.h>

#define SIGNALS 3

static const int signals[SIGNALS] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction former[SIGNALS];
static volatile sig_atomic_t came;

static void note(int signal) { came = signal; }

void interruption_watch(void) {
    struct sigaction action = { 0 };
    action.sa_handler = note;
    came = 0;
    for (size_t i = 0; i < SIGNALS; i++) {
        if (sigaction(signals[i], NULL, &former[i]) != 0 || former[i].sa_handler == SIG_IGN) continue; /* nohup */
        (void)sigaction(signals[i], &action, NULL);
    }
}

bool interruption_came(void) { return came != 0; }

void interruption_take(void) {
    for (size_t i = 0; i < SIGNALS; i++)
        (void)sigaction(signals[i], &former[i], NULL);
    if (came != 0) (void)raise((int)came);
}
