/*
 * Signals that are held off: in the threads of the library, which take none of the program's, and for a moment in
 * others (os/birth.c).
 *
 * All but those that a system call or an instruction raises itself. A sandbox answers for the kernel in their handlers;
 * and where one of them is held off, the kernel ends the process instead of calling its handler.
 */
#ifndef SHSHARED_OS_SIGNALS_H
#define SHSHARED_OS_SIGNALS_H

#include <signal.h>
#include <stddef.h>

/* In this thread, and in those that it makes: SIG_BLOCK, with what it holds off anyway; SIG_SETMASK, these and no
 * others, as the library's threads shall. before: what was held off until now. */
static inline void signals_hold_off(int how, sigset_t *before) {
    static const int raised[] = { SIGSYS, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
    sigset_t others;
    (void)sigfillset(&others);
    for (size_t i = 0; i < sizeof raised / sizeof raised[0]; i++)
        (void)sigdelset(&others, raised[i]);
    (void)pthread_sigmask(how, &others, before);
}

#endif
