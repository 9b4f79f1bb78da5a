/*
 * The second process of the transcript on Windows: CreateProcess() and two pipes. See start.h.
 */
#include "start.h"

#include <fcntl.h>
#include <io.h>
#include <stdint.h>
#include <windows.h>

/* A pipe of which the child inherits one end. */
static BOOL make_pipe(HANDLE ends[2], int inherited) {
    if (!CreatePipe(&ends[0], &ends[1], NULL, 0)) return FALSE;
    return SetHandleInformation(ends[inherited], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
}

static FILE *stream(HANDLE end, const char *mode) { return _fdopen(_open_osfhandle((intptr_t)end, _O_TEXT), mode); }

int start(const char *program, const char *argument, struct started *started) {
    HANDLE in[2], out[2];
    if (!make_pipe(in, 0) || !make_pipe(out, 1)) return -1;
    STARTUPINFOA startup = { .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES };
    startup.hStdInput = in[0];
    startup.hStdOutput = out[1];
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    char line[MAX_PATH * 2];
    snprintf(line, sizeof line, "\"%s\" %s", program, argument);
    PROCESS_INFORMATION process;
    const BOOL made = CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process);
    CloseHandle(in[0]);
    CloseHandle(out[1]);
    if (!made) return -1;
    CloseHandle(process.hThread);
    started->to = stream(in[1], "w");
    started->from = stream(out[0], "r");
    started->pid = (unsigned)process.dwProcessId;
    started->handle = process.hProcess;
    return started->to == NULL || started->from == NULL;
}

void end_started(struct started *started) {
    fclose(started->to);
    fclose(started->from);
    WaitForSingleObject(started->handle, INFINITE);
    CloseHandle(started->handle);
}
