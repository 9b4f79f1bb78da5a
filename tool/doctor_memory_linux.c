/*
 * doctor: memory objects, on Linux: a memfd with seals, or shm_open().
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "doctor.h"
#include "doctor_shm.h"

#define SIZE 4096
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

/* What is missing; NULL: nothing. */
static const char *try_memfd(void) {
    const char *failed = NULL;
    const int fd = memfd_create("shshared-doctor", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return "memfd_create()";
    if (ftruncate(fd, SIZE) != 0)
        failed = "ftruncate()";
    else if (fcntl(fd, F_ADD_SEALS, SEALS) != 0)
        failed = "sealing it";
    else if (ftruncate(fd, 0) == 0)
        failed = "what a seal should do";
    const int error = errno;
    (void)close(fd);
    errno = error;
    return failed;
}

void doctor_memory(struct findings *findings) {
    const char *forced = getenv("SHSHARED_OBJECT");
    const bool is_shm = forced != NULL && strcmp(forced, "shm_open") == 0;
    const char *failed = try_memfd();
    const bool no_descriptor = failed != NULL && (errno == EMFILE || errno == ENFILE);
    if (failed == NULL)
        finding(findings, SOUND, "memory", "", "memfd_create() with seals works");
    else
        finding(findings, no_descriptor ? WRONG : NOTED, "memory",
                no_descriptor ? "raise the limit of descriptors" : "shm_open() is used instead, which peers can cut",
                "memfd: %s does not work: %s", failed, strerror(errno));
    doctor_shm(findings, is_shm || failed != NULL);
}
