/*
 * The application bar's structure and messages, and the tray's: the Windows shell's own use of shared blocks. Part of
 * <windows.h> for code ported to POSIX, unless WIN32_LEAN_AND_MEAN is defined, as on Windows.
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
#define ABM_GETAUTOHIDEBAREX 0xB
#define ABM_SETAUTOHIDEBAREX 0xC

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

/* An icon in the tray, as it travels to the shell. */
#define NIM_ADD 0x0
#define NIM_MODIFY 0x1
#define NIM_DELETE 0x2
#define NIM_SETFOCUS 0x3
#define NIM_SETVERSION 0x4

#define NIF_MESSAGE 0x1
#define NIF_ICON 0x2
#define NIF_TIP 0x4
#define NIF_STATE 0x8
#define NIF_INFO 0x10
#define NIF_GUID 0x20
#define NIF_REALTIME 0x40
#define NIF_SHOWTIP 0x80

#define NIIF_NONE 0x0
#define NIIF_INFO 0x1
#define NIIF_WARNING 0x2
#define NIIF_ERROR 0x3
#define NIIF_USER 0x4
#define NIIF_NOSOUND 0x10

#define NOTIFYICON_VERSION 3
#define NOTIFYICON_VERSION_4 4

#define NIS_HIDDEN 0x1
#define NIS_SHAREDICON 0x2

typedef struct _NOTIFYICONDATAA {
    uint32_t cbSize;
    HWND hWnd;
    UINT uID;
    UINT uFlags;
    UINT uCallbackMessage;
    HICON hIcon;
    CHAR szTip[128];
    uint32_t dwState;
    uint32_t dwStateMask;
    CHAR szInfo[256];
    __extension__ union {
        UINT uTimeout;
        UINT uVersion;
    };
    CHAR szInfoTitle[64];
    uint32_t dwInfoFlags;
    GUID guidItem;
    HICON hBalloonIcon;
} NOTIFYICONDATAA, *PNOTIFYICONDATAA;

typedef struct _NOTIFYICONDATAW {
    uint32_t cbSize;
    HWND hWnd;
    UINT uID;
    UINT uFlags;
    UINT uCallbackMessage;
    HICON hIcon;
    WCHAR szTip[128];
    uint32_t dwState;
    uint32_t dwStateMask;
    WCHAR szInfo[256];
    __extension__ union {
        UINT uTimeout;
        UINT uVersion;
    };
    WCHAR szInfoTitle[64];
    uint32_t dwInfoFlags;
    GUID guidItem;
    HICON hBalloonIcon;
} NOTIFYICONDATAW, *PNOTIFYICONDATAW;

#ifdef UNICODE
typedef NOTIFYICONDATAW NOTIFYICONDATA, *PNOTIFYICONDATA;
#else
typedef NOTIFYICONDATAA NOTIFYICONDATA, *PNOTIFYICONDATA;
#endif

#endif
