/*
 * The public header is usable from C++11: this file compiles, or it does not.
 */
#include <shshared/shshared.h>

shs_status header_cxx11(shs_handle *handle);

shs_status header_cxx11(shs_handle *handle) {
    const shs_options options = SHS_OPTIONS_INIT;
    const shs_status status = shs_start(&options);
    return status == SHS_OK ? shs_alloc(nullptr, 0, shs_self(), handle) : status;
}
