/*
 * What the first touch of a large object costs: a fault for each of its pages, and a system call's time each. Used for
 * new objects by shm_object.c, and for blocks that are filled in place by alloc.c. Nothing depends on it: what the
 * system does not do is had with the faults. One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_FIRST_TOUCH_H
#define SHSHARED_OS_FIRST_TOUCH_H

#include <stdint.h>

/* Objects that are smaller are not worth a system call: a huge page of most processors. */
#define FIRST_TOUCH_LEAST ((uint64_t)2 << 20)

/* Take the memory of a new object in huge pages, where the system gives them to who asks and to nobody else. */
void shs__first_touch_huge(int fd, uint64_t size);

/* What is mapped here is about to be written, from the first byte to the last. */
void shs__first_touch_written(void *address, uint64_t length);

#endif
