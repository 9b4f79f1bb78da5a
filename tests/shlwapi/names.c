/*
 * Names that shell code uses beside the functions: literals, GUIDs, rectangles, messages, the shell's structures. The
 * program is built as C99 and as C++11; exit code 0: they mean what they mean on Windows.
 */
#define INITGUID
#include <windows.h>
/* <shlwapi.h> needs <windows.h>. */
#include <shlobj.h>
#include <tchar.h>
#include <windowsx.h>

DEFINE_GUID(CLSID_One, 0x12345678, 0x1234, 0x5678, 1, 2, 3, 4, 5, 6, 7, 8);
DEFINE_GUID(CLSID_Other, 0x12345678, 0x1234, 0x5678, 1, 2, 3, 4, 5, 6, 7, 9);

#ifdef __cplusplus
#define AT(guid) guid
#else
#define AT(guid) (&(guid))
#endif

#define LAYOUT(name, condition) typedef char name[(condition) ? 1 : -1]
LAYOUT(a_guid, sizeof(GUID) == 16);
LAYOUT(dropped_files, sizeof(DROPFILES) == 20);
LAYOUT(an_icon, sizeof(NOTIFYICONDATAA) == (sizeof(void *) == 8 ? 528 : 508));
LAYOUT(an_item, sizeof(SHITEMID) == 3 && sizeof(ITEMIDLIST) == 3);
LAYOUT(an_entry, sizeof(SHChangeNotifyEntry) == sizeof(void *) + 4);
LAYOUT(at_once, SHCNF_FLUSHNOWAIT == (0x2000 | SHCNF_FLUSH));
struct __declspec(align(64)) aligned {
    int number;
};
LAYOUT(an_alignment, sizeof(struct aligned) == 64);
LAYOUT(a_wide_icon, sizeof(NOTIFYICONDATAW) == (sizeof(void *) == 8 ? 976 : 956));

static _Use_decl_annotations_ int rectangles(void) {
    RECT rect, other, both;
    POINT inside = { 1, 2 }, outside = { 10, 2 };
    SetRect(&rect, 0, 0, 10, 20);
    CopyRect(&other, &rect);
    if (!EqualRect(&rect, &other) || !PtInRect(&rect, inside) || PtInRect(&rect, outside)) return 0;
    OffsetRect(&other, 5, 5);
    if (!IntersectRect(&both, &rect, &other) || both.left != 5 || both.bottom != 20) return 0;
    OffsetRect(&other, 100, 0);
    if (IntersectRect(&both, &rect, &other) || !IsRectEmpty(&both)) return 0;
    InflateRect(&rect, 1, 2);
    SetRectEmpty(&other);
    return rect.left == -1 && rect.bottom == 22 && IsRectEmpty(&other);
}

static int handles(void) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = SHAllocShared(_T("text"), 5 * sizeof(TCHAR), me);
    const DWORD thread = GetCurrentThreadId();
    const BOOL closed = CloseHandle(shared), again = CloseHandle(shared);
    if (!closed || again || GetLastError() != ERROR_INVALID_HANDLE) return 0;
    return thread != 0 && thread == GetCurrentThreadId();
}

int main(void) {
    static const TCHAR *const texts[] = { _T("one"), _TEXT("other"), TEXT("third") };
    if (_countof(texts) != 3 || ARRAYSIZE(texts) != 3 || _tcscmp(texts[0], _T("one")) != 0) return 1;
    if (IsEqualGUID(AT(CLSID_One), AT(CLSID_Other)) || !IsEqualCLSID(AT(CLSID_One), AT(CLSID_One))) return 2;
    if (WM_SETTINGCHANGE != WM_WININICHANGE || SHCNE_RENAMEITEM != 1 || NIM_DELETE != 2) return 3;
    if (GET_X_LPARAM(MAKELPARAM(0xFFFF, 7)) != -1 || GET_Y_LPARAM(MAKELPARAM(0xFFFF, 7)) != 7) return 4;
    if (!rectangles()) return 5;
    return handles() ? 0 : 6;
}
