/*
 * Making a call, and the line of text that a call or a result is on its way. See call.h.
 */
#include "call.h"

#include <inttypes.h>
#include <shlwapi.h>
#include <stdlib.h>

/* Ordinal 11: some import libraries have it, no header of Windows declares it. */
HANDLE WINAPI SHMapHandle(HANDLE shared, DWORD from, DWORD to, DWORD access, DWORD options);

#define LINE 200
#define NO_TEXT "-"

/* A block has room for any text. */
static HANDLE alloc(const struct call *call) {
    char data[CALL_TEXT] = { 0 };
    if (call->text == NULL) return SHAllocShared(NULL, call->size, call->process);
    snprintf(data, sizeof data, "%s", call->text);
    return SHAllocShared(data, call->size, call->process);
}

static ULONG_PTR perform(const struct call *call, char *found) {
    void *object = (void *)call->object;
    switch (call->verb) {
        case ALLOC:
            return (ULONG_PTR)alloc(call);
        case LOCK:
            return (ULONG_PTR)SHLockShared(object, call->process);
        case UNLOCK:
            return (ULONG_PTR)SHUnlockShared(object);
        case FREE:
            return (ULONG_PTR)SHFreeShared(object, call->process);
        case MAP:
            return (ULONG_PTR)SHMapHandle(object, call->process, call->other, call->access, call->options);
        case READ:
            return (ULONG_PTR)snprintf(found, CALL_TEXT, "%s", (const char *)object);
        case WRITE:
            return (ULONG_PTR)strcpy(object, call->text);
        case PROCESS:
            return GetCurrentProcessId();
    }
    return 0;
}

struct result make_call(const struct call *call) {
    struct result result = { .text = NO_TEXT };
    SetLastError(UNTOUCHED);
    result.value = perform(call, result.text);
    result.error = GetLastError();
    return result;
}

static void give_up(const char *why) {
    printf("%s\n", why);
    exit(EXIT_FAILURE);
}

struct result send_call(const struct call *call, FILE *to, FILE *from) {
    fprintf(to, "%d %" PRIuPTR " %u %u %u %u %u %s\n", (int)call->verb, (uintptr_t)call->object,
            (unsigned)call->process, (unsigned)call->other, (unsigned)call->access, (unsigned)call->options,
            (unsigned)call->size, call->text == NULL ? NO_TEXT : call->text);
    fflush(to);
    char line[LINE];
    struct result result;
    unsigned error;
    uintptr_t value;
    if (fgets(line, sizeof line, from) == NULL) give_up("the other process is gone");
    if (sscanf(line, "%" SCNuPTR " %u %15s", &value, &error, result.text) != 3) give_up(line);
    result.value = value;
    result.error = error;
    return result;
}

static int parse_call(const char *line, struct call *call, char *text) {
    int verb;
    uintptr_t object;
    unsigned process, other, access, options, size;
    if (sscanf(line, "%d %" SCNuPTR " %u %u %u %u %u %15s", &verb, &object, &process, &other, &access, &options, &size,
               text) != 8)
        return -1;
    *call = (struct call){ (enum verb)verb, object, process, other, access, options, size, text };
    if (strcmp(text, NO_TEXT) == 0) call->text = NULL;
    return 0;
}

void serve_calls(void) {
    char line[LINE], text[CALL_TEXT];
    struct call call;
    while (fgets(line, sizeof line, stdin) != NULL && parse_call(line, &call, text) == 0) {
        const struct result result = make_call(&call);
        printf("%" PRIuPTR " %u %s\n", (uintptr_t)result.value, (unsigned)result.error, result.text);
        fflush(stdout);
    }
}
