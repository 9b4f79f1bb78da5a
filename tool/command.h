/*
 * The commands of the tool: what each is called, takes and does, and how it ends. The table is main.c's; each command
 * has a file of its own, and owns what it opens.
 */
#ifndef SHSHARED_TOOL_COMMAND_H
#define SHSHARED_TOOL_COMMAND_H

#include "options.h"

/* How the tool ends. A child that `run` started says for itself; the last three are env(1)'s. */
enum {
    EXIT_FINE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_RUN_FAILED = 125,
    EXIT_CANNOT_RUN = 126,
    EXIT_NO_COMMAND = 127
};

struct command {
    const char *name;
    const char *operands; /* as the usage shows them */
    const char *options;  /* the letters that it takes, see options.c */
    int least, most;      /* operands; most < 0: any number, and no option is read behind the first */
    int (*run)(const struct options *options);
    const char *summary; /* one line, for the list of commands */
    const char *help;    /* what else its --help says */
};

int command_list(const struct options *options);
int command_give(const struct options *options);
int command_show(const struct options *options);
int command_free(const struct options *options);
int command_wait(const struct options *options);
int command_run(const struct options *options);
int command_doctor(const struct options *options);
int command_watch(const struct options *options);
int command_bench(const struct options *options);

#endif
