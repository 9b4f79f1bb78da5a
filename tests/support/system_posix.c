/*
 * POSIX: handles have generations, owners answer for themselves and know who called, memory is kept.
 */
#include "system.h"

bool system_keeps_handles_apart(void) { return true; }

bool system_asks_owners(void) { return true; }

bool system_keeps_memory(void) { return true; }

bool system_knows_givers(void) { return true; }
