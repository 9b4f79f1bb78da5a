/*
 * A line of the system's table of processes. Used by process_info_posix.c. One file for each system
 * (os/systems.cmake).
 */
#ifndef SHSHARED_OS_PROCESS_ENTRY_H
#define SHSHARED_OS_PROCESS_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

struct process_entry {
    bool is_zombie;
    uint32_t user;            /* the effective one */
    int64_t age_milliseconds; /* since it began */
};

/* False where there is no such process, or no table to look at. */
bool shs__process_entry_read(uint32_t pid, struct process_entry *entry);

/* Does the program run with rights that its caller lacks (setuid)? */
bool shs__process_entry_is_privileged(void);

#endif
