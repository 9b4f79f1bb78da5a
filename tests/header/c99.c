/*
 * The public header is usable from C99 and names no operating system: this file compiles, or it does not.
 */
#include <shshared/shshared.h>

shs_status header_c99(shs_handle *handle);

shs_status header_c99(shs_handle *handle) {
    const struct shs_options options = SHS_OPTIONS_INIT;
    const shs_status status = shs_start(&options);
    return status == SHS_OK ? shs_alloc(NULL, 0, shs_self(), handle) : status;
}
