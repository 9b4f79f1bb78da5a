/*
 * A plugin: a part of a program that is loaded and unloaded, and uses the library for itself.
 */
#include "plugin.h"

#include <string.h>

shs_status plugin_call(shs_pid owner, shs_handle *handle) {
    static const char text[] = "from a plugin";
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = 60000;
    shs_status status = shs_start(&options);
    if (status != SHS_OK) return status;
    status = shs_alloc(text, sizeof text, owner, handle);
    shs_stop();
    return status;
}
