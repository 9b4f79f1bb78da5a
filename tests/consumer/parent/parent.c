/*
 * A library of another project that is linked with shshared; parent's child calls it.
 */
#include <shshared/shshared.h>

unsigned parent_pid(void);

unsigned parent_pid(void) { return shs_self(); }
