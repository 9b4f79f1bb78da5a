/*
 * What shs_start() can be told, and what comes of it.
 */
#include <stddef.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/leaks.h"
#include "support/sizes.h"
#include "support/suite.h"

#define PAGE 4096u

static void free_many_large(shs_pid owner) {
    shs_handle handles[60];
    for (size_t i = 0; i < LENGTH(handles); i++) {
        handles[i] = block_new(1, 3 * MIB, owner);
    }
    for (size_t i = 0; i < LENGTH(handles); i++) {
        CHECK_STATUS(SHS_OK, shs_free(handles[i], owner));
    }
    CHECK_STATUS(SHS_OK, shs_free(block_new(1, 20 * MIB, owner), owner));
}

static void nothing_is_retained(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct leaks before;
    struct child *owner = actor_start_attached();
    options.retain = SHS_RETAIN_NOTHING;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner)));
    leaks_measure(&before);
    free_many_large(shs_self());
    free_many_large(child_pid(owner));
    CHECK(leaks_mappings_fall_to(before.mappings + 10));
    actor_end(owner);
}

/* 60 blocks of 3 MiB were there. 64 MiB may stay, and a quarter more for a while; each has up to three mappings. */
static void little_is_retained(void) {
    struct leaks before;
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    leaks_measure(&before);
    free_many_large(shs_self());
    CHECK(leaks_mappings_fall_to(before.mappings + 81));
}

static bool share_a_page(const void *one, const void *other) {
    return (uintptr_t)one / PAGE == (uintptr_t)other / PAGE;
}

static void blocks_have_pages_of_their_own(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *owner = actor_start_attached();
    const shs_pid owners[] = { shs_self(), child_pid(owner) };
    options.own_pages = 1;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    for (size_t i = 0; i < LENGTH(owners); i++) {
        const shs_handle one = block_new(1, 100, owners[i]);
        const shs_handle other = block_new(2, 100, owners[i]);
        void *view = block_lock(one, owners[i], SHS_READ_WRITE);
        void *other_view = block_lock(other, owners[i], SHS_READ_WRITE);
        CHECK(!share_a_page(view, other_view));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        CHECK_STATUS(SHS_OK, shs_unlock(other_view));
        CHECK_STATUS(SHS_OK, shs_free(one, owners[i]));
        CHECK_STATUS(SHS_OK, shs_free(other, owners[i]));
    }
    actor_end(owner);
}

/* What it says nothing about may be there; what it wants and this library does not know must be refused. */
static void a_later_version_knows_more(void) {
    struct {
        struct shs_options known;
        unsigned char unknown[24];
    } later = { .known = SHS_OPTIONS_INIT };
    later.known.size = sizeof later;
    CHECK_STATUS(SHS_OK, shs_start(&later.known));
    for (size_t i = 0; i < sizeof later.unknown; i++) {
        later.unknown[i] = 1;
        CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&later.known));
        later.unknown[i] = 0;
    }
    later.known.size = UINT32_MAX; /* is not read to its end: the first byte beyond is refused */
    later.unknown[0] = 1;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&later.known));
}

/* A structure of version 0.2: what lies behind it is somebody else's. */
static void an_earlier_version_knows_less(void) {
    struct shs_options earlier = SHS_OPTIONS_INIT;
    earlier.size = offsetof(struct shs_options, await_starting);
    earlier.await_starting = earlier.reserved = UINT32_MAX;
    CHECK_STATUS(SHS_OK, shs_start(&earlier));
    earlier.size--;
    CHECK_STATUS(SHS_E_ARGUMENT, shs_start(&earlier));
}

/* Every field has a place of its own that no compiler moves, without holes. */
static void the_structure_has_no_holes(void) {
    CHECK_NUMBER(40 + 2 * sizeof(void *), sizeof(struct shs_options));
    CHECK_NUMBER(16, offsetof(struct shs_options, retain));
    CHECK_NUMBER(24, offsetof(struct shs_options, take_limit));
    CHECK_NUMBER(32, offsetof(struct shs_options, admit));
    CHECK_NUMBER(32 + 2 * sizeof(void *), offsetof(struct shs_options, await_starting));
}

/* Blocks and connections stay what they are while the service changes. */
static void service_changes_while_it_runs(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child *other = actor_start_attached();
    const shs_handle handle = block_new(1, 100, shs_self());
    options.service = SHS_SERVE_APPLICATION;
    const shs_status status = shs_start(&options);
    if (status == SHS_E_UNSUPPORTED) skip("this system needs no service");
    if (status != SHS_E_UNSUPPORTED) {
        CHECK_STATUS(SHS_OK, status);
        CHECK(shs_poll_fd() >= 0);
    }
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    options.service = SHS_SERVE_DEFAULT;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK((shs_poll_fd() >= 0) == (status == SHS_OK)); /* who wants nothing changes nothing */
    options.service = SHS_SERVE_THREAD;
    CHECK_STATUS(SHS_OK, shs_start(&options));
    CHECK(shs_poll_fd() == -1);
    CHECK(actor_sees(other, handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    actor_end(other);
}

static const struct test tests[] = {
    { "nothing is retained", nothing_is_retained },
    { "no more than 64 MiB is retained", little_is_retained },
    { "blocks have pages of their own", blocks_have_pages_of_their_own },
    { "a later version knows more options", a_later_version_knows_more },
    { "an earlier version knows fewer options", an_earlier_version_knows_less },
    { "the structure has no holes", the_structure_has_no_holes },
    { "the service changes while it runs", service_changes_while_it_runs },
};

SUITE("options", tests)
