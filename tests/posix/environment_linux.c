/*
 * The environment belongs to the program, which may change it at any time, while another thread reads it or not: so the
 * library reads it when it attaches, in the thread of the call, and never again. The linker leads its look here.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/sandbox.h"
#include "support/sizes.h"
#include "support/suite.h"

static atomic_uint looks;        /* at the environment */
static atomic_uint others_looks; /* by another thread than the test's */
static pthread_t test_thread;

char *__real_secure_getenv(const char *name);
char *__wrap_secure_getenv(const char *name);
char *__real_getenv(const char *name);
char *__wrap_getenv(const char *name);

static void note_look(void) {
    atomic_fetch_add(&looks, 1);
    if (!pthread_equal(pthread_self(), test_thread)) atomic_fetch_add(&others_looks, 1);
}

char *__wrap_secure_getenv(const char *name) {
    note_look();
    return __real_secure_getenv(name);
}

/* The library's where the system has no other, and the test's. */
char *__wrap_getenv(const char *name) {
    if (strncmp(name, "SHSHARED_", strlen("SHSHARED_")) == 0) note_look();
    return __real_getenv(name);
}

static void begin(void) {
    test_thread = pthread_self();
    atomic_store(&looks, 0);
    atomic_store(&others_looks, 0);
}

/* All that makes memory objects, or looks for another process, on either side. */
static void call_everything(struct child *other) {
    const shs_pid self = shs_self();
    shs_handle mapped = 0;
    uint64_t view = 0;
    const shs_handle own = block_new(1, MIB, self), given = block_new(2, MIB, child_pid(other));
    CHECK_STATUS(SHS_OK, actor_lock(other, own, self, SHS_READ, &view));
    CHECK_STATUS(SHS_OK, actor_unlock(other, view));
    CHECK_STATUS(SHS_OK, actor_map_handle(other, own, self, self, SHS_READ_WRITE, &mapped));
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, (struct actor_request){ ACTOR_LIST, .pid = self }).status);
    CHECK_STATUS(SHS_OK, shs_free(mapped, self));
    CHECK_STATUS(SHS_OK, shs_free(own, self));
    CHECK_STATUS(SHS_OK, shs_free(given, child_pid(other)));
}

static void it_is_read_by_who_starts(void) {
    struct child *other = actor_start_attached();
    begin();
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK(atomic_load(&looks) > 0);
    CHECK_NUMBER(0, atomic_load(&others_looks));
    begin();
    call_everything(other);
    CHECK_NUMBER(0, atomic_load(&looks));
    actor_end(other);
}

static void what_is_changed_counts_from_the_next_start_on(void) {
    struct child *first = actor_start_attached(), *second = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(first)));
    sandbox_use("/proc/1/shshared");
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(second)));
    shs_stop();
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_start(NULL));
    sandbox_use(sandbox_path());
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(first)));
    actor_end(second);
    actor_end(first);
}

static const struct test tests[] = {
    { "the environment is read by who starts", it_is_read_by_who_starts },
    { "what is changed in it counts from the next start on", what_is_changed_counts_from_the_next_start_on },
};

SUITE("environment", tests)
