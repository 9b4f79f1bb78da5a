/*
 * Threads of the application inside the library. See thread.h.
 */
#include "state/thread.h"

#include <stdlib.h>

#include "block/pool.h"
#include "state/context.h"

_Thread_local struct thread *shs__thread_current;

/* Made once in the life of a process, by the thread that makes its context; a forked child inherits it. */
static pthread_key_t ending_key;
static _Atomic bool ending_key_made;

/* A thread that a fork left behind with its parent's context is nobody's here: it is left alone. */
static void end_thread(void *argument) {
    struct thread *thread = argument;
    struct context *context = thread->context;
    shs__thread_current = NULL;
    if (context == NULL || context != current_context()) return;
    context_lock(context);
    for (int i = 0; i < LEASES; i++) {
        struct segment *segment = atomic_load(&thread->leases[i].segment);
        if (segment != NULL) shs__pool_put(segment);
    }
    context_unlock(context);
    shs__rcu_remove_reader(&context->rcu, &thread->reader);
    free(thread);
}

bool shs__thread_prepare(void) {
    if (atomic_load(&ending_key_made)) return true;
    if (pthread_key_create(&ending_key, end_thread) != 0) return false;
    atomic_store(&ending_key_made, true);
    return true;
}

struct thread *shs__thread_register(struct context *context) {
    struct thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL) return NULL;
    if (pthread_setspecific(ending_key, thread) != 0) {
        free(thread);
        return NULL;
    }
    thread->context = context;
    shs__rcu_add_reader(&context->rcu, &thread->reader);
    shs__thread_current = thread;
    return thread;
}
