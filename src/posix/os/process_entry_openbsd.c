/*
 * The table of processes, on OpenBSD: sysctl KERN_PROC. See process_entry.h.
 */
#include "os/process_entry.h"

#include <sys/types.h>

#include <stddef.h>
#include <sys/param.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/time.h>
#include <unistd.h>

bool shs__process_entry_is_privileged(void) { return issetugid() != 0; }

static int64_t age(int64_t seconds, int64_t microseconds) {
    struct timeval now = { 0, 0 };
    (void)gettimeofday(&now, NULL);
    return ((int64_t)now.tv_sec - seconds) * 1000 + ((int64_t)now.tv_usec - microseconds) / 1000;
}

bool shs__process_entry_read(uint32_t pid, struct process_entry *entry) {
    struct kinfo_proc found;
    size_t size = sizeof found;
    const int name[] = { CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)pid, (int)sizeof found, 1 };
    if (sysctl(name, 6, &found, &size, NULL, 0) != 0 || size < sizeof found) return false;
    const bool is_zombie = found.p_stat == SDEAD || (found.p_psflags & PS_ZOMBIE) != 0;
    *entry = (struct process_entry){ is_zombie, found.p_uid,
                                     age((int64_t)found.p_ustart_sec, (int64_t)found.p_ustart_usec) };
    return true;
}
