/*
 * Make a system call fail, or deadly, for the rest of the process: fallback paths are forced, not assumed.
 */
#ifndef TESTS_DENY_LINUX_H
#define TESTS_DENY_LINUX_H

#include <stdbool.h>

/* From here on the system call fails with error. False where the kernel has no seccomp. */
bool deny_with_error(long call, int error);

/* From here on the system call kills the process at once, before it does anything. */
bool deny_with_death(long call);

#endif
