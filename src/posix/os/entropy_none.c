/*
 * Systems whose only promise is /dev/urandom. See entropy.h.
 */
#include "os/entropy.h"

bool shs__entropy(void *bytes, size_t length) {
    (void)bytes, (void)length;
    return false;
}
