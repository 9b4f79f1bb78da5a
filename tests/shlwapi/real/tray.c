/*
 * Icons in the tray: a program gives its NOTIFYICONDATA to the shell, which keeps a copy and frees the block. Who wants
 * to see one is given it by the shell, in its own process.
 */
#include "post.h"

#define WM_TRAY (WM_USER + 3) /* wParam: a block in the shell's process; lParam: a NIM_ */
#define WM_SEE (WM_USER + 4)  /* wParam: an icon's number; lParam: whose process wants it */
#define ICONS 4

static NOTIFYICONDATAA icons[ICONS];

static NOTIFYICONDATAA *Find(UINT id) {
    for (UINT i = 0; i < ICONS; i++)
        if (icons[i].cbSize != 0 && icons[i].uID == id) return &icons[i];
    return NULL;
}

static NOTIFYICONDATAA *FindRoom(void) {
    for (UINT i = 0; i < ICONS; i++)
        if (icons[i].cbSize == 0) return &icons[i];
    return NULL;
}

static BOOL Change(NOTIFYICONDATAA *icon, const NOTIFYICONDATAA *given) {
    if (icon == NULL) return FALSE;
    icon->cbSize = given->cbSize;
    icon->uID = given->uID;
    if (given->uFlags & NIF_TIP) CopyMemory(icon->szTip, given->szTip, sizeof icon->szTip);
    if (given->uFlags & NIF_MESSAGE) icon->uCallbackMessage = given->uCallbackMessage;
    if (given->uFlags & NIF_INFO) CopyMemory(icon->szInfo, given->szInfo, sizeof icon->szInfo);
    return TRUE;
}

static BOOL Do(DWORD what, const NOTIFYICONDATAA *given) {
    NOTIFYICONDATAA *icon = Find(given->uID);
    if (given->cbSize != sizeof *given) return FALSE;
    if (what == NIM_ADD) return icon == NULL && Change(FindRoom(), given);
    if (what == NIM_MODIFY) return Change(icon, given);
    if (icon == NULL) return FALSE;
    ZeroMemory(icon, sizeof *icon);
    return TRUE;
}

static LRESULT OnTray(HANDLE shared, DWORD what) {
    const DWORD me = GetCurrentProcessId();
    NOTIFYICONDATAA *given = SHLockShared(shared, me);
    if (given == NULL) return -1;
    const BOOL done = Do(what, given);
    SHUnlockShared(given);
    return SHFreeShared(shared, me) ? done : -2;
}

static LRESULT CALLBACK Shell(UINT message, WPARAM wParam, LPARAM lParam) {
    if (message == WM_TRAY) return OnTray((HANDLE)wParam, (DWORD)lParam);
    const NOTIFYICONDATAA *icon = Find((UINT)wParam);
    return icon == NULL ? 0 : (LRESULT)SHAllocShared(icon, sizeof *icon, (DWORD)lParam);
}

/* Shell_NotifyIcon() of the program. */
static BOOL NotifyIcon(PARTY *shell, DWORD what, NOTIFYICONDATAA *icon) {
    HANDLE shared = SHAllocShared(icon, sizeof *icon, shell->process);
    return shared != NULL && SendTo(shell, WM_TRAY, (WPARAM)shared, (LPARAM)what) == TRUE;
}

static void See(PARTY *shell, UINT id) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = (HANDLE)SendTo(shell, WM_SEE, id, (LPARAM)me);
    NOTIFYICONDATAA *icon = shared == NULL ? NULL : SHLockShared(shared, me);
    if (icon == NULL) {
        printf("icon %u: none\n", id);
        return;
    }
    printf("icon %u: \"%s\", \"%s\", message %u\n", id, icon->szTip, icon->szInfo, icon->uCallbackMessage);
    printf("unlock %d, free %d\n", SHUnlockShared(icon), SHFreeShared(shared, me));
}

int main(int argc, char **argv) {
    PARTY shell;
    if (argc > 1) return PlayPart(Shell);
    if (!BeginParty(&shell, argv[0], "shell")) return 1;
    for (UINT i = 1; i < 7; i++) {
        NOTIFYICONDATAA icon = { .cbSize = sizeof icon, .uID = i, .uFlags = NIF_TIP | NIF_MESSAGE };
        icon.uCallbackMessage = WM_USER + i;
        snprintf(icon.szTip, sizeof icon.szTip, "tip of icon %u", i);
        printf("add %u: %d\n", i, NotifyIcon(&shell, NIM_ADD, &icon));
        icon.uFlags = NIF_INFO;
        snprintf(icon.szInfo, sizeof icon.szInfo, "%0*u", (int)(i * 40), i);
        printf("modify %u: %d\n", i, NotifyIcon(&shell, NIM_MODIFY, &icon));
        if (i % 2 == 0) printf("delete %u: %d\n", i, NotifyIcon(&shell, NIM_DELETE, &icon));
    }
    for (UINT i = 0; i < 8; i++)
        See(&shell, i);
    EndParty(&shell);
    return 0;
}
