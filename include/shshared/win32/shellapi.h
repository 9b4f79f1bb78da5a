/*
 * The application bar's structure and messages: the Windows shell's own use of shared blocks. Part of <windows.h> for
 * code ported to POSIX, unless WIN32_LEAN_AND_MEAN is defined, as on Windows.
 */
#ifndef SHSHARED_WIN32_SHELLAPI_H
#define SHSHARED_WIN32_SHELLAPI_H

#include "windef.h"

typedef struct _AppBarData {
    uint32_t cbSize;
    HWND hWnd;
    UINT uCallbackMessage;
    UINT uEdge;
    RECT rc;
    LPARAM lParam;
} APPBARDATA, *PAPPBARDATA;

#define ABM_NEW 0x0
#define ABM_REMOVE 0x1
#define ABM_QUERYPOS 0x2
#define ABM_SETPOS 0x3
#define ABM_GETSTATE 0x4
#define ABM_GETTASKBARPOS 0x5
#define ABM_ACTIVATE 0x6
#define ABM_GETAUTOHIDEBAR 0x7
#define ABM_SETAUTOHIDEBAR 0x8
#define ABM_WINDOWPOSCHANGED 0x9
#define ABM_SETSTATE 0xA

#define ABN_STATECHANGE 0x0
#define ABN_POSCHANGED 0x1
#define ABN_FULLSCREENAPP 0x2
#define ABN_WINDOWARRANGE 0x3

#define ABS_AUTOHIDE 0x1
#define ABS_ALWAYSONTOP 0x2

#define ABE_LEFT 0
#define ABE_TOP 1
#define ABE_RIGHT 2
#define ABE_BOTTOM 3

#endif
