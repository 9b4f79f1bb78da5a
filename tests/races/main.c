/*
 * A program of somebody who looks for races: two threads hand blocks to each other, and nothing but the library orders
 * what they do. It is built with ThreadSanitizer, the library is not; a report ends it with a status of its own.
 */
#include <pthread.h>
#include <sched.h>
#include <shshared/shshared.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS 2000
#define SIZE 48

static _Atomic shs_handle boxes[64]; /* 0: empty; they order nothing */

static _Atomic shs_handle *box(int number) { return &boxes[number % 64]; }

static void post(shs_handle handle, int number) {
    while (atomic_load_explicit(box(number), memory_order_relaxed) != 0)
        sched_yield();
    atomic_store_explicit(box(number), handle, memory_order_relaxed);
}

static shs_handle fetch(int number) {
    shs_handle handle;
    while ((handle = atomic_load_explicit(box(number), memory_order_relaxed)) == 0)
        sched_yield();
    atomic_store_explicit(box(number), 0, memory_order_relaxed);
    return handle;
}

/* Every other one is filled in place, by code of the program. */
static shs_handle make(int number) {
    char text[SIZE];
    shs_handle handle = 0;
    void *view = NULL;
    memset(text, number, sizeof text);
    if (number % 2 == 0) return shs_alloc(text, sizeof text, shs_self(), &handle) == SHS_OK ? handle : 0;
    if (shs_alloc_locked(sizeof text, shs_self(), &handle, &view) != SHS_OK) return 0;
    for (size_t i = 0; i < sizeof text; i++)
        ((volatile char *)view)[i] = (char)number;
    return shs_unlock(view) == SHS_OK ? handle : 0;
}

static void *produce(void *unused) {
    for (int i = 1; i <= BLOCKS; i++) {
        const shs_handle handle = make(i);
        if (handle == 0) abort();
        post(handle, i);
    }
    return unused;
}

static int consume(shs_handle handle, int number) {
    void *view = NULL;
    int wrong = 0;
    if (shs_lock(handle, shs_self(), SHS_READ_WRITE, &view, NULL) != SHS_OK) return 1;
    for (size_t i = 0; i < SIZE; i++)
        wrong += ((const volatile char *)view)[i] != (char)number;
    return shs_unlock(view) != SHS_OK || shs_free(handle, shs_self()) != SHS_OK || wrong != 0;
}

int main(void) {
    pthread_t producer;
    int wrong = 0;
    if (shs_start(NULL) != SHS_OK || pthread_create(&producer, NULL, produce, NULL) != 0) return 1;
    for (int i = 1; i <= BLOCKS; i++)
        wrong += consume(fetch(i), i);
    pthread_join(producer, NULL);
    shs_stop();
    return wrong != 0;
}
