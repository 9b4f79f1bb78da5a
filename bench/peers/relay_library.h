/*
 * What the relays that use the library have in common: all but how a block is made and filled.
 */
#ifndef BENCH_RELAY_LIBRARY_H
#define BENCH_RELAY_LIBRARY_H

#include <shshared/shshared.h>

#include "relay.h"

void library_enter(uint32_t owner, size_t largest);
uint32_t library_owner(void);
void *library_open(const struct letter *letter, int writing);
void library_close(const struct letter *letter, void *view);
void library_drop(const struct letter *letter);

#endif
