/*
 * What the programs here have in place of windows: a second process, and messages that carry two numbers. The rest of
 * each program is shell code for both systems.
 */
#ifndef TESTS_POST_H
#define TESTS_POST_H

#include <windows.h>
/* <shlwapi.h> needs <windows.h>. */
#include <shlwapi.h>
#include <stdio.h>

#include "../start.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef _WIN32 /* ordinal 11, which no header has */
HANDLE WINAPI SHMapHandle(HANDLE shared, DWORD from, DWORD to, DWORD access, DWORD options);
#endif

/* Its answer is the process id of who was started. */
#define WM_HELLO WM_NULL

typedef struct tagPARTY {
    struct started started;
    DWORD process;
} PARTY;

typedef LRESULT(CALLBACK *HANDLER)(UINT message, WPARAM wParam, LPARAM lParam);

/* Start this program again, to play a part. */
BOOL BeginParty(PARTY *party, const char *program, const char *part);

/* Send a message, and wait for what is answered. */
LRESULT SendTo(PARTY *party, UINT message, WPARAM wParam, LPARAM lParam);

void EndParty(PARTY *party);

/* In a part: answer each message until there is none. */
int PlayPart(HANDLER handler);

#ifdef __cplusplus
}
#endif

#endif
