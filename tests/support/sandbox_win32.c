/*
 * The runtime directory of a test on Windows: there is none, as processes are reached by the system itself.
 */
#include "sandbox.h"

#include <stdio.h>

void sandbox_enter(void) {}

const char *sandbox_path(void) { return ""; }

void sandbox_use(const char *path) { (void)path; }

void sandbox_empty(void) {}

bool sandbox_leave(char *text, size_t size) {
    snprintf(text, size, "%s", "");
    return true;
}
