/*
 * A project's own Win32 types, as some have them: other spellings of the same, under the same names.
 */
#ifndef OWN_TYPES_H
#define OWN_TYPES_H

/* As winelib's headers have it: it is no word of this library's declarations. */
#ifdef __x86_64__
#define WINAPI __attribute__((ms_abi))
#else
#define WINAPI
#endif

typedef unsigned int DWORD;
typedef int BOOL;
typedef void *HANDLE;

enum { FALSE, TRUE };
enum { ERROR_INVALID_HANDLE = 6 };

#endif
