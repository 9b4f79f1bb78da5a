/*
 * Systems that declare getentropy() in <sys/random.h>: Linux, macOS, FreeBSD, NetBSD, illumos. See entropy.h.
 */
#include "os/entropy.h"

#include <sys/random.h>
#include <unistd.h>

bool shs__entropy(void *bytes, size_t length) { return getentropy(bytes, length) == 0; }
