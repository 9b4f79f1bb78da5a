/*
 * Signals that end the process (INT, TERM, HUP), noted for as long as there is something to give back first. There is
 * one watch at a time.
 */
#ifndef SHSHARED_TOOL_INTERRUPTION_H
#define SHSHARED_TOOL_INTERRUPTION_H

#include <stdbool.h>

void interruption_watch(void); /* calls that wait end with EINTR when one comes */
bool interruption_came(void);
void interruption_take(void); /* the end of the watch: what came is raised again */

#endif
