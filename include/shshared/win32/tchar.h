/*
 * <tchar.h> for code ported to POSIX: literals, and the string functions where TCHAR is char. Where UNICODE is defined
 * there are no functions, as those of C are for wchar_t, which is not WCHAR.
 */
#ifndef SHSHARED_WIN32_TCHAR_H
#define SHSHARED_WIN32_TCHAR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "winnt.h"

#define _T(quote) TEXT(quote)
#define _TEXT(quote) TEXT(quote)
typedef TCHAR _TCHAR;

#ifndef UNICODE
#define _tcslen strlen
#define _tcscpy strcpy
#define _tcsncpy strncpy
#define _tcscat strcat
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcstol strtol
#define _tcstoul strtoul
#define _tprintf printf
#define _ftprintf fprintf
#define _sntprintf snprintf
#define _tmain main
#endif

#endif
