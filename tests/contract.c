/*
 * The contract of backend.h, as every backend must keep it: called directly, past the checks of the neutral half.
 *
 * One pass over each function, for blocks of this process and of another; what goes deeper is in the suites that use
 * the public functions.
 */
#include <errno.h>
#include <string.h>

#include "backend.h"
#include "support/actor.h"
#include "support/parallel.h"
#include "support/suite.h"

#define UNTOUCHED 0x5A5A5A5Au

static const char text[] = "the bytes of a block";
static const struct contents of_text = { text, sizeof text, sizeof text };

static void one_block_lives_through_everything(shs_pid owner) {
    shs_handle handle = 0;
    void *view = NULL;
    size_t size = 0;
    REQUIRE_STATUS(SHS_OK, shs__backend_alloc(&of_text, owner, &handle));
    CHECK(handle != 0 && handle % 4 == 0 && handle >> 31 == 0);
    REQUIRE_STATUS(SHS_OK, shs__backend_lock(handle, owner, SHS_READ_WRITE, &view, &size));
    CHECK_NUMBER(sizeof text, size);
    size = 0;
    CHECK(memcmp(view, text, sizeof text) == 0);
    CHECK_STATUS(SHS_OK, shs__backend_view_size(view, &size));
    CHECK_NUMBER(sizeof text, size);
    CHECK_STATUS(SHS_OK, shs__backend_free(handle, owner));
    CHECK_STATUS(SHS_E_HANDLE, shs__backend_free(handle, owner));
    CHECK(memcmp(view, text, sizeof text) == 0);
    CHECK_STATUS(SHS_OK, shs__backend_unlock(view));
    CHECK_STATUS(SHS_E_VIEW, shs__backend_unlock(view));
    CHECK_STATUS(SHS_E_VIEW, shs__backend_view_size(view, &size));
}

static void own_block(void) { one_block_lives_through_everything(shs__backend_self()); }

static void block_of_another(void) {
    struct child *owner = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs__backend_probe(child_pid(owner)));
    one_block_lives_through_everything(child_pid(owner));
    actor_end(owner);
}

static void options_can_change(void) {
    struct shs_options options = shs__options_default;
    CHECK_STATUS(SHS_OK, shs__backend_start(&options));
    options.timeout_ms = 500;
    options.retain = SHS_RETAIN_NOTHING;
    CHECK_STATUS(SHS_OK, shs__backend_start(&options));
    CHECK_STATUS(SHS_OK, shs__backend_probe(shs__backend_self()));
    shs__backend_stop();
    shs__backend_stop();
}

static int admit_nobody(void *context, const struct shs_admit_request *request) {
    (void)context, (void)request;
    return 0;
}

/* One rule for every field: what is not zero wins, a zero leaves what is there. */
static void the_last_one_who_says_something_wins(void) {
    struct shs_options set = shs__options_default;
    int first, second;
    shs__options_merge(&set, &(struct shs_options){ .timeout_ms = 10, .retain = 20, .own_pages = 1 });
    shs__options_merge(&set, &(struct shs_options){ .service = SHS_SERVE_APPLICATION, .timeout_ms = 30 });
    shs__options_merge(&set, &(struct shs_options){ .admit = admit_nobody, .admit_context = &first });
    shs__options_merge(&set, &(struct shs_options){ .admit_context = &second });
    CHECK_NUMBER(SHS_SERVE_APPLICATION, set.service);
    CHECK_NUMBER(30, set.timeout_ms);
    CHECK_NUMBER(20, set.retain);
    CHECK_NUMBER(1, set.own_pages);
    CHECK(set.admit == admit_nobody && set.admit_context == &first);
    shs__options_merge(&set, &(struct shs_options){ .retain = SHS_RETAIN_NOTHING });
    CHECK_NUMBER(0, set.retain);
    shs__options_merge(&set, &(struct shs_options){ .retain = SHS_RETAIN_DEFAULT, .service = SHS_SERVE_THREAD });
    CHECK_NUMBER(64u << 20, set.retain);
    CHECK_NUMBER(SHS_SERVE_THREAD, set.service);
}

