/*
 * The basic types of window code, and how words and numbers are made of each other: part of <windows.h> for code ported
 * to POSIX.
 *
 * WPARAM and LPARAM are as wide as a pointer: a handle and a process id travel in them. Nothing here needs a library.
 */
#ifndef SHSHARED_WIN32_WINDEF_H
#define SHSHARED_WIN32_WINDEF_H

#include <stdarg.h>

#include "guiddef.h"
#include "winnt.h"

#define WINAPI
#define WINAPIV
#define APIENTRY
#define CALLBACK
#define PASCAL
#define CDECL
#define FAR
#define NEAR
#define IN
#define OUT
#define OPTIONAL

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#define MAX_PATH 260

typedef void *LPVOID;
typedef const void *LPCVOID;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;
typedef DWORD COLORREF;

typedef HANDLE *LPHANDLE;
typedef HANDLE HGLOBAL, HLOCAL;
#ifndef SHSHARED_HAS_WINDOWS
DECLARE_HANDLE(HWND);
DECLARE_HANDLE(HINSTANCE);
#endif
DECLARE_HANDLE(HMENU);
DECLARE_HANDLE(HICON);
DECLARE_HANDLE(HKEY);
DECLARE_HANDLE(HMONITOR);
typedef HINSTANCE HMODULE;
typedef HICON HCURSOR;

/* Their fields have the sizes of Windows, whatever another header's LONG has. */
typedef struct tagPOINT {
    int32_t x;
    int32_t y;
} POINT, *PPOINT, *LPPOINT;

typedef struct tagSIZE {
    int32_t cx;
    int32_t cy;
} SIZE, *PSIZE, *LPSIZE;

typedef struct tagRECT {
    int32_t left;
    int32_t top;
    int32_t right;
    int32_t bottom;
} RECT, *PRECT, *LPRECT;
typedef const RECT *LPCRECT;

typedef struct _FILETIME {
    uint32_t dwLowDateTime;
    uint32_t dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

#define LOBYTE(w) ((BYTE)((DWORD_PTR)(w)&0xFF))
#define HIBYTE(w) ((BYTE)((DWORD_PTR)(w) >> 8 & 0xFF))
#define LOWORD(l) ((WORD)((DWORD_PTR)(l)&0xFFFF))
#define HIWORD(l) ((WORD)((DWORD_PTR)(l) >> 16 & 0xFFFF))
#define MAKEWORD(low, high) ((WORD)(LOBYTE(low) | LOBYTE(high) << 8))
#define MAKELONG(low, high) ((LONG)(LOWORD(low) | (DWORD)LOWORD(high) << 16))

#if !defined(NOMINMAX) && !defined(__cplusplus)
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#endif

#endif
