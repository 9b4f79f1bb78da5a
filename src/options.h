/*
 * Options: read from a caller, and merged by a backend. See options.c.
 */
#ifndef SHSHARED_OPTIONS_H
#define SHSHARED_OPTIONS_H

#include <shshared/shshared.h>

/* Options as a library that nobody configured has them. */
extern const struct shs_options shs__options_default;

/* Read what a caller gave, NULL included, into a whole structure. SHS_E_ARGUMENT when it has no meaning. */
shs_status shs__options_read(const struct shs_options *given, struct shs_options *read);

/* Let what was given win over what is set. In options that are set, retain is a number of bytes, 0 for none. */
void shs__options_merge(struct shs_options *set, const struct shs_options *given);

#endif
