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

#define ENDLESS UINT64_MAX

/* The soft limit, whatever type the system has for it. */
static uint64_t soft(const struct rlimit *limit) {
    return limit->rlim_cur == RLIM_INFINITY ? ENDLESS : (uint64_t)limit->rlim_cur;
}

static uint64_t count_open(uint64_t limit) {
    uint64_t open = 0;
    for (int fd = 0; (unsigned)fd < limit && (unsigned)fd < COUNTED; fd++)
        open += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return open;
}

static void descriptors(struct findings *findings) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const uint64_t most = soft(&limit);
    const uint64_t open = count_open(most), left = most > open ? most - open : 0;
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
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0) return;
    const uint64_t most = soft(&limit);
    if (most < MEGABYTE)
        finding(findings, WRONG, "file size", "ulimit -f unlimited: memory objects count as files", "%" PRIu64 " bytes",
                most);
    else if (most == ENDLESS)
        finding(findings, SOUND, "file size", "", "no limit");
    else
        finding(findings, NOTED, "file size", "no block can be larger", "%" PRIu64 " MiB", most / MEGABYTE);
}

static void addresses(struct findings *findings) {
#ifdef RLIMIT_AS
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    const uint64_t most = soft(&limit);
    finding(findings, most < 64 * MEGABYTE ? WRONG : NOTED, "address space",
            "ulimit -v unlimited: every block in sight takes some", "%" PRIu64 " MiB", most / MEGABYTE);
#else
    (void)findings; /* there is no such limit */
#endif
}

void doctor_limits(struct findings *findings) {
    descriptors(findings);
    sizes(findings);
    addresses(findings);
}
