/*
 * One call of the shared-memory functions as data: it can be made here, or sent as a line of text to a second process
 * and made there. What it returned comes back the same way.
 */
#ifndef SHSHARED_TESTS_CALL_H
#define SHSHARED_TESTS_CALL_H

#include <stdio.h>
#include <windows.h>

#define CALL_TEXT 16

/* The last error before a call: one that leaves it alone leaves this. */
#define UNTOUCHED 0xBEEFu

enum verb {
    ALLOC,
    LOCK,
    UNLOCK,
    FREE,
    CLOSE, /* CloseHandle() */
    MAP,
    READ,
    WRITE,
    FILL,  /* the block and what is behind it, to the end of its page, with one letter */
    FULL,  /* is it full of that letter? */
    EMPTY, /* is what lies behind the block zero? */
    PROCESS
};

struct call {
    enum verb verb;
    ULONG_PTR object;     /* a handle or a view */
    DWORD process, other; /* where the handle lives; for MAP, where the new one shall */
    DWORD access, options;
    DWORD size;
    const char *text; /* what ALLOC puts into the block (NULL: nothing) and WRITE into the view */
};

struct result {
    ULONG_PTR value; /* a handle, a view, or a BOOL */
    DWORD error;
    char text[CALL_TEXT]; /* what READ found */
};

/* Make the call in this process. */
struct result make_call(const struct call *call);

/* Have the process at the other end of the streams make it. */
struct result send_call(const struct call *call, FILE *to, FILE *from);

/* Make the calls that come in on standard input until it ends. */
void serve_calls(void);

#endif
