/* See options.c. */
#ifndef SHSHARED_OPTIONS_H
#define SHSHARED_OPTIONS_H

#include <shshared/shshared.h>

/* Read what a caller gave, NULL included, into a whole structure. SHS_E_ARGUMENT when it has no meaning. */
shs_status options_read(const struct shs_options *given, struct shs_options *read);

#endif
