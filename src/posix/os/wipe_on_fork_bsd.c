/*
 * Pages that a fork wipes, on NetBSD and OpenBSD: MAP_INHERIT_ZERO. See wipe_on_fork.h.
 */
#include <sys/mman.h>

#include "os/wipe_on_fork.h"

bool shs__wipe_on_fork(void *pages, size_t size) { return minherit(pages, size, MAP_INHERIT_ZERO) == 0; }
