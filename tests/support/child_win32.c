/*
 * Children on Windows: CreateProcess() of the own program, with one named pipe as the child's standard input for both
 * directions.
 *
 * The pipe's name is used once, between its making and its opening, and nothing else is inherited. Each side reads and
 * writes in turn, so one synchronous pipe serves both. All children stand in one table that the watchdog's thread may
 * read. A child that TerminateProcess() ended has the exit code ENDED, as Windows itself tells no difference.
 *
 * SHSHARED_TEST_CHILDREN may name a folder with the same programs built for the other width: then children are of
 * those, and 32-bit and 64-bit processes share blocks.
 */
#include "child.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define MAX_CHILDREN 256
#define MAX_LINE 4096
#define PIPE_BUFFER 65536
#define ENDED 0x53485345u

struct child {
    HANDLE process; /* NULL: free */
    HANDLE channel;
    DWORD pid;
};

static struct child children[MAX_CHILDREN];
static shs_pid killed[MAX_CHILDREN];
static size_t killed_count;
static char child_program[2 * MAX_PATH];

/* Not as the program was typed, which CreateProcess() may not find. */
void children_initialize(const char *program) {
    char path[MAX_PATH];
    char folder[MAX_PATH];
    (void)program;
    GetModuleFileNameA(NULL, path, sizeof path);
    const DWORD length = GetEnvironmentVariableA("SHSHARED_TEST_CHILDREN", folder, sizeof folder);
    if (length > 0 && length < sizeof folder)
        snprintf(child_program, sizeof child_program, "%s%s", folder, strrchr(path, '\\'));
    else
        snprintf(child_program, sizeof child_program, "%s", path);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
}

static struct child *free_place(void) {
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        if (children[i].process == NULL) return &children[i];
    }
    return NULL;
}

/* ours is this process's end, theirs the one that a child inherits. */
static bool open_channel(HANDLE *ours, HANDLE *theirs) {
    static unsigned number;
    char name[64];
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    snprintf(name, sizeof name, "\\\\.\\pipe\\shs-test-%lu-%u", GetCurrentProcessId(), number++);
    *ours = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE, PIPE_TYPE_BYTE | PIPE_WAIT, 1,
                             PIPE_BUFFER, PIPE_BUFFER, 0, NULL);
    if (*ours == INVALID_HANDLE_VALUE) return false;
    *theirs = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, &inherited, OPEN_EXISTING, 0, NULL);
    if (*theirs != INVALID_HANDLE_VALUE) return true;
    CloseHandle(*ours);
    return false;
}

/* No argument of a test contains a quotation mark or ends with a backslash. */
static void compose_line(char *line, const char *role, const char *const *arguments) {
    size_t length = (size_t)snprintf(line, MAX_LINE, "\"%s\" --role \"%s\"", child_program, role);
    for (size_t i = 0; arguments != NULL && arguments[i] != NULL && length < MAX_LINE; i++) {
        length += (size_t)snprintf(line + length, MAX_LINE - length, " \"%s\"", arguments[i]);
    }
}

static bool spawn(char *line, HANDLE channel, PROCESS_INFORMATION *started) {
    STARTUPINFOA startup = { .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = channel };
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessA(child_program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, started)) return false;
    CloseHandle(started->hThread);
    return true;
}

struct child *child_start(const char *role, const char *const *arguments) {
    struct child *child = free_place();
    char line[MAX_LINE];
    HANDLE ours = NULL;
    HANDLE theirs = NULL;
    PROCESS_INFORMATION started;
    if (child == NULL || !open_channel(&ours, &theirs)) return NULL;
    compose_line(line, role, arguments);
    const bool running = spawn(line, theirs, &started);
    CloseHandle(theirs);
    if (!running) {
        CloseHandle(ours);
        return NULL;
    }
    *child = (struct child){ .process = started.hProcess, .channel = ours, .pid = started.dwProcessId };
    return child;
}

