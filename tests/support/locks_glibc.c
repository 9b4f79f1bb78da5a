/*
 * Whoever gives a lock back has it. A lock that was not taken costs nothing until two threads meet, which no test waits
 * for; so every suite program has this pthread_mutex_unlock() in front of the real one, also for the library, and ends
 * where it is called for a lock that is free or another thread's. Linked into each suite; owns nothing.
 *
 * A forked child gives back what its parent's thread took: a thread that is not in this process.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef int unlock(pthread_mutex_t *mutex);

static unlock *find_real(void) {
    static _Atomic(unlock *) real;
    unlock *found = atomic_load(&real);
    if (found != NULL) return found;
    *(void **)&found = dlsym(RTLD_NEXT, "pthread_mutex_unlock");
    atomic_store(&real, found);
    return found;
}

static int is_had(int owner, int thread) {
    return owner == thread || (owner != 0 && syscall(SYS_tgkill, getpid(), owner, 0) != 0);
}

__attribute__((visibility("default"))) int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    const int thread = (int)syscall(SYS_gettid);
    if (!is_had(mutex->__data.__owner, thread)) {
        (void)fprintf(stderr, "a lock is given back that thread %d does not have\n", thread);
        abort();
    }
    return find_real()(mutex);
}
