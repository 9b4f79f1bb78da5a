/*
 * A child with a pipe at its standard input, on Windows. See spawn.h.
 */
#include <fcntl.h>
#include <io.h>
#include <string.h>
#include <windows.h>

#include "spawn.h"

#define COMMAND_MOST 4096

/* Arguments without quotes of their own, as paths and numbers are. */
static bool join(char **arguments, char command[COMMAND_MOST]) {
    size_t length = 0;
    for (int i = 0; arguments[i] != NULL; i++) {
        if (length + strlen(arguments[i]) + sizeof "\"\" " > COMMAND_MOST) return false;
        length += (size_t)sprintf(command + length, "\"%s\" ", arguments[i]);
    }
    return true;
}

static bool start(char *command, HANDLE input, PROCESS_INFORMATION *started) {
    STARTUPINFOA how = { .cb = sizeof how, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = input };
    how.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    how.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    return CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &how, started) != 0;
}

bool spawn(char **arguments, struct spawned *child) {
    SECURITY_ATTRIBUTES inherited = { .nLength = sizeof inherited, .bInheritHandle = TRUE };
    char command[COMMAND_MOST] = "";
    PROCESS_INFORMATION started;
    HANDLE from, to;
    if (!join(arguments, command) || !CreatePipe(&from, &to, &inherited, 0)) return false;
    (void)SetHandleInformation(to, HANDLE_FLAG_INHERIT, 0);
    const bool runs = start(command, from, &started);
    CloseHandle(from);
    const int fd = runs ? _open_osfhandle((intptr_t)to, _O_TEXT) : -1;
    if (fd < 0) {
        CloseHandle(to);
        return false;
    }
    CloseHandle(started.hThread);
    *child = (struct spawned){ (shs_pid)started.dwProcessId, _fdopen(fd, "w"), started.hProcess };
    return child->input != NULL;
}

int spawn_wait(struct spawned *child) {
    DWORD code = (DWORD)-1;
    (void)fclose(child->input);
    (void)WaitForSingleObject(child->system, INFINITE);
    (void)GetExitCodeProcess(child->system, &code);
    CloseHandle(child->system);
    return (int)code;
}
