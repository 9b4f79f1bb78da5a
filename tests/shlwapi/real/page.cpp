/*
 * A property sheet, and the page of an extension in another process: the sheet asks for the page's texts, and hands the
 * values over when they are applied. What is checked and refused comes back in the same block.
 */
#include "post.h"

namespace {

const UINT WM_INIT = WM_USER + 10;   // wParam: a PAGE in the sheet's process, lParam: that process
const UINT WM_APPLY = WM_USER + 11;  // the same: FALSE where a value is refused

struct FIELD {
    WCHAR szLabel[24];
    LONG lValue;
    LONG lLeast, lMost;
    BOOL fRefused;
};

struct PAGE {
    DWORD cbSize;
    WCHAR szTitle[40];
    DWORD cFields;
    FIELD aFields[6];
};

void CopyText(WCHAR *pszTo, const char *pszFrom) {
    while ((*pszTo++ = static_cast<WCHAR>(*pszFrom++)) != 0) {
    }
}

// The extension.
LRESULT Init(PAGE *pPage) {
    static const char *const apszLabels[] = { "width", "height", "depth", "distance" };
    CopyText(pPage->szTitle, "Dimensions");
    pPage->cFields = ARRAYSIZE(apszLabels);
    for (DWORD i = 0; i < pPage->cFields; i++) {
        CopyText(pPage->aFields[i].szLabel, apszLabels[i]);
        pPage->aFields[i].lLeast = -static_cast<LONG>(i);
        pPage->aFields[i].lMost = 100 * static_cast<LONG>(i + 1);
    }
    return TRUE;
}

LRESULT Apply(PAGE *pPage) {
    LRESULT lResult = TRUE;
    for (DWORD i = 0; i < pPage->cFields && i < ARRAYSIZE(pPage->aFields); i++) {
        FIELD *pField = &pPage->aFields[i];
        pField->fRefused = pField->lValue < pField->lLeast || pField->lValue > pField->lMost;
        if (pField->fRefused) lResult = FALSE;
    }
    return lResult;
}

LRESULT CALLBACK PageProc(UINT uMsg, WPARAM wParam, LPARAM lParam) {
    PAGE *pPage = static_cast<PAGE *>(::SHLockShared(reinterpret_cast<HANDLE>(wParam), static_cast<DWORD>(lParam)));
    if (!pPage) return -1;
    LRESULT lResult = -2;
    if (pPage->cbSize == sizeof(*pPage)) lResult = uMsg == WM_INIT ? Init(pPage) : Apply(pPage);
    return ::SHUnlockShared(pPage) ? lResult : -3;
}

// The sheet.
void Show(const PAGE *pPage) {
    char szText[40] = { 0 };
    for (int i = 0; pPage->szTitle[i]; i++)
        szText[i] = static_cast<char>(pPage->szTitle[i]);
    printf("%s\n", szText);
    for (DWORD i = 0; i < pPage->cFields; i++) {
        const FIELD &field = pPage->aFields[i];
        for (int j = 0; (szText[j] = static_cast<char>(field.szLabel[j])) != 0; j++) {
        }
        printf("  %-10s%5d (%d to %d)%s\n", szText, static_cast<int>(field.lValue), static_cast<int>(field.lLeast),
               static_cast<int>(field.lMost), field.fRefused ? " refused" : "");
    }
}

int Sheet(PARTY *pExtension) {
    const DWORD dwMe = ::GetCurrentProcessId();
    HANDLE hPage = ::SHAllocShared(NULL, sizeof(PAGE), dwMe);
    PAGE *pPage = static_cast<PAGE *>(::SHLockShared(hPage, dwMe));
    if (!pPage) return 1;
    pPage->cbSize = sizeof(PAGE);
    const WPARAM wPage = reinterpret_cast<WPARAM>(hPage);
    const LPARAM lMe = static_cast<LPARAM>(dwMe);
    printf("init: %d\n", static_cast<int>(SendTo(pExtension, WM_INIT, wPage, lMe)));
    for (LONG l = -2; l <= 250; l += 84) {
        for (DWORD i = 0; i < pPage->cFields; i++)
            pPage->aFields[i].lValue = l;
        printf("apply: %d\n", static_cast<int>(SendTo(pExtension, WM_APPLY, wPage, lMe)));
        Show(pPage);
    }
    pPage->cbSize++;
    printf("another size: %d\n", static_cast<int>(SendTo(pExtension, WM_APPLY, wPage, lMe)));
    ::SHUnlockShared(pPage);
    ::SHFreeShared(hPage, dwMe);
    printf("no page: %d\n", static_cast<int>(SendTo(pExtension, WM_APPLY, wPage, lMe)));
    return 0;
}

}  // namespace

int main(int argc, char **argv) {
    if (argc > 1) return PlayPart(PageProc);
    PARTY extension;
    if (!BeginParty(&extension, argv[0], "extension")) return 1;
    const int nResult = Sheet(&extension);
    EndParty(&extension);
    return nResult;
}
