/*
 * The language of Windows' declarations: calling conventions, annotations, characters, handles, access rights. Part of
 * <windows.h> for code ported to POSIX.
 *
 * Conventions are empty here, and annotations but for those of __declspec that change what a program does. WCHAR has 16
 * bits whatever wchar_t has; TEXT("...") makes literals of it where UNICODE is defined.
 */
#ifndef SHSHARED_WIN32_WINNT_H
#define SHSHARED_WIN32_WINNT_H

#include <ctype.h>
#include <string.h>

#include "basetsd.h"
#include "sal.h"

#define CONST const
#define VOID void

/* What __declspec says is done here, or does not compile; what only a DLL needs is nothing. */
#ifndef __declspec
#define __declspec(attribute) SHSHARED_DECLSPEC_##attribute
#define SHSHARED_DECLSPEC_align(bytes) __attribute__((aligned(bytes)))
#define SHSHARED_DECLSPEC_thread __thread
#define SHSHARED_DECLSPEC_noreturn __attribute__((noreturn))
#define SHSHARED_DECLSPEC_noinline __attribute__((noinline))
#define SHSHARED_DECLSPEC_nothrow __attribute__((nothrow))
#define SHSHARED_DECLSPEC_selectany __attribute__((weak))
#define SHSHARED_DECLSPEC_deprecated __attribute__((deprecated))
#define SHSHARED_DECLSPEC_dllexport
#define SHSHARED_DECLSPEC_dllimport
#define SHSHARED_DECLSPEC_novtable
#define SHSHARED_DECLSPEC_uuid(text)
#endif

#ifndef __stdcall
#define __stdcall
#define __cdecl
#endif
#define __int64 long long
#define __int32 int
#define __int16 short
#define __int8 char
#define UNALIGNED
#define FORCEINLINE static inline __attribute__((always_inline))
#define DECLSPEC_ALIGN(bytes) __declspec(align(bytes))
#define DECLSPEC_NORETURN __declspec(noreturn)
#define DECLSPEC_NOINLINE __declspec(noinline)
#define DECLSPEC_SELECTANY __declspec(selectany)
#define NTAPI
#define DECLSPEC_IMPORT
#define STDMETHODCALLTYPE
#define STDAPICALLTYPE
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE

typedef void *PVOID;
typedef LONG HRESULT;

/* Characters and strings. */
typedef char CHAR, *PCHAR, *LPSTR, *PSTR;
typedef const char *LPCSTR, *PCSTR;
#ifdef SHSHARED_HAS_WCHAR
#define SHSHARED_WIDE(quote) u##quote
#elif defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#define SHSHARED_WIDE(quote) L##quote
#elif defined(__cplusplus) && __cplusplus >= 201103L
typedef char16_t WCHAR;
#define SHSHARED_WIDE(quote) u##quote
#else
typedef uint_least16_t WCHAR; /* what char16_t is in C11; C++98 has no literals of it */
#define SHSHARED_WIDE(quote) u##quote
#endif
typedef WCHAR *PWCHAR, *LPWSTR, *PWSTR;
typedef const WCHAR *LPCWSTR, *PCWSTR;
#ifdef UNICODE
typedef WCHAR TCHAR;
#define SHSHARED_TEXT(quote) SHSHARED_WIDE(quote)
#else
typedef char TCHAR;
#define SHSHARED_TEXT(quote) quote
#endif
typedef TCHAR *PTCHAR, *LPTSTR, *PTSTR;
typedef const TCHAR *LPCTSTR, *PCTSTR;
#define TEXT(quote) SHSHARED_TEXT(quote)

/* Handles. Those of windows and the like are pointers to different types, so that a mix-up does not compile. */
typedef void *HANDLE, **PHANDLE;
#define DECLARE_HANDLE(name) \
    struct name##__ {        \
        int unused;          \
    };                       \
    typedef struct name##__ *name

/* Rights, and how a section's pages may be used. */
#define SYNCHRONIZE 0x00100000
#define STANDARD_RIGHTS_REQUIRED 0x000F0000
#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u
#define GENERIC_EXECUTE 0x20000000u
#define GENERIC_ALL 0x10000000u
#define PROCESS_DUP_HANDLE 0x0040
#define SECTION_QUERY 0x0001
#define SECTION_MAP_WRITE 0x0002
#define SECTION_MAP_READ 0x0004
#define SECTION_MAP_EXECUTE 0x0008
#define SECTION_EXTEND_SIZE 0x0010
#define SECTION_MAP_EXECUTE_EXPLICIT 0x0020
#define SECTION_ALL_ACCESS 0x000F001F
#define PAGE_NOACCESS 0x01
#define PAGE_READONLY 0x02
#define PAGE_READWRITE 0x04
#define PAGE_WRITECOPY 0x08
#define DUPLICATE_CLOSE_SOURCE 0x00000001
#define DUPLICATE_SAME_ACCESS 0x00000002

#define RtlCopyMemory(to, from, size) memcpy((to), (from), (size))
#define RtlMoveMemory(to, from, size) memmove((to), (from), (size))
#define RtlFillMemory(to, size, byte) memset((to), (byte), (size))
#define RtlZeroMemory(to, size) memset((to), 0, (size))
#define RtlEqualMemory(one, other, size) (memcmp((one), (other), (size)) == 0)

#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#define CONTAINING_RECORD(address, type, field) ((type *)((PCHAR)(address)-offsetof(type, field)))
#define RTL_FIELD_SIZE(type, field) (sizeof(((type *)0)->field))
#define C_ASSERT(condition) typedef char SHSHARED_ASSERTED[(condition) ? 1 : -1] __attribute__((unused))
#define RTL_NUMBER_OF(array) (sizeof(array) / sizeof((array)[0]))
#define ARRAYSIZE(array) RTL_NUMBER_OF(array)
#define _countof(array) RTL_NUMBER_OF(array)
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))

#endif
