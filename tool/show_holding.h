/*
 * What a process has, as list and watch show it.
 */
#ifndef SHSHARED_TOOL_SHOW_HOLDING_H
#define SHSHARED_TOOL_SHOW_HOLDING_H

#include <stdbool.h>

#include "holdings.h"

void show_holding_line(const struct holding *holding);
void show_holding_json(const struct holding *holding, bool with_blocks); /* in a list, or alone */

#endif
