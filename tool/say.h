/*
 * What the tool says to people, on standard error: every line begins with the tool's name and the command's.
 */
#ifndef SHSHARED_TOOL_SAY_H
#define SHSHARED_TOOL_SAY_H

#include <shshared/shshared.h>

#if defined(__GNUC__)
#define SAY_FORMAT(at) __attribute__((format(printf, at, (at) + 1)))
#else
#define SAY_FORMAT(at)
#endif

/* Whose words follow: the command, or NULL. */
void say_as(const char *command);

SAY_FORMAT(1) void say(const char *format, ...);

/* What a call failed with: the status's name, its text, what the system said, and what to do about it. Returns
 * EXIT_FAILED. */
int say_status(const char *what, shs_status status);
int say_process_status(shs_pid pid, shs_status status);

/* What a call of the system failed with, by errno. Returns EXIT_FAILED. */
int say_errno(const char *what);

/* What a status usually comes from, and what mends it. "" where there is nothing to add to its text. */
const char *advice(shs_status status);

#endif
