/*
 * Memory for a part of an object, before somebody touches it and finds that there is none. Used by shm_object.c. One
 * file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_RESERVE_H
#define SHSHARED_OS_RESERVE_H

#include <stdint.h>

/* 0, or an errno value: EOPNOTSUPP and its like where this cannot be asked for, and zeros are to be written instead. */
int shs__reserve(int fd, uint64_t offset, uint64_t length);

#endif
