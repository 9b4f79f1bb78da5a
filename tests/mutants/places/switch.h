/*
 * Which mutant this program is: that of the environment's MUTANT, or none. Included before each source of a copy that
 * rewrite.py has written; MUTANT(n) is true where place n is to be other than it was.
 *
 * Where MUTANT_REACHED names a file, each place that is reached writes a 1 at its number there, also in processes that
 * are killed. MUTANTS_END is one more than there are places.
 */
#ifndef MUTANTS_SWITCH_H
#define MUTANTS_SWITCH_H

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* One of each for a program, and for a library in it. */
__attribute__((weak, visibility("hidden"))) int mutant_number;
__attribute__((weak, visibility("hidden"))) volatile char *mutants_reached;

static void *mutants_map(const char *path) {
    const int fd = open(path, O_RDWR);
    void *const mapped = mmap(NULL, MUTANTS_END, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    return mapped == MAP_FAILED ? NULL : mapped;
}

__attribute__((constructor(101))) static void mutants_begin(void) {
    const char *const number = getenv("MUTANT"), *const reached = getenv("MUTANT_REACHED");
    if (number != NULL) mutant_number = atoi(number);
    if (reached != NULL && mutants_reached == NULL) mutants_reached = mutants_map(reached);
}

__attribute__((unused)) static inline int mutant_is(int number) {
    if (mutants_reached != NULL) mutants_reached[number] = 1;
    return __builtin_expect(mutant_number == number, 0);
}

__attribute__((unused)) static inline long long mutant_number_or(int number, long long value, long long other) {
    return mutant_is(number) ? other : value;
}

__attribute__((unused)) static inline void *mutant_null(int number, const void *value) {
    return mutant_is(number) ? NULL : (void *)(size_t)value;
}

#define MUTANT(n) mutant_is(n)

#endif
