/*
 * OpenBSD, which declares getentropy() in <unistd.h>: also in a chroot, where no /dev/urandom may be. See entropy.h.
 */
#include "os/entropy.h"

#include <unistd.h>

bool shs__entropy(void *bytes, size_t length) { return getentropy(bytes, length) == 0; }
