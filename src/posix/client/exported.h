/*
 * A block by the object of its data, as the process where it lives exports it: for a second handle (map.c), and for a
 * view where that process is another user's and shows nothing else (lock.c).
 */
#ifndef SHSHARED_CLIENT_EXPORTED_H
#define SHSHARED_CLIENT_EXPORTED_H

#include "client/client.h"

/* Have a block exported with this access, by this process where it lives here. The caller closes the descriptor. */
shs_status shs__exported_get(struct context *context, const struct block_name *block, shs_access access,
                             const struct waiting *wait, struct exported *exported);

#endif
