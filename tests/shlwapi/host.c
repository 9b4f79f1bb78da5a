/*
 * A program that uses the neutral API with options of its own, and loads the porting layer later, as with a plugin: the
 * layer starts the library too, and must not disturb its host.
 */
#include <dlfcn.h>

#include "support/block.h"
#include "support/suite.h"

static int admit_everyone(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 1;
}

static void the_layer_leaves_its_host_alone(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    options.admit = admit_everyone;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    const int watched = shs_poll_fd();
    const shs_handle handle = block_new(1, 100, shs_self());
    CHECK(watched >= 0);
    void *layer = dlopen(SHLWAPI_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    REQUIRE(layer != NULL);
    CHECK(shs_poll_fd() == watched);
    CHECK(block_holds(handle, shs_self(), 1, 100));
    shs_stop(); /* the host's start; the layer has one, too */
    CHECK(shs_poll_fd() == watched);
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    dlclose(layer);
}

static const struct test tests[] = { { "the layer leaves its host alone", the_layer_leaves_its_host_alone } };

SUITE("shlwapi host", tests)
