/*
 * Descriptors between being sent and being received. Used by whoever answers with one, and by whoever asked for it
 * (server/connection.c, state/peer_call.c). One file for each system (os/systems.cmake).
 */
#ifndef SHSHARED_OS_IN_FLIGHT_H
#define SHSHARED_OS_IN_FLIGHT_H

#include <stdbool.h>

/* Does a descriptor that was sent arrive, though its sender closes it, or the connection, meanwhile? */
bool shs__in_flight_arrives(void);

#endif
