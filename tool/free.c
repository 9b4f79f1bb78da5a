/*
 * shshared free HANDLE PID: free a block.
 */
#include "command.h"
#include "numbers.h"
#include "say.h"

int command_free(const struct options *options) {
    shs_handle handle = 0;
    shs_pid owner = 0;
    if (!operand_block(options->operands, &handle, &owner)) return EXIT_USAGE;
    const shs_status status = handle == 0 ? SHS_E_HANDLE : shs_free(handle, owner); /* 0 would be freed in silence */
    return status == SHS_OK ? EXIT_FINE : say_process_status(owner, status);
}
