/*
 * What --help says, of the tool and of each command.
 */
#ifndef SHSHARED_TOOL_HELP_H
#define SHSHARED_TOOL_HELP_H

#include <stddef.h>

#include "command.h"

int help_tool(const struct command *commands, size_t count); /* to standard output; EXIT_FINE */
int help_command(const struct command *command);             /* to standard output; EXIT_FINE */
int help_usage(const struct command *command);               /* one line to standard error; EXIT_USAGE */

#endif
