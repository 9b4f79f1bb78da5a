/*
 * What is asked of Linux alone: elsewhere the answer is yes. See kernel.h.
 */
#include "kernel.h"

bool kernel_lets_fill_a_limit(void) { return true; }

bool kernel_tells_stops(void) { return true; }
