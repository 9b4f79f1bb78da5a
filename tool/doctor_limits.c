/*
 * doctor: the limits of a process that blocks run into. No descriptor is needed.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/resource.h>

#include "doctor.h"

#define FEW 32u        /* a process that has others to talk to needs some more than it has for itself */
#define COUNTED 65536u /* descriptors looked at */
#define MEGABYTE ((uint64_t)1 << 20)

static rlim_t count_open(rlim_t limit) {
    rlim_t open = 0;
    for (int fd = 0; (rlim_t)fd < limit && (unsigned)fd < COUNTED; fd++)
        open += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return open;
}

static void descriptors(struct findings *findings) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t open = count_open(limit.rlim_cur);
    const uint64_t most = limit.rlim_cur, left = limit.rlim_cur > open ? limit.rlim_cur - open : 0;
    if (left < FEW)
        finding(findings, WRONG, "descriptors", "ulimit -n 1024, or LimitNOFILE= of the service",
                "%" PRIu64 " allowed, %" PRIu64 " left", most, left);
    else if (most < 1024)
        finding(findings, NOTED, "descriptors", "blocks take half of them at most: raise it for many givers",
                "%" PRIu64 " allowed, %" PRIu64 " left", most, left);
    else
        finding(findings, SOUND, "descriptors", "", "%" PRIu64 " allowed, %" PRIu64 " left", most, left);
}

/* Memory objects are files, and count as such. */
static void sizes(struct findings *findings) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0) {
        if (limit.rlim_cur < MEGABYTE)
            finding(findings, WRONG, "file size", "ulimit -f unlimited: memory objects count as files",
                    "%" PRIu64 " bytes", (uint64_t)limit.rlim_cur);
        else
            finding(findings, limit.rlim_cur == RLIM_INFINITY ? SOUND : NOTED, "file size", "",
                    limit.rlim_cur == RLIM_INFINITY ? "no limit" : "there is a limit, and no block can be larger");
    }
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        finding(findings, limit.rlim_cur < 64 * MEGABYTE ? WRONG : NOTED, "address space",
                "ulimit -v unlimited: every block in sight takes some", "%" PRIu64 " MiB",
                (uint64_t)limit.rlim_cur / MEGABYTE);
}

void doctor_limits(struct findings *findings) {
    descriptors(findings);
    sizes(findings);
}
