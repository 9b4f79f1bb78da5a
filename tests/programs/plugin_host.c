/*
 * A plugin host that does nothing with the library itself: its plugins use it each for itself, and go. What they made
 * for others lives on; the host's own descriptors and threads are as before after each.
 */
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#include "plugin.h"
#include "program.h"

#define ROUNDS 30

typedef shs_status call(shs_pid owner, shs_handle *handle);

static struct channel parcels, ready;
static shs_pid reader;

static void host(void) {
    struct parcel first;
    (void)close(parcels.in);
    MUST(fetch(&ready, &first));
    reader = first.owner;
    for (int round = 0; round < ROUNDS; round++) {
        struct parcel parcel = { 0, reader };
        void *plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
        MUST(plugin != NULL);
        call *make = (call *)(uintptr_t)dlsym(plugin, "plugin_call");
        MUST(make != NULL);
        MUST_OK(make(reader, &parcel.handle));
        MUST(dlclose(plugin) == 0);
        post(&parcels, parcel);
    }
}

int main(void) {
    struct parcel parcel;
    char text[32];
    program_begin();
    parcels = channel_new();
    ready = channel_new();
    const pid_t pid = spawn(host);
    program_start();
    post(&ready, (struct parcel){ 0, shs_self() });
    (void)close(parcels.out);
    for (int round = 0; round < ROUNDS; round++) {
        MUST(fetch(&parcels, &parcel));
        unwrap(parcel, text, sizeof text);
        MUST(strcmp(text, "from a plugin") == 0);
    }
    join(pid);
    shs_stop();
    return 0;
}
