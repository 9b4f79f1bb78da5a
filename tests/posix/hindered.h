/*
 * Weak atomic exchanges in the hand of a test: it says which of them fail, and what another thread does before one.
 *
 * The sources that are to be driven so are compiled once more into the test's program, with this file before them
 * (CMakeLists.txt). A weak exchange may always fail without a reason, so what they do is what they may have to do.
 */
#ifndef TESTS_HINDERED_H
#define TESTS_HINDERED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Instead of an exchange, and with as many branches: coverage counts them with those of the library's own build. */
bool hindered_exchange(_Atomic uint32_t *word, uint32_t *seen, uint32_t next);

#undef atomic_compare_exchange_weak
#undef atomic_compare_exchange_weak_explicit
#define atomic_compare_exchange_weak(word, seen, next) hindered_exchange(word, seen, next)
#define atomic_compare_exchange_weak_explicit(word, seen, next, done, not_done) hindered_exchange(word, seen, next)

#endif
