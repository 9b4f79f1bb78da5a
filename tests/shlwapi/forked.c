/*
 * A forked child of a ported program: it can be given blocks from its first call of whatever function of the layer,
 * even of one that fails. Exit code 0: that is so for each.
 */
#include <shlwapi.h>
#include <shshared/shshared.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void get_process(void) { (void)GetCurrentProcessId(); }
static void get_thread(void) { (void)GetCurrentThreadId(); }
static void get_error(void) { (void)GetLastError(); }
static void set_error(void) { SetLastError(7); }
static void alloc(void) { (void)SHAllocShared(NULL, 1, 0); }
static void lock(void) { (void)SHLockShared(NULL, 0); }
static void lock_ex(void) { (void)SHLockSharedEx(NULL, 0, FALSE); }
static void unlock(void) { (void)SHUnlockShared(NULL); }
static void release(void) { (void)SHFreeShared(NULL, 0); }
static void map(void) { (void)SHMapHandle(NULL, 0, 0, 0, 0); }
static void close_handle(void) { (void)CloseHandle(NULL); }

static const struct {
    const char *name;
    void (*call)(void);
} calls[] = {
    { "GetCurrentProcessId", get_process },
    { "GetCurrentThreadId", get_thread },
    { "GetLastError", get_error },
    { "SetLastError", set_error },
    { "SHAllocShared", alloc },
    { "SHLockShared", lock },
    { "SHLockSharedEx", lock_ex },
    { "SHUnlockShared", unlock },
    { "SHFreeShared", release },
    { "SHMapHandle", map },
    { "CloseHandle", close_handle },
};

/* The child calls, says so, and lives until it is ended. */
static void be_child(void (*call)(void), int told) {
    call();
    if (write(told, "", 1) != 1) _exit(EXIT_FAILURE);
    pause();
}

static int is_reached(void (*call)(void)) {
    int ends[2];
    char byte;
    if (pipe(ends) != 0) return 0;
    const pid_t child = fork();
    if (child == 0) be_child(call, ends[1]);
    close(ends[1]);
    const int called = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
    const int reached = called && shs_probe((shs_pid)child) == SHS_OK;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return reached;
}

int main(void) {
    int missed = 0;
    for (size_t i = 0; i < ARRAYSIZE(calls); i++) {
        if (is_reached(calls[i].call)) continue;
        printf("not reached after %s\n", calls[i].name);
        missed++;
    }
    return missed;
}
