/*
 * A shared folder for a test. See commons.h.
 */
#include "commons.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/sandbox.h"
#include "support/suite.h"

static char folder[] = "/tmp/shs-folder-XXXXXX";

bool commons_make(mode_t mode, uid_t user) {
    if (geteuid() != 0) {
        skip("only root can become another user");
        return false;
    }
    snprintf(folder, sizeof folder, "%s", "/tmp/shs-folder-XXXXXX");
    REQUIRE(mkdtemp(folder) != NULL && chown(folder, user, TEAM) == 0 && chmod(folder, mode) == 0);
    return true;
}

const char *commons_path(void) { return folder; }

void commons_use(const char *path) { snprintf(folder, sizeof folder, "%s", path); }

void commons_remove(void) {
    char command[sizeof folder + 16];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0); /* NOLINT(cert-env33-c): a folder that the test made */
}

struct child *user_start(uint32_t user, uint32_t group) {
    struct child *actor = actor_start();
    struct actor_request where = { .command = ACTOR_DIRECTORY };
    const struct actor_request become = { .command = ACTOR_BECOME, .number = user, .other = group };
    snprintf(where.text, sizeof where.text, "%s", folder);
    REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(actor, where).status);
    REQUIRE_STATUS(SHS_OK, (shs_status)actor_ask(actor, become).status);
    return actor;
}

shs_status user_attach(struct child *user, uint32_t admits) {
    return (shs_status)actor_ask(user, (struct actor_request){ .command = ACTOR_START, .access = admits }).status;
}

struct child *user_start_attached(uint32_t user, uint32_t group, uint32_t admits) {
    struct child *actor = user_start(user, group);
    REQUIRE_STATUS(SHS_OK, user_attach(actor, admits));
    return actor;
}

static int admit(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 1;
}

shs_status start_admitting(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.admit = admit;
    sandbox_use(folder);
    return shs_start(&options);
}
