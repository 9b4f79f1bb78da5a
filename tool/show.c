/*
 * shshared show HANDLE PID: the bytes of a block; as a dump where people read them, as they are where programs do.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "numbers.h"
#include "say.h"

#define WIDTH 16u

/* Another process may write the block meanwhile: a line shows one look at it. */
static void dump_line(size_t offset, const unsigned char *bytes, size_t count) {
    char text[WIDTH + 1];
    (void)printf("%08zx ", offset);
    for (size_t i = 0; i < WIDTH; i++) {
        if (i == WIDTH / 2) (void)putchar(' ');
        if (i < count)
            (void)printf(" %02x", bytes[i]);
        else
            (void)fputs("   ", stdout);
        if (i < count) text[i] = (char)(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
    }
    text[count] = '\0';
    (void)printf("  |%s|\n", text);
}

static void dump(const unsigned char *view, size_t size) {
    unsigned char line[WIDTH];
    for (size_t offset = 0; offset < size && !ferror(stdout); offset += WIDTH) {
        const size_t count = size - offset < WIDTH ? size - offset : WIDTH;
        memcpy(line, view + offset, count);
        dump_line(offset, line, count);
    }
    (void)printf("%08zx\n", size);
}

int command_show(const struct options *options) {
    const bool is_dump = options->hex || (!options->raw && isatty(STDOUT_FILENO) == 1);
    shs_handle handle = 0;
    shs_pid owner = 0;
    void *view = NULL;
    size_t size = 0;
    if (options->hex && options->raw) {
        say("--hex and --raw exclude each other");
        return EXIT_USAGE;
    }
    if (!operand_block(options->operands, &handle, &owner)) return EXIT_USAGE;
    const shs_status status = shs_lock(handle, owner, SHS_READ, &view, &size);
    if (status != SHS_OK) return say_process_status(owner, status);
    if (is_dump)
        dump(view, size);
    else
        (void)fwrite(view, 1, size, stdout);
    (void)shs_unlock(view);
    return EXIT_FINE;
}
