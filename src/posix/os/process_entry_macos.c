/*
 * The table of processes, on macOS: sysctl KERN_PROC. See process_entry.h.
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
    int name[] = { CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)pid };
    struct kinfo_proc found;
    size_t size = sizeof found;
    if (sysctl(name, 4, &found, &size, NULL, 0) != 0 || size < sizeof found) return false;
    const struct timeval began = found.kp_proc.p_starttime;
    *entry = (struct process_entry){ found.kp_proc.p_stat == SZOMB, found.kp_eproc.e_ucred.cr_uid,
                                     age(began.tv_sec, began.tv_usec) };
    return true;
}
