/*
 * doctor: POSIX shared memory objects. See doctor_shm.h.
 */
#include "doctor_shm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SIZE 4096
#define FOLDER "/dev/shm" /* on Linux; others have none */
#define LOW ((uint64_t)16 << 20)

static bool try_shm(void) {
    char name[40];
    (void)snprintf(name, sizeof name, "/shshared-doctor-%ld", (long)getpid());
    const int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0) return false;
    (void)shm_unlink(name);
    const bool sized = ftruncate(fd, SIZE) == 0;
    const int error = errno;
    (void)close(fd);
    errno = error;
    return sized;
}

static void look_at_space(struct findings *findings, enum verdict bad) {
    struct statvfs about;
    if (statvfs(FOLDER, &about) != 0) return;
    const uint64_t space = (uint64_t)about.f_bavail * about.f_frsize;
    if (space < LOW)
        finding(findings, bad, "memory",
                "remove what is left in it, or remount it with a larger size=", FOLDER ": %" PRIu64 " KiB are free",
                space >> 10);
    else
        finding(findings, SOUND, "memory", "", FOLDER ": %" PRIu64 " MiB are free", space >> 20);
}

static const char *shm_mend(int error) {
    const bool limited = error == EFBIG || error == EMFILE || error == ENFILE || error == ENOMEM;
    return limited ? "raise the limit, see below" : "mount a tmpfs on /dev/shm that this user can write";
}

void doctor_shm(struct findings *findings, bool needed) {
    const enum verdict bad = needed ? WRONG : NOTED;
    if (try_shm())
        finding(findings, SOUND, "memory", "", "shm_open() works");
    else
        finding(findings, bad, "memory", needed ? shm_mend(errno) : "", "shm_open() does not work: %s",
                strerror(errno));
    look_at_space(findings, bad);
}
