/*
 * What a program's race detector is told: ThreadSanitizer in a program sees what the program's threads do, and not how
 * the library orders it, unless the library is built with it as well. Without a word it would take a block that went
 * from one thread to another for a race.
 *
 * Told by block/view_count.c, block/pool.c and state/compaction.c, by the address of the slot's word. Costs a look
 * where there is no detector. One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_RACE_DETECTOR_H
#define SHSHARED_OS_RACE_DETECTOR_H

#include <stddef.h>

typedef void race_detector_call(void *place);

/* NULL: there is no detector. */
extern race_detector_call *const shs__race_detector_acquire, *const shs__race_detector_release;

/* What this thread has done so far comes before what others do that see it by this place. */
static inline void race_release(void *place) {
    if (shs__race_detector_release != NULL) shs__race_detector_release(place);
}

/* And what others had done comes before what this thread does. */
static inline void race_acquire(void *place) {
    if (shs__race_detector_acquire != NULL) shs__race_detector_acquire(place);
}

#endif
