/*
 * Text files of the system's. See textfile.h.
 */
#include "os/textfile.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/fd_tracking.h"

bool shs__textfile_read(const char *path, char *text, size_t size) {
    const int fd = shs__fd_open(AT_FDCWD, path, O_RDONLY);
    if (fd < 0) return false;
    const ssize_t length = read(fd, text, size - 1);
    shs__fd_close(fd);
    if (length >= 0) text[length] = '\0';
    return length >= 0;
}
