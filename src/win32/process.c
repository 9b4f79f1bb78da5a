/*
 * Processes: reach one by its pid, and say what went wrong.
 *
 * The only right that is asked for is PROCESS_DUP_HANDLE: who grants it lets its handles be duplicated, and Windows'
 * access control decides who that is. No other right can be missing, so whether a process is still alive is asked only
 * when something failed.
 *
 * Owns the handle of an open process, from shs__process_open() to shs__process_close().
 */
#include "win32/process.h"

#include <stdbool.h>

/* A process that ended can still be opened while somebody holds a handle of it, as a zombie in POSIX. */
static bool has_ended(shs_pid pid) {
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid);
    if (process == NULL) return GetLastError() == ERROR_INVALID_PARAMETER;
    const bool ended = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
    CloseHandle(process);
    return ended;
}

/* Windows ignores the two low bits of a pid: a number with one of them set is nobody's, and would open its neighbour.
 */
static bool is_pid(shs_pid pid) { return (pid & 3u) == 0; }

shs_status shs__process_open(shs_pid pid, struct process *process) {
    if (!is_pid(pid)) return shs__backend_error(SHS_E_NO_PROCESS, 0);
    HANDLE opened = GetCurrentProcess();
    if (pid != GetCurrentProcessId()) opened = OpenProcess(PROCESS_DUP_HANDLE, FALSE, pid);
    if (opened == NULL) {
        const DWORD error = GetLastError();
        if (error == ERROR_INVALID_PARAMETER) return shs__backend_error(SHS_E_NO_PROCESS, (long)error);
        return shs__system_failed(error);
    }
    process->pid = pid;
    process->handle = opened;
    return SHS_OK;
}

void shs__process_close(struct process *process) {
    CloseHandle(process->handle); /* without effect on the pseudo handle of this process */
    process->handle = NULL;
}

shs_status shs__process_living(const struct process *process) {
    return has_ended(process->pid) ? shs__backend_error(SHS_E_NO_PROCESS, 0) : SHS_OK;
}

shs_status shs__process_failed(const struct process *process, DWORD error) {
    if (has_ended(process->pid)) return shs__backend_error(SHS_E_NO_PROCESS, (long)error);
    return shs__system_failed(error);
}

static shs_status status_of(DWORD error) {
    switch (error) {
        case ERROR_INVALID_HANDLE:
            return SHS_E_HANDLE;
        case ERROR_ACCESS_DENIED:
            return SHS_E_ACCESS;
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY:
        case ERROR_COMMITMENT_LIMIT:
            return SHS_E_NO_MEMORY;
        case ERROR_NO_SYSTEM_RESOURCES:
        case ERROR_NOT_ENOUGH_QUOTA:
        case ERROR_TOO_MANY_OPEN_FILES:
            return SHS_E_LIMIT;
        default:
            return SHS_E_SYSTEM;
    }
}

shs_status shs__system_failed(DWORD error) { return shs__backend_error(status_of(error), (long)error); }
