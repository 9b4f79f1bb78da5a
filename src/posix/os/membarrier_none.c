/*
 * Systems without a fence in all threads: every reader has its own. See membarrier.h.
 */
#include "os/membarrier.h"

bool shs__membarrier_register(void) { return false; }

bool shs__membarrier_all(void) { return false; }
