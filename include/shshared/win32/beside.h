/*
 * Other people's types: which of ours other headers have under the same names. Part of <windows.h> for code ported to
 * POSIX.
 *
 * What another header has is left to it, so that both can be included. Those that came before are seen. One that comes
 * later, and has a type of another kind, is named before <windows.h> is included, and is then included from here:
 * SHSHARED_BESIDE_X11 (<X11/Xmd.h>), SHSHARED_BESIDE_JPEG, SHSHARED_BESIDE_ODBC, SHSHARED_BESIDE_PCSC,
 * SHSHARED_BESIDE_WINPR. GLib has none of them.
 */
#ifndef SHSHARED_WIN32_BESIDE_H
#define SHSHARED_WIN32_BESIDE_H

#ifdef SHSHARED_BESIDE_X11
#include <X11/Xmd.h>
#endif
#ifdef SHSHARED_BESIDE_JPEG
#include <stdio.h>
/* needs size_t and FILE */
#include <jpeglib.h>
#endif
#ifdef SHSHARED_BESIDE_ODBC
#include <sqltypes.h>
#endif
#ifdef SHSHARED_BESIDE_PCSC
#include <wintypes.h>
#endif
#ifdef SHSHARED_BESIDE_WINPR
#include <winpr/wtypes.h>
#endif

#ifdef XMD_H
#define SHSHARED_HAS_BOOL /* of one byte */
#endif
#ifdef JPEGLIB_H
#define SHSHARED_HAS_INT32 /* as long as long */
#endif
#ifdef __SQLTYPES_H
#define SHSHARED_HAS_BOOL
#define SHSHARED_HAS_ULONG /* as long as long */
#define SHSHARED_HAS_WCHAR
#define SHSHARED_HAS_WINDOWS
#endif
#ifdef __wintypes_h__
#define SHSHARED_HAS_BOOL  /* of two bytes */
#define SHSHARED_HAS_DWORD /* as long as long, like those that follow */
#define SHSHARED_HAS_LONG
#define SHSHARED_HAS_ULONG
#endif
#ifdef WINPR_WTYPES_H
#define SHSHARED_NO_WIN32_TYPES /* it has them all, and of the same sizes */
#endif

#endif
