/*
 * shshared watch: who has how much, again and again, until it is ended or the looks are done.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "holdings.h"
#include "interruption.h"
#include "json.h"
#include "say.h"
#include "show_holding.h"

#define PATIENCE_MS 500u
#define HOME "\033[H\033[J" /* the table stands still on a terminal */

static void print(const struct holdings *holdings) {
    uint64_t bytes = 0;
    size_t blocks = 0;
    (void)printf("%10s  %-16s  blocks and bytes\n", "PID", "NAME");
    for (size_t i = 0; i < holdings->count; i++) {
        show_holding_line(&holdings->each[i]);
        blocks += holdings->each[i].count;
        bytes += holdings->each[i].bytes;
    }
    (void)printf("%10zu  %-16s  %7zu block%s %15" PRIu64 " bytes\n", holdings->count,
                 holdings->count == 1 ? "process" : "processes", blocks, blocks == 1 ? " " : "s", bytes);
}

/* One line for each look. */
static void print_json(const struct holdings *holdings) {
    json_object(NULL);
    json_number("time", (uint64_t)time(NULL));
    json_list("processes");
    for (size_t i = 0; i < holdings->count; i++)
        show_holding_json(&holdings->each[i], false);
    json_end();
    json_end();
}

/* An errno, where not all could be looked at. */
static int look(bool json, bool terminal) {
    struct holdings holdings;
    holdings_ask(&holdings);
    const int error = holdings.error;
    if (json) {
        print_json(&holdings);
    } else {
        if (terminal) (void)fputs(HOME, stdout);
        print(&holdings);
    }
    (void)fflush(stdout);
    holdings_release(&holdings);
    return error;
}

static void pause_for(double seconds) {
    struct timespec rest = { .tv_sec = (time_t)seconds };
    rest.tv_nsec = (long)((seconds - (double)rest.tv_sec) * 1e9);
    if (!interruption_came()) (void)nanosleep(&rest, NULL);
}

int command_watch(const struct options *options) {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    const bool goes_on = options->repeats || terminal;
    if (holdings_start(options->timed ? options->timeout_ms : PATIENCE_MS) != SHS_OK) return EXIT_FAILED;
    int error = 0;
    interruption_watch();
    for (uint32_t looks = 0; !interruption_came() && !ferror(stdout);) {
        error = look(options->json, terminal);
        looks++;
        if (options->count != 0 ? looks >= options->count : !goes_on) break;
        pause_for(options->interval);
    }
    interruption_take();
    return error == 0 ? EXIT_FINE : holdings_say(error);
}
