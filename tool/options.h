/*
 * The options and operands of a command, as its user wrote them. Filled by options.c from one table for all commands;
 * what it leads to is argv's.
 */
#ifndef SHSHARED_TOOL_OPTIONS_H
#define SHSHARED_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct command;

struct options {
    bool json;
    bool hex, raw;
    bool timed;   /* timeout_ms was said */
    bool repeats; /* interval was */
    uint32_t timeout_ms;
    double interval, seconds;
    uint32_t count; /* 0: nothing was said */
    char **operands;
    int operand_count;
};

/* Reads them. False when there is nothing more to do: *result is how the tool ends, and all is said. */
bool options_read(const struct command *command, int argc, char **argv, struct options *options, int *result);

#endif
