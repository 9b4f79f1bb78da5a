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

/* Blocks have room for any text. */
static void put_text(char *to, const char *text) { snprintf(to, CALL_TEXT, "%s", text); }

static HANDLE alloc(const struct call *call) {
    char data[CALL_TEXT] = { 0 };
    if (call->text == NULL) return SHAllocShared(NULL, call->size, call->process);
    put_text(data, call->text);
    return SHAllocShared(data, call->size, call->process);
}

/* To the end of a page, of which Windows keeps four bytes for itself. */
static DWORD room_of(DWORD size) { return (size + 4 + 4095) / 4096 * 4096 - 4; }

static BOOL is_full(const char *from, const char *to, char letter) {
    while (from < to && *from == letter)
        from++;
    return from == to;
}

static char letter_of(const struct call *call) {
    if (call->text == NULL) return '\0';
    return call->text[0];
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
        case CLOSE:
            return (ULONG_PTR)CloseHandle(object);
        case MAP:
            return (ULONG_PTR)SHMapHandle(object, call->process, call->other, call->access, call->options);
        case READ:
            put_text(found, object);
            return TRUE;
        case WRITE:
            put_text(object, call->text);
            return TRUE;
        case FILL:
            memset(object, letter_of(call), room_of(call->size));
            return TRUE;
        case FULL:
            return (ULONG_PTR)is_full(object, (char *)object + room_of(call->size), letter_of(call));
        case EMPTY:
            return (ULONG_PTR)is_full((char *)object + call->size, (char *)object + room_of(call->size), 0);
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

/* The next number of a line, and the text that is the rest of it. */
static ULONG_PTR next_number(char **at) { return (ULONG_PTR)strtoull(*at, at, 10); }

static void last_text(char *at, char *text) {
    at += strspn(at, " ");
    at[strcspn(at, "\r\n")] = '\0';
    put_text(text, at);
}

struct result send_call(const struct call *call, FILE *to, FILE *from) {
    char line[LINE], *at = line;
    struct result result;
    fprintf(to, "%d %" PRIuPTR " %u %u %u %u %u %s\n", (int)call->verb, (uintptr_t)call->object,
            (unsigned)call->process, (unsigned)call->other, (unsigned)call->access, (unsigned)call->options,
            (unsigned)call->size, call->text == NULL ? NO_TEXT : call->text);
    fflush(to);
    if (fgets(line, sizeof line, from) == NULL) {
        puts("the other process is gone");
        exit(EXIT_FAILURE);
    }
    result.value = next_number(&at);
    result.error = (DWORD)next_number(&at);
    last_text(at, result.text);
    return result;
}

static void parse_call(char *line, struct call *call, char *text) {
    char *at = line;
    call->verb = (enum verb)next_number(&at);
    call->object = next_number(&at);
    call->process = (DWORD)next_number(&at);
    call->other = (DWORD)next_number(&at);
    call->access = (DWORD)next_number(&at);
    call->options = (DWORD)next_number(&at);
    call->size = (DWORD)next_number(&at);
    last_text(at, text);
    call->text = strcmp(text, NO_TEXT) == 0 ? NULL : text;
}

void serve_calls(void) {
    char line[LINE], text[CALL_TEXT];
    struct call call;
    while (fgets(line, sizeof line, stdin) != NULL) {
        parse_call(line, &call, text);
        const struct result result = make_call(&call);
        printf("%" PRIuPTR " %u %s\n", (uintptr_t)result.value, (unsigned)result.error, result.text);
        fflush(stdout);
    }
}
