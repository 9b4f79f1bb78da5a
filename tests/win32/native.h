/*
 * Handles as Windows has them: a block's handle is one of its owner's, and any other can stand in its place.
 */
#ifndef TESTS_WIN32_NATIVE_H
#define TESTS_WIN32_NATIVE_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

/* What stands before the first byte of every view. */
#define HEADER_SIZE ((size_t)64)

HANDLE native_of(shs_handle handle);
shs_handle handle_of(HANDLE native);

/* Give a process a handle of anything: its number there. The caller's handle stays open. Ends the test on failure. */
shs_handle native_give(HANDLE object, shs_pid pid);

/* A duplicate of a handle of a process, or NULL when the number means nothing there. */
HANDLE native_take(shs_handle handle, shs_pid pid);

/* Close a handle of a process, whatever it is. */
void native_close(shs_handle handle, shs_pid pid);

/* Is it a handle of this event, there? Sets it there and looks here. */
bool native_is_event(shs_handle handle, shs_pid pid, HANDLE event);

#endif
