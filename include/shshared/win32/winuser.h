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
#define WM_CLOSE 0x0010
#define WM_QUIT 0x0012
#define WM_COPYDATA 0x004A
#define WM_NOTIFY 0x004E
#define WM_COMMAND 0x0111
#define WM_TIMER 0x0113
#define WM_USER 0x0400
#define WM_APP 0x8000

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

#endif