shs_pid child_pid(const struct child *child) { return child->pid; }

static bool send_all(HANDLE channel, const char *bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        DWORD sent = 0;
        if (!WriteFile(channel, bytes + done, (DWORD)(size - done), &sent, NULL)) return false;
        done += sent;
    }
    return true;
}

static bool receive_all(HANDLE channel, char *bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        DWORD got = 0;
        if (!ReadFile(channel, bytes + done, (DWORD)(size - done), &got, NULL) || got == 0) return false;
        done += got;
    }
    return true;
}

bool child_send(struct child *child, const void *message, size_t size) {
    return send_all(child->channel, message, size);
}

bool child_receive(struct child *child, void *message, size_t size) {
    return receive_all(child->channel, message, size);
}

/* A child that died of an exception has the exception's number, with the two upper bits set, as its exit code. */
static int code_of(DWORD code) { return code == ENDED || code >> 30 == 3 ? CHILD_KILLED : (int)code; }

int child_wait(struct child *child) {
    DWORD code = ENDED;
    child_watch_end(child);
    GetExitCodeProcess(child->process, &code);
    if (code != 0 && killed_count < MAX_CHILDREN) killed[killed_count++] = child->pid;
    CloseHandle(child->channel);
    CloseHandle(child->process);
    child->process = NULL;
    return code_of(code);
}

void child_kill(struct child *child) {
    TerminateProcess(child->process, ENDED);
    child_watch_end(child);
}

void child_watch_end(struct child *child) { WaitForSingleObject(child->process, INFINITE); }

typedef LONG(WINAPI *process_call)(HANDLE);

/* The calls that debuggers use are in no header. They count, for every thread, how often it was held. */
static process_call find_call(const char *name) {
    const HMODULE module = GetModuleHandleA("ntdll.dll");
    return module == NULL ? NULL : (process_call)(void (*)(void))GetProcAddress(module, name);
}

bool children_can_pause(void) { return find_call("NtSuspendProcess") != NULL && find_call("NtResumeProcess") != NULL; }

bool child_pause(struct child *child) { return find_call("NtSuspendProcess")(child->process) >= 0; }

bool child_resume(struct child *child) { return find_call("NtResumeProcess")(child->process) >= 0; }

size_t children_sweep(void) {
    size_t swept = 0;
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        if (children[i].process == NULL) continue;
        child_kill(&children[i]);
        child_wait(&children[i]);
        swept++;
    }
    return swept;
}

bool child_was_killed(shs_pid pid) {
    for (size_t i = 0; i < killed_count; i++) {
        if (killed[i] == pid) return true;
    }
    return false;
}

void children_forget_killed(void) { killed_count = 0; }

void children_kill_all(void) {
    for (size_t i = 0; i < MAX_CHILDREN; i++) {
        const HANDLE process = children[i].process;
        if (process != NULL) TerminateProcess(process, ENDED);
    }
}

bool parent_send(const void *message, size_t size) { return send_all(GetStdHandle(STD_INPUT_HANDLE), message, size); }

bool parent_receive(void *message, size_t size) { return receive_all(GetStdHandle(STD_INPUT_HANDLE), message, size); }

/* There is no descriptor on Windows, so only the parent is waited for, and that is what parent_receive() does. */
bool parent_wait(int descriptor) {
    (void)descriptor;
    return true;
}

static LONG WINAPI end_of_fault(EXCEPTION_POINTERS *fault) {
    (void)fault;
    TerminateProcess(GetCurrentProcess(), CHILD_FAULTED);
    return EXCEPTION_EXECUTE_HANDLER;
}

void child_expects_fault(void) { SetUnhandledExceptionFilter(end_of_fault); }

bool child_become(uint32_t user, uint32_t group) {
    (void)user, (void)group; /* no number is a user of Windows */
    return false;
}

void child_crash(void) { TerminateProcess(GetCurrentProcess(), ENDED); }
