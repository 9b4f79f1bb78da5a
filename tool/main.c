/*
 * shshared COMMAND: a look at the blocks that processes give each other, and a hand with them. It uses the public
 * interface of the library alone, so that what it can do, every program can.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <shshared/shshared.h>

#include "command.h"
#include "help.h"
#include "say.h"

static const struct command commands[] = {
    { "list", "[PID]", "jt", 0, 1, command_list, "Show which processes take blocks, and what they have",
      "Without PID: of every process of the user. --timeout bounds the wait for each of them; 1 second." },
    { "give", "[FILE] PID", "", 1, 2, command_give, "Give a file to a process, and print the handle of the block",
      "Without FILE, or with -, it gives what comes from standard input." },
    { "show", "HANDLE PID", "xr", 2, 2, command_show, "Show the bytes of a block",
      "To a terminal goes a dump, to a file or a pipe the bytes as they are." },
    { "free", "HANDLE PID", "", 2, 2, command_free, "Free a block", "" },
    { "wait", "PID", "t", 1, 1, command_wait, "Wait until a process takes blocks", "Without --timeout it waits on." },
    { "run", "COMMAND...", "", 1, -1, command_run, "Run a command that finds standard input in a block",
      "The block is this process's until the command has ended. SHSHARED_HANDLE and SHSHARED_OWNER in the command's\n"
      "environment name it, and so do the words {handle} and {owner} among its arguments. It ends as the command "
      "does;\n"
      "with 125 when the block cannot be made, 126 when the command cannot be run, 127 when there is none." },
    { "doctor", "", "j", 0, 0, command_doctor, "Look for what is wrong on this machine, and say how to mend it",
      "It ends with 0 only when nothing is wrong." },
    { "watch", "", "jint", 0, 0, command_watch, "Show who has how much, again and again",
      "Where it does not write to a terminal it looks once, unless --count or --interval say otherwise." },
    { "bench", "", "js", 0, 0, command_bench, "Measure what blocks cost here, beside what else there is", "" },
};
#define COUNT (sizeof commands / sizeof commands[0])

static const struct command *find(const char *name) {
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

/* What was said is worth nothing when it could not be written. */
static int finish(int result) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return result;
    say("standard output cannot be written");
    return result == EXIT_FINE ? EXIT_FAILED : result;
}

static int version(void) {
    (void)printf("shshared %s\n", shs_version());
    return EXIT_FINE;
}

static int run(const char *name, int argc, char **argv) {
    const struct command *command = find(name);
    struct options options;
    int result = EXIT_USAGE;
    if (command == NULL) {
        say("there is no command '%s'; shshared --help lists them", name);
        return EXIT_USAGE;
    }
    say_as(command->name);
    if (options_read(command, argc, argv, &options, &result)) result = command->run(&options);
    shs_stop();
    return result;
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    const bool helps = strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0;
    const bool tells = strcmp(name, "--version") == 0;
    if ((helps || tells) && argc > 2) {
        say("%s is said alone; shshared COMMAND --help", name);
        return EXIT_USAGE;
    }
    if (helps) return finish(help_tool(commands, COUNT));
    if (tells) return finish(version());
    if (argc > 1) return finish(run(name, argc - 1, argv + 1));
    (void)fputs("usage: shshared COMMAND [OPTION...] [OPERAND...]\nshshared --help says more\n", stderr);
    return EXIT_USAGE;
}
