/*
 * <windows.h> from C99: the sizes that Windows has, and the macros that callers use on what travels in messages.
 * Compiling it is the test.
 */
#include <windows.h>

#define IS(name, condition) typedef char name[(condition) ? 1 : -1]

IS(sizes_of_characters, sizeof(CHAR) == 1 && sizeof(WCHAR) == 2 && sizeof(BYTE) == 1);
IS(sizes_of_words, sizeof(WORD) == 2 && sizeof(SHORT) == 2 && sizeof(ATOM) == 2);
IS(sizes_of_numbers, sizeof(DWORD) == 4 && sizeof(LONG) == 4 && sizeof(UINT) == 4 && sizeof(BOOL) == 4);
IS(sizes_of_results, sizeof(HRESULT) == 4 && sizeof(ULONG) == 4 && sizeof(COLORREF) == 4);
IS(sizes_of_long_numbers, sizeof(LONGLONG) == 8 && sizeof(ULONGLONG) == 8 && sizeof(DWORD64) == 8);
IS(sizes_of_parameters, sizeof(WPARAM) == sizeof(void *) && sizeof(LPARAM) == sizeof(void *));
IS(sizes_of_pointers, sizeof(ULONG_PTR) == sizeof(HANDLE) && sizeof(SIZE_T) == sizeof(HWND));
IS(signs, (DWORD)-1 > 0 && (UINT_PTR)-1 > 0 && (LONG)-1 < 0 && (LPARAM)-1 < 0);
IS(structures, sizeof(RECT) == 16 && sizeof(POINT) == 8 && sizeof(APPBARDATA) == (sizeof(void *) == 8 ? 48 : 36));
IS(words_of_numbers, LOWORD(0x12345678) == 0x5678 && HIWORD(0x12345678) == 0x1234);
IS(numbers_of_words, MAKELONG(0x5678, 0x1234) == 0x12345678 && MAKEWORD(0x34, 0x12) == 0x1234);
IS(negative_words, (DWORD)MAKELPARAM(0xFFFF, 0xFFFF) == 0xFFFFFFFF);
IS(results, FAILED(E_ACCESSDENIED) && SUCCEEDED(S_FALSE) && HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED) == E_ACCESSDENIED);

HANDLE from_message(LPARAM lParam);

HANDLE from_message(LPARAM lParam) { return LongToHandle(HandleToLong((HANDLE)lParam)); }
