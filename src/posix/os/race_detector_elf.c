/*
 * The detector that is in the program, if one is, where a name may be left without a meaning: ELF. See race_detector.h.
 */
#include "os/race_detector.h"

#define OF_THE_PROGRAM __attribute__((weak, visibility("default")))

/* NOLINTBEGIN(bugprone-reserved-identifier): ThreadSanitizer's names */
extern race_detector_call __tsan_acquire OF_THE_PROGRAM, __tsan_release OF_THE_PROGRAM;
/* NOLINTEND(bugprone-reserved-identifier) */

race_detector_call *const shs__race_detector_acquire = __tsan_acquire;
race_detector_call *const shs__race_detector_release = __tsan_release;
