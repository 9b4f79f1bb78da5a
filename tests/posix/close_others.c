/*
 * What a daemon does before it begins. See close_others.h.
 */
#include "close_others.h"

#include <unistd.h>

void close_others(int channel) {
    wait_for_rest();
    for (int fd = STDERR_FILENO + 1; fd < 2 * NUMBERS; fd++) {
        if (fd != channel) close(fd);
    }
}
