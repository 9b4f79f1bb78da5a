/*
 * What the behaviours have in common: each is a library that is preloaded, and stands before a function of libc.
 *
 * NEXT(f) makes next_f(), which finds what f is without it: libc's, or the next behaviour's. So several go together. It
 * is found when it is called first, as a library's constructor may run before any of the behaviour's.
 */
#ifndef TESTS_KERNELS_BEHAVIOUR_H
#define TESTS_KERNELS_BEHAVIOUR_H

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#define SHOWN __attribute__((visibility("default")))

#define NEXT(function)                                      \
    static __typeof__(&(function)) next_##function(void) {  \
        static _Atomic(__typeof__(&(function))) known;      \
        __typeof__(&(function)) next = atomic_load(&known); \
        if (next == NULL) {                                 \
            void *found = dlsym(RTLD_NEXT, #function);      \
            memcpy(&next, &found, sizeof found);            \
            atomic_store(&known, next);                     \
        }                                                   \
        return next;                                        \
    }

/* Is it an object of shm_open()? */
static inline bool is_shm_object(int fd) {
    struct stat about, folder;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && stat("/dev/shm", &folder) == 0 &&
           about.st_dev == folder.st_dev;
}

#endif
