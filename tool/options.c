/*
 * Reading the options of a command. See options.h.
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "help.h"
#include "numbers.h"
#include "say.h"

#define KNOWN 8
#define LONGEST 86400.0 /* seconds: a day */

static const struct option known[KNOWN] = {
    { "help", no_argument, NULL, 'h' },          { "json", no_argument, NULL, 'j' },
    { "hex", no_argument, NULL, 'x' },           { "raw", no_argument, NULL, 'r' },
    { "timeout", required_argument, NULL, 't' }, { "interval", required_argument, NULL, 'i' },
    { "count", required_argument, NULL, 'n' },   { "seconds", required_argument, NULL, 's' },
};

/* Those of the table that the command takes, in both forms of getopt_long(). */
static void choose(const struct command *command, char letters[2 * KNOWN + 3], struct option chosen[KNOWN + 1]) {
    *letters++ = command->most < 0 ? '+' : ':';
    if (command->most < 0) *letters++ = ':';
    for (int i = 0; i < KNOWN; i++) {
        if (known[i].val != 'h' && strchr(command->options, known[i].val) == NULL) continue;
        *chosen++ = known[i];
        *letters++ = (char)known[i].val;
        if (known[i].has_arg == required_argument) *letters++ = ':';
    }
    *letters = '\0';
    *chosen = (struct option){ 0 };
}

static bool take_timeout(struct options *options) {
    double seconds = 0;
    if (!number_seconds(optarg, LONGEST, &seconds)) return false;
    options->timed = true;
    options->timeout_ms = (uint32_t)(seconds * 1e3 + 0.5);
    return true;
}

/* One option; false when its value makes no sense. */
static bool take(int letter, struct options *options) {
    switch (letter) {
        case 'j':
            return options->json = true;
        case 'x':
            return options->hex = true;
        case 'r':
            return options->raw = true;
        case 't':
            return take_timeout(options);
        case 'i':
            return options->repeats = number_seconds(optarg, LONGEST, &options->interval);
        case 'n':
            return number_positive(optarg, &options->count);
        default:
            return number_seconds(optarg, LONGEST, &options->seconds) && options->seconds > 0;
    }
}

static int refuse(const struct command *command, int letter, char **argv) {
    if (letter == ':')
        say("%s: a value is missing", argv[optind - 1]);
    else if (letter != '?')
        say("'%s' is no value for this option", optarg);
    else if (optopt != 0 && strncmp(argv[optind - 1], "--", 2) == 0)
        say("%s: there is nothing to be said behind =", argv[optind - 1]);
    else if (optopt != 0)
        say("there is no option -%c", optopt);
    else
        say("there is no option %s", argv[optind - 1]);
    return help_usage(command);
}

static int refuse_count(const struct command *command, int count) {
    say(count < command->least ? "something is missing" : "too much was said");
    return help_usage(command);
}

static void begin(struct options *options) {
    *options = (struct options){ .interval = 2, .seconds = 12 };
    opterr = 0;
}

bool options_read(const struct command *command, int argc, char **argv, struct options *options, int *result) {
    char letters[2 * KNOWN + 3];
    struct option chosen[KNOWN + 1];
    begin(options);
    choose(command, letters, chosen);
    for (int letter; (letter = getopt_long(argc, argv, letters, chosen, NULL)) != -1;) {
        if (letter == 'h') {
            *result = help_command(command);
            return false;
        }
        if (letter != '?' && letter != ':' && take(letter, options)) continue;
        *result = refuse(command, letter, argv);
        return false;
    }
    options->operands = argv + optind;
    options->operand_count = argc - optind;
    const int count = options->operand_count;
    if (count >= command->least && (command->most < 0 || count <= command->most)) return true;
    *result = refuse_count(command, count);
    return false;
}
