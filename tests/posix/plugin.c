/*
 * A plugin with a copy of the static library of its own. Loaded and unloaded by plugin_host.c, which knows these two
 * functions.
 */
#include <shshared/shshared.h>

int plugin_use(void);
void plugin_stop(void);

/* The whole life of a block. 0: all went well. */
int plugin_use(void) {
    shs_handle handle = 0;
    if (shs_start(NULL) != SHS_OK || shs_alloc("plugin", 7, shs_self(), &handle) != SHS_OK) return 1;
    return shs_free(handle, shs_self()) == SHS_OK ? 0 : 1;
}

void plugin_stop(void) { shs_stop(); }
