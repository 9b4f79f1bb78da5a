/*
 * How the soft limit for descriptors is shared: an eighth for connections in each direction, half for segments; what is
 * left is the application's.
 */
#ifndef SHSHARED_STATE_DESCRIPTOR_SHARES_H
#define SHSHARED_STATE_DESCRIPTOR_SHARES_H

/* Connections that this process made to others, and those that others made to it. */
unsigned shs__descriptor_share_peers(void);
unsigned shs__descriptor_share_connections(void);

unsigned shs__descriptor_share_segments(void);

#endif
