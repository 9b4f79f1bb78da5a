/*
 * The examinations of shshared doctor, one file each (doctor_*.c). Each says what it found. None waits for another
 * process beyond a time limit, and each does what it can when there are no descriptors left.
 */
#ifndef SHSHARED_TOOL_DOCTOR_H
#define SHSHARED_TOOL_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "findings.h"

void doctor_environment(struct findings *findings); /* variables */
void doctor_folder(struct findings *findings);      /* where processes find each other */
void doctor_memory(struct findings *findings);      /* memory objects */
void doctor_limits(struct findings *findings);      /* of the process */
void doctor_system(struct findings *findings);      /* what only this system has: namespaces, control groups */
void doctor_works(struct findings *findings);       /* does a block do its rounds? */
void doctor_others(struct findings *findings);      /* do the others answer? */

#endif
