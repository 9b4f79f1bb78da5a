/*
 * What a process owns that the library could leave behind, as numbers that can be compared.
 *
 * Private memory is not among them: allocators and thread stacks keep theirs, and the sanitizers look after it. Shared
 * mappings, descriptors and threads are made by the library and by the tests alone. leaks_SYSTEM.c measures; what a
 * system cannot tell stays 0.
 */
#ifndef TESTS_LEAKS_H
#define TESTS_LEAKS_H

#include <stdbool.h>
#include <stddef.h>

struct leaks {
    size_t descriptors; /* open descriptors or kernel handles */
    size_t mappings;    /* shared mappings */
    size_t threads;
    size_t names; /* names of shared-memory objects that this process made */
};

/* Once in a program: start and end a thread, as some runtimes keep one of their own from the first on. */
void leaks_warm_up(void);

void leaks_measure(struct leaks *now);

/*
 * Is the process back at the baseline? Waits a bounded time, as a thread that was joined still shows for a moment, and
 * so do the names of other programs. text tells what is left otherwise.
 */
bool leaks_settle(const struct leaks *baseline, char *text, size_t size);

/* The same where something was just ending when the baseline was taken: there is no more of anything than then. */
bool leaks_fall_to(const struct leaks *baseline, char *text, size_t size);

/* Do the mappings come down to so many? Waits a bounded time, as memory goes back when somebody has time for it. */
bool leaks_mappings_fall_to(size_t most);

/* What is open now, on stderr: for whoever looks for a leak. */
void leaks_describe(void);

#endif
