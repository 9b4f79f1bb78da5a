/*
 * The version of the library that a program runs with, which need not be that of the header it was built with.
 */
#include <shshared/shshared.h>

#define TEXT_OF(number) #number
#define DOTTED(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *shs_version(void) { return DOTTED(SHS_VERSION_MAJOR, SHS_VERSION_MINOR, SHS_VERSION_PATCH); }
