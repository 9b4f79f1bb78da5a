/*
 * Files that are dragged out of a process: the source makes a list in its own process; where it is dropped, the target
 * is given a handle of its own by SHMapHandle(), for reading or to keep, and the source lets go of its own.
 */
#include "post.h"
/* after the others */
#include <shlobj.h>

#define WM_DROP (WM_USER + 8) /* wParam: a list in the target's process; lParam: to be kept */
#define WM_DROPPED (WM_USER + 9)
#define FILES_MOST 40
#define NAME_MOST ((size_t)200)

static HANDLE last;

/* Names and their bytes, as DragQueryFile() finds them. */
static LRESULT CountFiles(const DROPFILES *list) {
    LRESULT files = 0, bytes = 0;
    const char *name = (const char *)list + list->pFiles;
    for (; *name != '\0'; name += strlen(name) + 1) {
        files++;
        bytes += (LRESULT)strlen(name);
    }
    return files * 100000 + bytes;
}

static LRESULT Look(HANDLE shared) {
    const DWORD me = GetCurrentProcessId();
    DROPFILES *list = SHLockShared(shared, me);
    if (list == NULL) return -1;
    const LRESULT counted = CountFiles(list);
    return SHUnlockShared(list) ? counted : -2;
}

static LRESULT CALLBACK Target(UINT message, WPARAM wParam, LPARAM lParam) {
    if (message == WM_DROPPED) {
        const LRESULT counted = Look(last);
        return SHFreeShared(last, GetCurrentProcessId()) ? counted : -3;
    }
    last = (HANDLE)wParam;
    const LRESULT counted = Look(last);
    if (!lParam && !SHFreeShared(last, GetCurrentProcessId())) return -4;
    return counted;
}

/* So many names, each longer than the one before. */
static HANDLE MakeDrop(UINT files) {
    static char bytes[sizeof(DROPFILES) + FILES_MOST * NAME_MOST];
    DROPFILES *list = (DROPFILES *)(void *)bytes;
    UINT at = sizeof *list;
    ZeroMemory(bytes, sizeof bytes);
    list->pFiles = at;
    for (UINT i = 0; i < files; i++)
        at += (UINT)sprintf(bytes + at, "C:\\folder\\%0*u.txt", (int)i + 1, i) + 1;
    return SHAllocShared(bytes, at + 1, GetCurrentProcessId());
}

static void Drop(PARTY *target, UINT files, DWORD access, LPARAM keeps) {
    const DWORD me = GetCurrentProcessId();
    HANDLE list = MakeDrop(files);
    HANDLE there = SHMapHandle(list, me, target->process, access, DUPLICATE_CLOSE_SOURCE);
    printf("%u files: mapped %d, the source is closed %d\n", files, there != NULL, !SHFreeShared(list, me));
    LRESULT told = SendTo(target, WM_DROP, (WPARAM)there, keeps);
    printf("  dropped: %d files, %d bytes\n", (int)(told / 100000), (int)(told % 100000));
    if (!keeps) return;
    told = SendTo(target, WM_DROPPED, 0, 0);
    printf("  kept: %d files, %d bytes\n", (int)(told / 100000), (int)(told % 100000));
}

int main(int argc, char **argv) {
    PARTY target;
    if (argc > 1) return PlayPart(Target);
    if (!BeginParty(&target, argv[0], "target")) return 1;
    for (UINT files = 0; files <= FILES_MOST; files += 8)
        Drop(&target, files, files % 16 == 0 ? FILE_MAP_READ : FILE_MAP_READ | FILE_MAP_WRITE, files % 3 != 0);
    EndParty(&target);
    return 0;
}
