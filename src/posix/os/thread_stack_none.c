/*
 * Systems that take nothing from the stack of a thread, or do not tell. See thread_stack.h.
 */
#include "os/thread_stack.h"

size_t shs__thread_stack_taken(void) { return 0; }