static void nothing_is_left_after_stop(void) {
    const shs_pid self = shs__backend_self();
    shs_handle handle = 0;
    void *view = NULL;
    size_t size = 0;
    REQUIRE_STATUS(SHS_OK, shs__backend_alloc(&of_text, self, &handle));
    REQUIRE_STATUS(SHS_OK, shs__backend_lock(handle, self, SHS_READ, &view, &size));
    shs__backend_stop();
    CHECK(memcmp(view, text, sizeof text) == 0);
    CHECK_STATUS(SHS_OK, shs__backend_unlock(view));
    CHECK_STATUS(SHS_E_HANDLE, shs__backend_lock(handle, self, SHS_READ, &view, &size));
}

static void second_handle(void) {
    const shs_pid self = shs__backend_self();
    shs_handle first = 0;
    shs_handle second = 0;
    void *view = NULL;
    size_t size = 0;
    REQUIRE_STATUS(SHS_OK, shs__backend_alloc(&of_text, self, &first));
    REQUIRE_STATUS(SHS_OK, shs__backend_map_handle(first, self, self, SHS_READ, &second));
    CHECK(first != second);
    CHECK_STATUS(SHS_OK, shs__backend_free(first, self));
    CHECK_STATUS(SHS_E_READ_ONLY, shs__backend_lock(second, self, SHS_READ_WRITE, &view, &size));
    REQUIRE_STATUS(SHS_OK, shs__backend_lock(second, self, SHS_READ, &view, &size));
    CHECK(memcmp(view, text, sizeof text) == 0);
    CHECK_STATUS(SHS_OK, shs__backend_unlock(view));
    CHECK_STATUS(SHS_OK, shs__backend_free(second, self));
}

static void failure_writes_no_output(void) {
    const shs_pid self = shs__backend_self();
    const shs_handle never = 0x7FFFFFFC;
    shs_handle handle = UNTOUCHED;
    void *view = &handle;
    size_t size = UNTOUCHED;
    CHECK_STATUS(SHS_E_HANDLE, shs__backend_lock(never, self, SHS_READ, &view, &size));
    CHECK(view == &handle);
    CHECK_NUMBER(UNTOUCHED, size);
    CHECK_STATUS(SHS_E_HANDLE, shs__backend_map_handle(never, self, self, SHS_READ, &handle));
    CHECK_STATUS(SHS_E_NO_PROCESS, shs__backend_alloc(&of_text, UINT32_MAX, &handle));
    CHECK_NUMBER(UNTOUCHED, handle);
    CHECK_STATUS(SHS_E_VIEW, shs__backend_view_size(&handle, &size));
    CHECK_STATUS(SHS_E_NO_PROCESS, shs__backend_list(UINT32_MAX, NULL, 0, &size));
    CHECK_NUMBER(UNTOUCHED, size);
}

/* That is what a peer's answer is compared with. */
static void the_last_status_is_known(void) {
    CHECK(strcmp("SHS_E_UNKNOWN", shs_status_name((shs_status)STATUS_LAST)) != 0);
    CHECK(strcmp("SHS_E_UNKNOWN", shs_status_name((shs_status)(STATUS_LAST - 1))) == 0);
}

static void fail_otherwise(void *unused) {
    (void)unused;
    (void)shs__backend_error(SHS_E_LIMIT, 42);
}

static void errors_are_of_their_thread(void) {
    (void)shs__backend_error(SHS_E_ACCESS, 4711);
    parallel_run(1, fail_otherwise, NULL);
    CHECK(shs_native_error() == 4711);
}

static void errors_are_kept_apart_from_errno(void) {
    errno = ERANGE;
    CHECK_STATUS(SHS_E_ACCESS, shs__backend_error(SHS_E_ACCESS, 4711));
    CHECK(shs_native_error() == 4711);
    CHECK(errno == ERANGE);
    CHECK_STATUS(SHS_OK, shs_probe(shs_self()));
    CHECK(shs_native_error() == 4711);
}

