/*
 * shshared give [FILE] PID: give a file, or standard input, to a process, and print the handle of the block there.
 */
#include <stdio.h>

#include "command.h"
#include "input.h"
#include "numbers.h"
#include "say.h"

int command_give(const struct options *options) {
    const char *path = options->operand_count == 2 ? options->operands[0] : "-";
    shs_pid owner = 0;
    shs_handle handle = 0;
    if (!operand_pid(options->operands[options->operand_count - 1], &owner)) return EXIT_USAGE;
    const int result = input_give(path, owner, &handle);
    if (result != EXIT_FINE) return result;
    (void)printf("%lu\n", (unsigned long)handle);
    if (fflush(stdout) == 0) return EXIT_FINE;
    (void)shs_free(handle, owner); /* as nobody knows of it */
    return say_errno("the handle cannot be written");
}
