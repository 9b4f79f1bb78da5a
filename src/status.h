/*
 * What the neutral half offers to every part of a backend: the statuses, and what the system said last.
 */
#ifndef SHSHARED_STATUS_H
#define SHSHARED_STATUS_H

#include <stdbool.h>

#include <shshared/shshared.h>

/* Keep what the system said (errno or GetLastError) for shs_native_error(), and return status. */
shs_status shs__backend_error(shs_status status, long native);

/* The last status of the list, whose values go down from 0 without a gap. */
#define STATUS_COUNT(name, value, text) +1
enum { STATUS_LAST = 1 - (0 SHS_STATUS_LIST(STATUS_COUNT)) };
#undef STATUS_COUNT

/* Is the number a status of this version? What a peer says may be one of a later version, or none. */
static inline bool status_is_known(int32_t number) { return number <= SHS_OK && number >= STATUS_LAST; }

#endif
