/*
 * A project's own Win32 types, as some have them: other spellings of the same, under the same names.
 */
#ifndef OWN_TYPES_H
#define OWN_TYPES_H

typedef unsigned int DWORD;
typedef int BOOL;
typedef void *HANDLE;

enum { FALSE, TRUE };
enum { ERROR_INVALID_HANDLE = 6 };

#endif
