/*
 * shshared wait PID: until the process takes blocks.
 */
#include <stdint.h>

#include "command.h"
#include "holdings.h"
#include "numbers.h"
#include "say.h"

#define LOOK_MS 2000u /* for an answer, where there is to be one look */

/* It may not have attached, or not answer. */
static int say_late(shs_pid pid) {
    if (shs_probe(pid) != SHS_E_NOT_ATTACHED) return say_process_status(pid, SHS_E_TIMEOUT);
    say("process %lu: SHS_E_TIMEOUT: it has not attached in time", (unsigned long)pid);
    say("usually: %s", advice(SHS_E_NOT_ATTACHED));
    return EXIT_FAILED;
}

int command_wait(const struct options *options) {
    const uint32_t limit = options->timed ? options->timeout_ms : UINT32_MAX; /* some weeks */
    shs_pid pid = 0;
    shs_status status = SHS_E_TIMEOUT;
    if (!operand_pid(options->operands[0], &pid)) return EXIT_USAGE;
    if (holdings_start(limit == 0 ? LOOK_MS : limit) != SHS_OK) return EXIT_FAILED; /* each look is within the limit */
    do
        status = shs_wait(pid, limit);
    while (status == SHS_E_TIMEOUT && !options->timed);
    if (status == SHS_E_TIMEOUT) return say_late(pid);
    return status == SHS_OK ? EXIT_FINE : say_process_status(pid, status);
}
