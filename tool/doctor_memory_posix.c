/*
 * doctor: memory objects, where there are those of POSIX.
 */
#include "doctor.h"
#include "doctor_shm.h"

void doctor_memory(struct findings *findings) { doctor_shm(findings, true); }
