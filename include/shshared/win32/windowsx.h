/*
 * <windowsx.h> for code ported to POSIX: coordinates in an LPARAM, and memory by other names.
 */
#ifndef SHSHARED_WIN32_WINDOWSX_H
#define SHSHARED_WIN32_WINDOWSX_H

#include <windows.h>

#define GET_X_LPARAM(lParam) ((int)(short)LOWORD(lParam))
#define GET_Y_LPARAM(lParam) ((int)(short)HIWORD(lParam))

#endif
