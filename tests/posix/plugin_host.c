/*
 * A program that unloads a plugin into which the static library was linked. What leads to the plugin's code comes
 * later: its thread, the end of threads that called it, forks, and the end of the process.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forked.h"
#include "support/child.h"
#include "support/expect.h"
#include "support/parallel.h"
#include "support/suite.h"

struct plugin {
    void *library;
    int (*use)(void);
    void (*stop)(void);
};

#define FIND(plugin, member, name) (*(void **)&(plugin)->member = dlsym((plugin)->library, name))

static struct plugin load(void) {
    struct plugin plugin = { .library = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL) };
    EXPECT(plugin.library != NULL);
    FIND(&plugin, use, "plugin_use");
    FIND(&plugin, stop, "plugin_stop");
    EXPECT(plugin.use != NULL && plugin.stop != NULL);
    return plugin;
}

enum { USED = 1, UNLOADED }; /* what host and guest tell each other */

/* A thread that calls the plugin, and ends when it is gone. */
struct guest {
    const struct plugin *plugin;
    int ends[2]; /* the host's and its own */
};

static void use_and_wait(void *context) {
    struct guest *guest = context;
    EXPECT(guest->plugin->use() == 0);
    forked_tell(guest->ends[1], USED);
    EXPECT(forked_hear(guest->ends[1]) == UNLOADED);
}

static void fork_a_child(void) {
    int status = -1;
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    EXPECT(waitpid(pid, &status, 0) == pid && status == 0);
}

/* An argument: the plugin stops its library first. */
static int host_role(char **arguments) {
    const struct plugin plugin = load();
    struct guest guest = { .plugin = &plugin };
    uint32_t order = 1;
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, guest.ends) == 0);
    EXPECT(plugin.use() == 0);
    struct parallel *thread = parallel_start(use_and_wait, &guest);
    EXPECT(forked_hear(guest.ends[0]) == USED);
    if (arguments[0] != NULL) {
        plugin.stop();
        plugin.stop();
    }
    EXPECT(dlclose(plugin.library) == 0);
    forked_tell(guest.ends[0], UNLOADED);
    parallel_join(thread);
    fork_a_child();
    EXPECT(parent_send(&order, sizeof order));
    EXPECT(parent_receive(&order, sizeof order));
    return EXIT_SUCCESS;
}

static void check_host(const char *const *arguments, shs_status expected) {
    uint32_t order = 0;
    struct child *host = child_start("host", arguments);
    REQUIRE(host != NULL);
    CHECK(child_receive(host, &order, sizeof order));
    CHECK_STATUS(expected, shs_probe(child_pid(host)));
    (void)child_send(host, &order, sizeof order);
    CHECK_NUMBER(0, (uint64_t)child_wait(host));
}

/* Its thread answers still. */
static void unloaded_while_it_serves(void) { check_host(NULL, SHS_OK); }

static void unloaded_when_it_has_stopped(void) {
    check_host((const char *const[]){ "stop", NULL }, SHS_E_NOT_ATTACHED);
}

static const struct test tests[] = {
    { "a plugin is unloaded while it serves", unloaded_while_it_serves },
    { "a plugin is unloaded when it has stopped", unloaded_when_it_has_stopped },
};

static const struct role roles[] = { { "host", host_role } };

SUITE_WITH_ROLES("plugin", tests, roles, LENGTH(roles))
