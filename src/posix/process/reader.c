/*
 * Threads of the application inside the library. See thread.h.
 */
#include "process/reader.h"

#include <sched.h>
#include <stdlib.h>

#include "os/membarrier.h"
#include "process/context.h"

_Thread_local struct reader *reader_current;

/* Made once in the life of a process, under the one thread that makes its world; a forked child inherits it. */
static pthread_key_t ending_key;
static _Atomic bool ending_key_made;

/* What a thread had on lease rests again. A thread that a fork left behind with its parent's world is nobody's here. */
static void end_thread(void *argument) {
    struct reader *reader = argument;
    struct context *context = reader->context;
    reader_current = NULL;
    if (context != current_context()) return;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a thread always has a world */
    (void)pthread_mutex_lock(&context->lock);
    for (int i = 0; i < LEASES; i++) {
        struct segment *segment = atomic_load(&reader->leases[i].segment);
        if (segment != NULL) pool_put(registry_pool(context, segment), segment);
    }
    struct reader **place = &context->threads;
    while (*place != reader)
        place = &(*place)->next;
    *place = reader->next;
    (void)pthread_mutex_unlock(&context->lock);
    free(reader);
}

bool reader_prepare(void) {
    if (atomic_load(&ending_key_made)) return true;
    if (pthread_key_create(&ending_key, end_thread) != 0) return false;
    atomic_store(&ending_key_made, true);
    return true;
}

struct reader *reader_register(struct context *context) {
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    if (pthread_setspecific(ending_key, reader) != 0) {
        free(reader);
        return NULL;
    }
    reader->context = context;
    reader->fenced = !context->membarrier;
    (void)pthread_mutex_lock(&context->lock);
    reader->next = context->threads;
    context->threads = reader;
    (void)pthread_mutex_unlock(&context->lock);
    reader_current = reader;
    return reader;
}

void reader_synchronize(struct context *context) {
    if (context->membarrier) membarrier_all();
    for (struct reader *reader = context->threads; reader != NULL; reader = reader->next) {
        const uint32_t seen = atomic_load(&reader->section);
        if ((seen & 1u) == 0) continue;
        while (atomic_load(&reader->section) == seen)
            (void)sched_yield();
    }
}
