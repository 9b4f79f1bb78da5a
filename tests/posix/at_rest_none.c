/*
 * Systems that do not tell what another thread is at.
 */
#include "close_others.h"

void wait_for_rest(void) {}