/* What is refused before the backend sees it is no system's failure, whatever failed before. */
static void refused(shs_status expected, shs_status status) {
    CHECK_STATUS(expected, status);
    CHECK(shs_native_error() == 0);
    (void)shs__backend_error(SHS_E_SYSTEM, 4711);
}

static void refusals_have_no_native_error(void) {
    const shs_pid self = shs_self();
    shs_handle handle = 4, none = 0;
    size_t size = 0;
    void *view = NULL;
    struct shs_options options = SHS_OPTIONS_INIT;
    options.size = 0;
    (void)shs__backend_error(SHS_E_SYSTEM, 4711);
    refused(SHS_E_ARGUMENT, shs_start(&options));
    refused(SHS_E_ARGUMENT, shs_alloc(NULL, 1, self, NULL));
    refused(SHS_E_NO_PROCESS, shs_alloc(NULL, 1, 0, &none));
    refused(SHS_E_ARGUMENT, shs_alloc_room(NULL, 1, 1, self, NULL));
    refused(SHS_E_ARGUMENT, shs_alloc_room(NULL, 2, 1, self, &none));
    refused(SHS_E_NO_PROCESS, shs_alloc_room(NULL, 1, 2, 0, &none));
    refused(SHS_E_ARGUMENT, shs_alloc_locked(1, self, &none, NULL));
    refused(SHS_E_NO_PROCESS, shs_alloc_locked(1, 0, &none, &view));
    refused(SHS_E_ARGUMENT, shs_lock(handle, self, SHS_READ, NULL, NULL));
    refused(SHS_E_HANDLE, shs_lock(handle + 1, self, SHS_READ, &view, NULL));
    refused(SHS_E_HANDLE, shs_lock(handle | UINT32_C(1) << 31, UINT32_MAX, SHS_READ, &view, NULL));
    refused(SHS_E_NO_PROCESS, shs_lock(handle, 0, SHS_READ, &view, NULL));
    refused(SHS_E_VIEW, shs_unlock(NULL));
    refused(SHS_E_HANDLE, shs_free(handle + 1, self));
    refused(SHS_E_ARGUMENT, shs_map_handle(handle, self, self, SHS_READ, NULL));
    refused(SHS_E_NO_PROCESS, shs_map_handle(handle, self, 0, SHS_READ, &none)); /* whether there is the block or not */
    refused(SHS_E_ARGUMENT, shs_view_size(&view, NULL));
    refused(SHS_E_VIEW, shs_view_size(NULL, &size));
    refused(SHS_E_NO_PROCESS, shs_probe(0));
    refused(SHS_E_NO_PROCESS, shs_wait(0, 1));
    refused(SHS_E_ARGUMENT, shs_list(self, NULL, 1, &size));
    refused(SHS_E_NO_PROCESS, shs_list(0, NULL, 0, &size));
    CHECK(none == 0 && view == NULL);
}

static void a_thread_serves(void) {
    CHECK_STATUS(SHS_OK, shs__backend_start(&shs__options_default));
    CHECK(shs__backend_poll_fd() == -1);
    CHECK_STATUS(SHS_OK, shs__backend_dispatch());
}

static const struct test tests[] = {
    { "a block of this process", own_block },
    { "a block of another process", block_of_another },
    { "options can change, stop can be repeated", options_can_change },
    { "the last one who says something wins", the_last_one_who_says_something_wins },
    { "handles end with stop, views do not", nothing_is_left_after_stop },
    { "a second handle for reading", second_handle },
    { "a failure writes no output", failure_writes_no_output },
    { "the last status is known", the_last_status_is_known },
    { "the native error is of its thread", errors_are_of_their_thread },
    { "the native error is kept apart from errno", errors_are_kept_apart_from_errno },
    { "refusals have no native error", refusals_have_no_native_error },
    { "with a service thread there is nothing to watch", a_thread_serves },
};

SUITE("contract", tests)
