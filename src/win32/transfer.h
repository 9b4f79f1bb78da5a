/* See transfer.c. */
#ifndef SHSHARED_WIN32_TRANSFER_H
#define SHSHARED_WIN32_TRANSFER_H

#include "win32/process.h"

/* Take a duplicate, with the same rights, of a handle of the process from. The caller closes it. */
shs_status shs__transfer_take(const struct process *from, shs_handle handle, HANDLE *section);

/* Give a section to the process to, with the rights for access. The section is closed here, whatever comes of it. */
shs_status shs__transfer_give(const struct process *to, HANDLE section, shs_access access, shs_handle *handle);

/* Close a handle of owner that was just seen to be proved, a duplicate of it. */
shs_status shs__transfer_close(const struct process *owner, shs_handle handle, HANDLE proved);

#endif
