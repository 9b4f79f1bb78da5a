/*
 * Threads of the application inside the library. See thread.h.
 */
#include "thread.h"

#include <sched.h>
#include <stdlib.h>

#include "barrier.h"
#include "world.h"

_Thread_local struct thread *thread_current;

/* Made once in the life of a process, under the one thread that makes its world; a forked child inherits it. */
static pthread_key_t ending_key;
static _Atomic bool ending_key_made;

/* What a thread had on lease rests again. A thread that a fork left behind with its parent's world is nobody's here. */
static void end_thread(void *argument) {
    struct thread *thread = argument;
    struct world *world = thread->world;
    thread_current = NULL;
    if (world != forkpage_world()) return;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a thread always has a world */
    (void)pthread_mutex_lock(&world->lock);
    for (int i = 0; i < LEASES; i++) {
        struct segment *segment = atomic_load(&thread->leases[i].segment);
        if (segment != NULL) pool_rest(holdings_pool(world, segment), segment);
    }
    struct thread **place = &world->threads;
    while (*place != thread)
        place = &(*place)->next;
    *place = thread->next;
    (void)pthread_mutex_unlock(&world->lock);
    free(thread);
}

bool thread_prepare(void) {
    if (atomic_load(&ending_key_made)) return true;
    if (pthread_key_create(&ending_key, end_thread) != 0) return false;
    atomic_store(&ending_key_made, true);
    return true;
}

struct thread *thread_register(struct world *world) {
    struct thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL) return NULL;
    if (pthread_setspecific(ending_key, thread) != 0) {
        free(thread);
        return NULL;
    }
    thread->world = world;
    thread->fenced = !world->barriers;
    (void)pthread_mutex_lock(&world->lock);
    thread->next = world->threads;
    world->threads = thread;
    (void)pthread_mutex_unlock(&world->lock);
    thread_current = thread;
    return thread;
}

void thread_wait(struct world *world) {
    if (world->barriers) barrier_all();
    for (struct thread *thread = world->threads; thread != NULL; thread = thread->next) {
        const uint32_t seen = atomic_load(&thread->gate);
        if ((seen & 1u) == 0) continue;
        while (atomic_load(&thread->gate) == seen)
            (void)sched_yield();
    }
}
