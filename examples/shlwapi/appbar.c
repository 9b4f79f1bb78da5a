/*
 * An application bar: a program asks the shell for room at an edge of the screen.
 *
 * The client puts its question into a block in its own process and sends (handle, process id). The server locks the
 * block with the sender's process id, and writes its answer into it. The client reads the answer and frees the block.
 */
#include <stdio.h>
#include <windows.h>
/* <shlwapi.h> needs <windows.h>. */
#include <shlwapi.h>

#include "talk.h"

#define WM_APPBAR (WM_USER + 1)

static const RECT screen = { 0, 0, 1920, 1080 };

/* The bar gets the thickness that it asks for, at the edge that it asks for. */
static void Place(APPBARDATA *bar) {
    const LONG thickness = bar->rc.bottom - bar->rc.top;
    bar->rc = screen;
    if (bar->uEdge == ABE_TOP)
        bar->rc.bottom = screen.top + thickness;
    else
        bar->rc.top = screen.bottom - thickness;
}

static LRESULT OnAppBar(WPARAM wParam, LPARAM lParam) {
    APPBARDATA *bar = SHLockShared((HANDLE)wParam, (DWORD)lParam);
    if (bar == NULL) return FALSE;
    Place(bar);
    return SHUnlockShared(bar);
}

static int Server(void) {
    MSG message;
    while (GetMessageFrom(STARTER, &message))
        ReplyTo(STARTER, message.message == WM_APPBAR ? OnAppBar(message.wParam, message.lParam) : FALSE);
    return 0;
}

/* SHAppBarMessage() of the client: bar is question and answer. */
static BOOL AppBarMessage(PEER server, APPBARDATA *bar) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = SHAllocShared(bar, sizeof *bar, me);
    if (shared == NULL) return FALSE;
    BOOL answered = SendMessageTo(server, WM_APPBAR, (WPARAM)shared, (LPARAM)me) == TRUE;
    const APPBARDATA *answer = answered ? SHLockShared(shared, me) : NULL;
    if (answer != NULL) CopyMemory(bar, answer, sizeof *bar);
    answered = answer != NULL && SHUnlockShared((void *)answer);
    return SHFreeShared(shared, me) && answered;
}

int main(int argc, char **argv) {
    if (argc > 1) return Server();
    const PEER server = StartPeer(argv[0], "server");
    APPBARDATA bar = { .cbSize = sizeof bar, .uEdge = ABE_BOTTOM, .rc = { 0, 0, 0, 40 } };
    const BOOL answered = AppBarMessage(server, &bar);
    EndPeer(server);
    if (!answered) return printf("no answer, last error %u\n", (unsigned)GetLastError()), 1;
    printf("the bar is at (%d, %d) to (%d, %d)\n", (int)bar.rc.left, (int)bar.rc.top, (int)bar.rc.right,
           (int)bar.rc.bottom);
    return bar.rc.top != 1040;
}
