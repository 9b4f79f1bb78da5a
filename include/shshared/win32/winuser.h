/*
 * Messages as shell code names and packs them: part of <windows.h> for code ported to POSIX.
 *
 * Handles and process ids travel in WPARAM and LPARAM on Windows. A port keeps its message numbers and structures and
 * sends them by its own means; no function of the window system is declared here.
 */
#ifndef SHSHARED_WIN32_WINUSER_H
#define SHSHARED_WIN32_WINUSER_H

#include "windef.h"

#define WM_NULL 0x0000
#define WM_CREATE 0x0001
#define WM_DESTROY 0x0002
#define WM_MOVE 0x0003
#define WM_SIZE 0x0005
#define WM_ACTIVATE 0x0006
#define WM_SETFOCUS 0x0007
#define WM_KILLFOCUS 0x0008
#define WM_SETTEXT 0x000C
#define WM_GETTEXT 0x000D
#define WM_PAINT 0x000F
#define WM_CLOSE 0x0010
#define WM_QUERYENDSESSION 0x0011
#define WM_QUIT 0x0012
#define WM_ENDSESSION 0x0016
#define WM_SHOWWINDOW 0x0018
#define WM_SETTINGCHANGE 0x001A
#define WM_WININICHANGE WM_SETTINGCHANGE
#define WM_ACTIVATEAPP 0x001C
#define WM_WINDOWPOSCHANGED 0x0047
#define WM_COPYDATA 0x004A
#define WM_NOTIFY 0x004E
#define WM_DISPLAYCHANGE 0x007E
#define WM_NCCREATE 0x0081
#define WM_NCDESTROY 0x0082
#define WM_INITDIALOG 0x0110
#define WM_COMMAND 0x0111
#define WM_SYSCOMMAND 0x0112
#define WM_TIMER 0x0113
#define WM_MOUSEMOVE 0x0200
#define WM_LBUTTONDOWN 0x0201
#define WM_LBUTTONUP 0x0202
#define WM_LBUTTONDBLCLK 0x0203
#define WM_RBUTTONDOWN 0x0204
#define WM_RBUTTONUP 0x0205
#define WM_DROPFILES 0x0233
#define WM_USER 0x0400
#define WM_APP 0x8000

#define SW_HIDE 0
#define SW_SHOWNORMAL 1
#define SW_SHOWMINIMIZED 2
#define SW_SHOWMAXIMIZED 3
#define SW_SHOWNOACTIVATE 4
#define SW_SHOW 5
#define SW_MINIMIZE 6
#define SW_SHOWNA 8
#define SW_RESTORE 9
#define SW_SHOWDEFAULT 10

#define SWP_NOSIZE 0x0001
#define SWP_NOMOVE 0x0002
#define SWP_NOZORDER 0x0004
#define SWP_NOREDRAW 0x0008
#define SWP_NOACTIVATE 0x0010
#define SWP_FRAMECHANGED 0x0020
#define SWP_SHOWWINDOW 0x0040
#define SWP_HIDEWINDOW 0x0080

#define SMTO_NORMAL 0x0000
#define SMTO_BLOCK 0x0001
#define SMTO_ABORTIFHUNG 0x0002

#define MAKEWPARAM(low, high) ((WPARAM)(DWORD)MAKELONG(low, high))
#define MAKELPARAM(low, high) ((LPARAM)(DWORD)MAKELONG(low, high))
#define MAKELRESULT(low, high) ((LRESULT)(DWORD)MAKELONG(low, high))

#define HWND_BROADCAST ((HWND)0xFFFF)
#define HWND_MESSAGE ((HWND)(LONG_PTR)-3)

typedef LRESULT(CALLBACK *WNDPROC)(HWND, UINT, WPARAM, LPARAM);

typedef struct tagCOPYDATASTRUCT {
    ULONG_PTR dwData;
    uint32_t cbData;
    PVOID lpData;
} COPYDATASTRUCT, *PCOPYDATASTRUCT;

typedef struct tagMSG {
    HWND hwnd;
    UINT message;
    WPARAM wParam;
    LPARAM lParam;
    uint32_t time;
    POINT pt;
} MSG, *PMSG, *LPMSG;

/* ---- rectangles ---- */

static inline BOOL SetRect(RECT *rect, int left, int top, int right, int bottom) {
    rect->left = left;
    rect->top = top;
    rect->right = right;
    rect->bottom = bottom;
    return TRUE;
}

static inline BOOL SetRectEmpty(RECT *rect) { return SetRect(rect, 0, 0, 0, 0); }

static inline BOOL CopyRect(RECT *to, const RECT *from) {
    *to = *from;
    return TRUE;
}

static inline BOOL IsRectEmpty(const RECT *rect) { return rect->left >= rect->right || rect->top >= rect->bottom; }

static inline BOOL EqualRect(const RECT *one, const RECT *other) {
    return one->left == other->left && one->top == other->top && one->right == other->right &&
           one->bottom == other->bottom;
}

static inline BOOL OffsetRect(RECT *rect, int x, int y) {
    return SetRect(rect, rect->left + x, rect->top + y, rect->right + x, rect->bottom + y);
}

static inline BOOL InflateRect(RECT *rect, int x, int y) {
    return SetRect(rect, rect->left - x, rect->top - y, rect->right + x, rect->bottom + y);
}

static inline BOOL PtInRect(const RECT *rect, POINT point) {
    return point.x >= rect->left && point.x < rect->right && point.y >= rect->top && point.y < rect->bottom;
}

/* FALSE, and an empty one, where they have nothing in common. */
static inline BOOL IntersectRect(RECT *to, const RECT *one, const RECT *other) {
    RECT both;
    both.left = one->left > other->left ? one->left : other->left;
    both.top = one->top > other->top ? one->top : other->top;
    both.right = one->right < other->right ? one->right : other->right;
    both.bottom = one->bottom < other->bottom ? one->bottom : other->bottom;
    if (IsRectEmpty(one) || IsRectEmpty(other) || IsRectEmpty(&both)) {
        SetRectEmpty(to);
        return FALSE;
    }
    return CopyRect(to, &both);
}

#endif
