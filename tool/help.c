/*
 * What --help says. See help.h.
 */
#include "help.h"

#include <stdio.h>
#include <string.h>

struct described {
    char letter;
    const char *option, *says;
};

static const struct described described[] = {
    { 'j', "--json", "say it in JSON, for programs" },
    { 'x', "--hex", "a dump, wherever it goes" },
    { 'r', "--raw", "the bytes, wherever they go" },
    { 't', "--timeout SECONDS", "wait so long at most" },
    { 'i', "--interval SECONDS", "from one look to the next; 2" },
    { 'n', "--count N", "end after N looks" },
    { 's', "--seconds SECONDS", "how long to measure in all; 12" },
    { 'h', "--help", "say this" },
};

static void print_usage(FILE *out, const struct command *command) {
    (void)fprintf(out, "usage: shshared %s [OPTION...]%s%s\n", command->name, command->operands[0] == '\0' ? "" : " ",
                  command->operands);
}

int help_command(const struct command *command) {
    print_usage(stdout, command);
    (void)printf("%s.\n\n", command->summary);
    for (size_t i = 0; i < sizeof described / sizeof described[0]; i++) {
        if (described[i].letter != 'h' && strchr(command->options, described[i].letter) == NULL) continue;
        (void)printf("  %-20s %s\n", described[i].option, described[i].says);
    }
    if (command->help[0] != '\0') (void)printf("\n%s\n", command->help);
    return EXIT_FINE;
}

int help_usage(const struct command *command) {
    print_usage(stderr, command);
    (void)fprintf(stderr, "shshared %s --help says more\n", command->name);
    return EXIT_USAGE;
}

int help_tool(const struct command *commands, size_t count) {
    (void)puts(
        "usage: shshared COMMAND [OPTION...] [OPERAND...]\n"
        "Blocks of memory that processes give each other by pid: a look at them, and a hand.\n");
    for (size_t i = 0; i < count; i++)
        (void)printf("  %-7s %-16s %s\n", commands[i].name, commands[i].operands, commands[i].summary);
    (void)puts(
        "\n  --help, --version; shshared COMMAND --help says more of a command\n\n"
        "It ends with 0 when all is fine, 1 when something failed, 2 when it was called wrongly.");
    return EXIT_FINE;
}
