/*
 * The two processes of a peer on Windows: the program started again with the same arguments, and two pipes for the
 * letters, whose handles the second process inherits and finds in its environment.
 *
 * Pipes are what a Windows program has that wakes the other side with one call and needs no window.
 */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#include "support.h"

#define VARIABLE "BENCH_PAIR"

static HANDLE incoming, outgoing;

static HANDLE from_number(unsigned long long number) { return (HANDLE)(uintptr_t)number; }
static unsigned long long to_number(HANDLE handle) { return (unsigned long long)(uintptr_t)handle; }

static void make_pipe(HANDLE *reader, HANDLE *writer) {
    SECURITY_ATTRIBUTES inherited = { .nLength = sizeof inherited, .bInheritHandle = TRUE };
    if (!CreatePipe(reader, writer, &inherited, 0)) fail("CreatePipe");
}

static DWORD start_again(void) {
    STARTUPINFOA start = { .cb = sizeof start };
    PROCESS_INFORMATION child;
    if (!CreateProcessA(NULL, GetCommandLineA(), NULL, NULL, TRUE, 0, NULL, NULL, &start, &child))
        fail("CreateProcess");
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    return child.dwProcessId;
}

static enum role become_giver(uint32_t *other) {
    HANDLE taker_in = NULL, taker_out = NULL;
    make_pipe(&taker_in, &outgoing);
    make_pipe(&incoming, &taker_out);
    SetHandleInformation(outgoing, HANDLE_FLAG_INHERIT, 0); /* the taker must see its end */
    SetHandleInformation(incoming, HANDLE_FLAG_INHERIT, 0);
    char value[96];
    snprintf(value, sizeof value, "%llu %llu %lu", to_number(taker_in), to_number(taker_out), GetCurrentProcessId());
    SetEnvironmentVariableA(VARIABLE, value);
    *other = start_again();
    CloseHandle(taker_in);
    CloseHandle(taker_out);
    return GIVER;
}

enum role pair_split(uint32_t *other) {
    char value[96];
    if (GetEnvironmentVariableA(VARIABLE, value, sizeof value) == 0) return become_giver(other);
    char *rest = value;
    incoming = from_number(strtoull(rest, &rest, 10));
    outgoing = from_number(strtoull(rest, &rest, 10));
    *other = (uint32_t)strtoul(rest, &rest, 10);
    return TAKER;
}

void pair_send(const struct letter *letter) {
    DWORD done = 0;
    if (!WriteFile(outgoing, letter, sizeof *letter, &done, NULL) || done != sizeof *letter) fail("WriteFile");
}

int pair_receive(struct letter *letter) {
    DWORD done = 0;
    if (!ReadFile(incoming, letter, sizeof *letter, &done, NULL) || done == 0) return 0;
    if (done != sizeof *letter) fail("ReadFile");
    return 1;
}

uint64_t pair_held(void) { return 0; }
