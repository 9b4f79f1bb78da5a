/*
 * What the neutral half offers to every part of a backend: the statuses, and what the system said last.
 */
#ifndef SHSHARED_STATUS_H
#define SHSHARED_STATUS_H

#include <shshared/shshared.h>

/* Keep what the system said (errno or GetLastError) for shs_native_error(), and return status. */
shs_status backend_error(shs_status status, long native);

#endif
