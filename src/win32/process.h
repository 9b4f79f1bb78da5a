/* See process.c. */
#ifndef SHSHARED_WIN32_PROCESS_H
#define SHSHARED_WIN32_PROCESS_H

#include <windows.h>

#include "backend.h"

/* A process whose handles can be duplicated. */
struct process {
    shs_pid pid;
    HANDLE handle;
};

/* Open the process pid; shs__process_close() gives it back. */
shs_status shs__process_open(shs_pid pid, struct process *process);
void shs__process_close(struct process *process);

/* SHS_E_NO_PROCESS when it has ended. */
shs_status shs__process_living(const struct process *process);

/* The status of an operation on a process that failed with error. */
shs_status shs__process_failed(const struct process *process, DWORD error);

/* The status of an operation that failed with error, wherever it happened. */
shs_status shs__system_failed(DWORD error);

#endif
