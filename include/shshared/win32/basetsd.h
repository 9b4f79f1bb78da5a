/*
 * Numbers of a fixed size and numbers as wide as a pointer: part of <windows.h> for code ported to POSIX.
 *
 * DWORD and LONG have 32 bits although long has 64 on most POSIX systems, so they are not long here: printf() wants %u
 * for a DWORD, or a cast to unsigned long. A handle needs no more than the 32 bits that HandleToUlong() takes of it.
 */
#ifndef SHSHARED_WIN32_BASETSD_H
#define SHSHARED_WIN32_BASETSD_H

#include <stddef.h>
#include <stdint.h>

#include "beside.h"

#define _BASETSD_H_ /* by which the header of libjpeg leaves INT32 to this one */

#ifndef SHSHARED_HAS_BOOL
typedef int BOOL;
#endif
typedef BOOL *PBOOL, *LPBOOL;
typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef unsigned char UCHAR, *PUCHAR;
typedef BYTE BOOLEAN, *PBOOLEAN;
typedef short SHORT, *PSHORT;
typedef unsigned short USHORT, *PUSHORT;
typedef unsigned short WORD, *PWORD, *LPWORD;
typedef unsigned short ATOM;
typedef int INT, *PINT, *LPINT;
typedef unsigned int UINT, *PUINT, *LPUINT;
#ifndef SHSHARED_HAS_LONG
typedef int32_t LONG;
#endif
typedef LONG *PLONG, *LPLONG;
#ifndef SHSHARED_HAS_ULONG
typedef uint32_t ULONG;
#endif
typedef ULONG *PULONG, *LPULONG;
#ifndef SHSHARED_HAS_DWORD
typedef uint32_t DWORD;
#endif
typedef DWORD *PDWORD, *LPDWORD;
typedef int64_t LONGLONG, *PLONGLONG;
typedef uint64_t ULONGLONG, *PULONGLONG;
typedef uint64_t DWORDLONG, *PDWORDLONG;
typedef float FLOAT, *PFLOAT;

typedef int8_t INT8, *PINT8;
typedef int16_t INT16, *PINT16;
#ifndef SHSHARED_HAS_INT32
typedef int32_t INT32;
#endif
typedef INT32 *PINT32;
typedef int32_t LONG32, *PLONG32;
typedef int64_t INT64, *PINT64;
#ifndef LONG64 /* X11 says by it that long has 64 bits */
typedef int64_t LONG64, *PLONG64;
#endif
typedef uint8_t UINT8, *PUINT8;
typedef uint16_t UINT16, *PUINT16;
typedef uint32_t UINT32, *PUINT32;
typedef uint32_t ULONG32, *PULONG32;
typedef uint32_t DWORD32, *PDWORD32;
typedef uint64_t UINT64, *PUINT64;
typedef uint64_t ULONG64, *PULONG64;
typedef uint64_t DWORD64, *PDWORD64;

typedef intptr_t INT_PTR, *PINT_PTR;
typedef uintptr_t UINT_PTR, *PUINT_PTR;
typedef intptr_t LONG_PTR, *PLONG_PTR;
typedef uintptr_t ULONG_PTR, *PULONG_PTR;
typedef uintptr_t DWORD_PTR, *PDWORD_PTR;
typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;

#define HandleToUlong(handle) ((ULONG)(ULONG_PTR)(handle))
#define HandleToULong(handle) HandleToUlong(handle)
#define HandleToLong(handle) ((LONG)(LONG_PTR)(handle))
#define UlongToHandle(number) ((void *)(ULONG_PTR)(ULONG)(number))
#define ULongToHandle(number) UlongToHandle(number)
#define LongToHandle(number) ((void *)(LONG_PTR)(LONG)(number))
#define PtrToInt(pointer) ((INT)(INT_PTR)(pointer))
#define PtrToUint(pointer) ((UINT)(UINT_PTR)(pointer))
#define IntToPtr(number) ((void *)(INT_PTR)(INT)(number))
#define UIntToPtr(number) ((void *)(UINT_PTR)(UINT)(number))
#define PtrToUlong(pointer) HandleToUlong(pointer)
#define PtrToLong(pointer) HandleToLong(pointer)
#define UlongToPtr(number) UlongToHandle(number)
#define ULongToPtr(number) UlongToHandle(number)
#define LongToPtr(number) LongToHandle(number)

#define MAXWORD 0xFFFFu
#define MAXDWORD 0xFFFFFFFFu
#define MAXLONG 0x7FFFFFFF
#define MAXINT 0x7FFFFFFF
#define MAXUINT 0xFFFFFFFFu

#endif
