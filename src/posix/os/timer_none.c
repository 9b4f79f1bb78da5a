/*
 * Systems without such a descriptor. See timer.h.
 */
#include "os/timer.h"

#include <errno.h>

int shs__timer_open(void) {
    errno = ENOSYS;
    return -1;
}

void shs__timer_set(int timer, moment when) { (void)timer, (void)when; }
