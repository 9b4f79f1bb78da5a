/*
 * shshared list [PID]: who takes blocks, and what blocks each process has.
 */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "holdings.h"
#include "json.h"
#include "numbers.h"
#include "say.h"
#include "show_holding.h"

#define PATIENCE_MS 1000u /* for each process: there may be several that do not answer */

static void print(const struct holding *holding) {
    show_holding_line(holding);
    for (size_t i = 0; i < holding->count; i++) {
        const struct shs_block_info *block = &holding->blocks[i];
        (void)printf("    block %-10lu %15" PRIu64 " bytes  from %-10lu %s  %3lu viewer%s\n",
                     (unsigned long)block->handle, block->size, (unsigned long)block->giver,
                     block->writable != 0 ? "writable " : "read only", (unsigned long)block->viewers,
                     block->viewers == 1 ? "" : "s");
    }
}

static int list_one(shs_pid pid, bool json) {
    struct holding holding;
    holding_ask(pid, &holding);
    const shs_status status = holding.status;
    if (status == SHS_OK && json)
        show_holding_json(&holding, true);
    else if (status == SHS_OK)
        print(&holding);
    holding_release(&holding);
    return status == SHS_OK ? EXIT_FINE : say_process_status(pid, status);
}

static void show_all(const struct holdings *holdings, bool json) {
    if (json) json_list(NULL);
    for (size_t i = 0; i < holdings->count; i++) {
        if (json)
            show_holding_json(&holdings->each[i], true);
        else
            print(&holdings->each[i]);
    }
    if (json) json_end();
}

/* That one of them does not answer is what there is to show, no failure. */
static int list_all(bool json) {
    struct holdings holdings;
    holdings_ask(&holdings);
    const int error = holdings.error;
    show_all(&holdings, json);
    if (holdings.count == 0 && error == 0 && !json) say("nobody takes blocks");
    holdings_release(&holdings);
    return error == 0 ? EXIT_FINE : holdings_say(error);
}

int command_list(const struct options *options) {
    shs_pid pid = 0;
    if (options->operand_count == 1 && !operand_pid(options->operands[0], &pid)) return EXIT_USAGE;
    if (holdings_start(options->timed ? options->timeout_ms : PATIENCE_MS) != SHS_OK) return EXIT_FAILED;
    return pid != 0 ? list_one(pid, options->json) : list_all(options->json);
}
