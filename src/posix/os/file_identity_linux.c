/*
 * Which file a descriptor leads to, on Linux: what the kernel has in memory, with statx(). See file_identity.h.
 *
 * The system call itself, as the C library would ask the file system where the kernel has no such call.
 */
#include "os/file_identity.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

bool shs__file_identity_get(int fd, struct file_identity *file) {
    struct statx about = { .stx_mask = 0 };
    *file = (struct file_identity){ 0, 0, 0 };
    if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO, &about) != 0)
        return errno != EBADF;
    file->device = makedev(about.stx_dev_major, about.stx_dev_minor);
    file->inode = about.stx_ino;
    file->kind = (uint32_t)(about.stx_mode & S_IFMT);
    return true;
}
