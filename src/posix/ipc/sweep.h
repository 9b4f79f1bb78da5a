/*
 * The sweep: what processes left in the runtime directory that ended without a word.
 *
 * A start sweeps before it publishes, and reads the whole directory for it. Among thousands of processes that would be
 * most of what a start costs: where there is much, nobody sweeps again for a while.
 *
 * Called by endpoint.c. Until when nobody sweeps, the time tells at which the directory was read last: one to come.
 */
#ifndef SHSHARED_IPC_SWEEP_H
#define SHSHARED_IPC_SWEEP_H

#include "ipc/runtime_dir.h"

/* Remove what the dead left. */
void shs__sweep(const struct runtime_dir *directory);

#endif
