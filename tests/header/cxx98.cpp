/*
 * The interface from the oldest C++, as old shell code is written in.
 */
#include <shshared/shshared.h>

extern const shs_options nothing_is_set;
const shs_options nothing_is_set = SHS_OPTIONS_INIT;
