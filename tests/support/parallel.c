/*
 * Many threads at once, made of single ones.
 */
#include "parallel.h"

#define MAX_THREADS 64

void parallel_run(size_t count, void (*function)(void *), void *context) {
    struct parallel *threads[MAX_THREADS] = { 0 };
    for (size_t i = 0; i < count && i < MAX_THREADS; i++) {
        threads[i] = parallel_start(function, context);
    }
    for (size_t i = 0; i < count && i < MAX_THREADS; i++) {
        parallel_join(threads[i]);
    }
}
