/*
 * doctor: POSIX shared memory objects, and the file system that has them.
 */
#ifndef SHSHARED_TOOL_DOCTOR_SHM_H
#define SHSHARED_TOOL_DOCTOR_SHM_H

#include "doctor.h"

/* Is it wrong, or only worth a note, when they do not work? */
void doctor_shm(struct findings *findings, bool needed);

#endif
