/*
 * A relay between two processes that know nothing of each other.
 *
 * The client puts a text into a block in its own process and sends (handle, process id) to the relay. The relay locks
 * it, allocates a block with the same bytes in the target's process, forwards the new handle, copies what the target
 * made of it back into the client's block, and frees its own with the target's process id.
 */
#include <stdio.h>
#include <windows.h>
/* <shlwapi.h> needs <windows.h>. */
#include <shlwapi.h>

#include "talk.h"

#define WM_WHO (WM_USER + 1)   /* replies the process id */
#define WM_SHOUT (WM_USER + 2) /* wParam: a handle to a TEXTBLOCK, lParam: the process in which it is valid */

typedef struct tagTEXTBLOCK {
    DWORD cbSize;
    char text[60];
} TEXTBLOCK;

/* The target's work, on its own block: it does not see whom it is for. */
static LRESULT Shout(HANDLE shared, DWORD process) {
    TEXTBLOCK *block = SHLockShared(shared, process);
    if (block == NULL) return FALSE;
    for (char *at = block->text; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    return SHUnlockShared(block);
}

static LRESULT Forward(PEER target, HANDLE shared, DWORD process) {
    const DWORD there = (DWORD)SendMessageTo(target, WM_WHO, 0, 0);
    TEXTBLOCK *source = SHLockShared(shared, process);
    if (source == NULL) return FALSE;
    HANDLE forwarded = SHAllocShared(source, source->cbSize, there);
    LRESULT done = forwarded != NULL && SendMessageTo(target, WM_SHOUT, (WPARAM)forwarded, (LPARAM)there) == TRUE;
    TEXTBLOCK *answer = done ? SHLockShared(forwarded, there) : NULL;
    if (answer != NULL) CopyMemory(source, answer, sizeof *source);
    done = answer != NULL && SHUnlockShared(answer);
    return SHFreeShared(forwarded, there) && SHUnlockShared(source) && done;
}

static int Target(void) {
    MSG message;
    while (GetMessageFrom(STARTER, &message)) {
        const BOOL asked = message.message == WM_WHO;
        ReplyTo(STARTER, asked ? (LRESULT)GetCurrentProcessId() : Shout((HANDLE)message.wParam, (DWORD)message.lParam));
    }
    return 0;
}

static int Relay(const char *program) {
    const PEER target = StartPeer(program, "target");
    MSG message;
    while (GetMessageFrom(STARTER, &message))
        ReplyTo(STARTER, Forward(target, (HANDLE)message.wParam, (DWORD)message.lParam));
    EndPeer(target);
    return 0;
}

static int Client(const char *program) {
    const DWORD me = GetCurrentProcessId();
    const TEXTBLOCK block = { sizeof block, "hello through the relay" };
    const PEER relay = StartPeer(program, "relay");
    HANDLE shared = SHAllocShared(&block, sizeof block, me);
    const LRESULT done = SendMessageTo(relay, WM_SHOUT, (WPARAM)shared, (LPARAM)me);
    EndPeer(relay);
    TEXTBLOCK *answer = SHLockShared(shared, me);
    if (done != TRUE || answer == NULL) return printf("no answer, last error %u\n", (unsigned)GetLastError()), 1;
    printf("%s\n", answer->text);
    const BOOL right = strcmp(answer->text, "HELLO THROUGH THE RELAY") == 0;
    return !(SHUnlockShared(answer) && SHFreeShared(shared, me) && right);
}

int main(int argc, char **argv) {
    if (argc == 1) return Client(argv[0]);
    return strcmp(argv[1], "relay") == 0 ? Relay(argv[0]) : Target();
}
