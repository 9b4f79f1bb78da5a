/*
 * Linux, the BSDs, illumos: what is in flight holds its file by itself. See in_flight.h.
 */
#include "os/in_flight.h"

bool shs__in_flight_arrives(void) { return true; }
