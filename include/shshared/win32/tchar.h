/*
 * <tchar.h> for code ported to POSIX: literals, and the string functions where _TCHAR is char. As Microsoft's it looks
 * at _UNICODE, while TCHAR and TEXT go by UNICODE. Where _UNICODE is defined there are no functions, as those of C are
 * for wchar_t, which is not WCHAR.
 */
#ifndef SHSHARED_WIN32_TCHAR_H
#define SHSHARED_WIN32_TCHAR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "winnt.h"

#ifdef _UNICODE
typedef WCHAR _TCHAR;
#define SHSHARED_T(quote) SHSHARED_WIDE(quote)
#else
typedef char _TCHAR;
#define SHSHARED_T(quote) quote
#endif
#define _T(quote) SHSHARED_T(quote)
#define _TEXT(quote) SHSHARED_T(quote)

#ifndef _UNICODE
#define _tcslen strlen
#define _tcscpy strcpy
#define _tcsncpy strncpy
#define _tcscat strcat
#define _tcsncat strncat
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcspbrk strpbrk
#define _tcsspn strspn
#define _tcscspn strcspn
#define _ttoi atoi
#define _ttol atol
#define _tcstol strtol
#define _tcstoul strtoul
#define _tprintf printf
#define _ftprintf fprintf
#define _stprintf sprintf
#define _sntprintf snprintf
#define _tmain main
#endif

#endif
