/*
 * What the plugin host calls in a plugin.
 */
#ifndef TESTS_PLUGIN_H
#define TESTS_PLUGIN_H

#include <shshared/shshared.h>

/* Starts the library, makes a block in owner, and gives its start back. */
__attribute__((visibility("default"))) shs_status plugin_call(shs_pid owner, shs_handle *handle);

#endif
