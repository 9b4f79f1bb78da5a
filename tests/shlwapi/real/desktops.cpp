/*
 * A manager of desktops: it makes the table of desktops in the process of one view, and the other view works in the
 * same table as a third process, by (block, process) alone. Whose turn it is, tells the manager.
 */
#include "post.h"

namespace {

const UINT WM_SHOWN = WM_USER + 5;   // wParam: the table, lParam: its process
const UINT WM_RENAME = WM_USER + 6;  // the same; the view adds its mark to each name
const UINT WM_CHECK = WM_USER + 7;   // what the view sees: a sum of all

struct DESKTOP {
    DWORD dwId;
    RECT rcWork;
    WCHAR szName[32];
};

struct TABLE {
    DWORD cDesktops;
    DESKTOP aDesktops[5];
};

WCHAR g_chMark;

LRESULT Sum(const TABLE *pTable) {
    LRESULT lSum = pTable->cDesktops;
    for (DWORD i = 0; i < pTable->cDesktops; i++) {
        const DESKTOP &desktop = pTable->aDesktops[i];
        lSum = lSum * 7 % 999983 + desktop.dwId + desktop.rcWork.right;
        for (const WCHAR *pch = desktop.szName; *pch; pch++)
            lSum = (lSum * 31 + *pch) % 999983;
    }
    return lSum;
}

void Mark(TABLE *pTable) {
    for (DWORD i = 0; i < pTable->cDesktops; i++) {
        WCHAR *pch = pTable->aDesktops[i].szName;
        while (*pch)
            pch++;
        *pch = g_chMark;
    }
}

LRESULT CALLBACK ViewProc(UINT uMsg, WPARAM wParam, LPARAM lParam) {
    TABLE *pTable = static_cast<TABLE *>(::SHLockShared(reinterpret_cast<HANDLE>(wParam), static_cast<DWORD>(lParam)));
    if (!pTable) return -1;
    LRESULT lResult = 0;
    if (uMsg == WM_SHOWN) lResult = pTable->cDesktops;
    if (uMsg == WM_RENAME) Mark(pTable);
    if (uMsg == WM_CHECK) lResult = Sum(pTable);
    return ::SHUnlockShared(pTable) ? lResult : -2;
}

HANDLE MakeTable(DWORD dwProcess) {
    HANDLE hTable = ::SHAllocShared(NULL, sizeof(TABLE), dwProcess);
    TABLE *pTable = static_cast<TABLE *>(::SHLockShared(hTable, dwProcess));
    if (!pTable) return NULL;
    pTable->cDesktops = ARRAYSIZE(pTable->aDesktops);
    for (DWORD i = 0; i < pTable->cDesktops; i++) {
        pTable->aDesktops[i].dwId = 100 + i;
        SetRect(&pTable->aDesktops[i].rcWork, 0, 0, 800 + static_cast<int>(i), 600);
        pTable->aDesktops[i].szName[0] = static_cast<WCHAR>('a' + i);
    }
    ::SHUnlockShared(pTable);
    return hTable;
}

}  // namespace

int main(int argc, char **argv) {
    if (argc > 1) {
        g_chMark = static_cast<WCHAR>(argv[1][0]);
        return PlayPart(ViewProc);
    }
    PARTY left, right;
    if (!BeginParty(&left, argv[0], "left") || !BeginParty(&right, argv[0], "right")) return 1;
    PARTY *const views[] = { &left, &right };
    HANDLE hTable = MakeTable(left.process);
    const WPARAM wTable = reinterpret_cast<WPARAM>(hTable);
    const LPARAM lProcess = static_cast<LPARAM>(left.process);
    for (int i = 0; i < 2; i++)
        printf("view %d sees %d desktops\n", i, static_cast<int>(SendTo(views[i], WM_SHOWN, wTable, lProcess)));
    for (int i = 0; i < 8; i++) {
        printf("rename by view %d: %d\n", i % 2, static_cast<int>(SendTo(views[i % 2], WM_RENAME, wTable, lProcess)));
        for (int j = 0; j < 2; j++)
            printf("  view %d: %d\n", j, static_cast<int>(SendTo(views[j], WM_CHECK, wTable, lProcess)));
    }
    printf("free: %d\n", ::SHFreeShared(hTable, left.process));
    for (int i = 0; i < 2; i++)
        printf("view %d after that: %d\n", i, static_cast<int>(SendTo(views[i], WM_CHECK, wTable, lProcess)));
    EndParty(&left);
    EndParty(&right);
    return 0;
}
