/*
 * How the process is reached by others: attached at its first call, or by shs_start(), and detached by shs_stop().
 *
 * Attached means: the endpoint is published, the liveness word is shown, the server answers. Called by the other files
 * of the contract; everything here is under context->attaching.
 */
#ifndef SHSHARED_ATTACH_H
#define SHSHARED_ATTACH_H

#include "state/context.h"

/* Attach where that was not tried before; the status of the try. */
shs_status shs__attach(struct context *context);

#endif
