/*
 * shshared wait PID: until the process takes blocks.
 */
#include <stdint.h>

#include "command.h"
#include "holdings.h"
#include "numbers.h"
#include "say.h"

int command_wait(const struct options *options) {
    const uint32_t limit = options->timed ? options->timeout_ms : UINT32_MAX; /* some weeks */
    shs_pid pid = 0;
    shs_status status = SHS_E_TIMEOUT;
    if (!operand_pid(options->operands[0], &pid)) return EXIT_USAGE;
    if (holdings_start(limit) != SHS_OK) return EXIT_FAILED; /* each look is within the limit, too */
    do
        status = shs_wait(pid, limit);
    while (status == SHS_E_TIMEOUT && !options->timed);
    return status == SHS_OK ? EXIT_FINE : say_process_status(pid, status);
}
