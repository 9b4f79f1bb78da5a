/*
 * Views of blocks of this process: what lock gives, and how long it stays.
 */
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

#define ALIGNMENT 64

static void views_are_aligned(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle handle = block_new(0, sizes[i], self);
        void *view = block_lock(handle, self, SHS_READ);
        CHECK(view != NULL && (uintptr_t)view % ALIGNMENT == 0);
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

/* For reading and for writing, for who wants it and who does not; in a third process, too. */
static void the_size_comes_with_the_view(void) {
    const shs_pid self = shs_self();
    struct child *other = actor_start_attached();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle handle = block_new(0, sizes[i], self);
        const struct actor_request lock = { .command = ACTOR_LOCK, .handle = handle, .pid = self };
        for (int access = SHS_READ; access <= SHS_READ_WRITE; access++) {
            size_t size = sizes[i] + 1;
            void *view = NULL, *again = NULL;
            REQUIRE_STATUS(SHS_OK, shs_lock(handle, self, (shs_access)access, &view, &size));
            CHECK_NUMBER(sizes[i], size);
            REQUIRE_STATUS(SHS_OK, shs_lock(handle, self, (shs_access)access, &again, NULL));
            CHECK_STATUS(SHS_OK, shs_unlock((const void *)view));
            CHECK_STATUS(SHS_OK, shs_unlock(again));
        }
        const struct actor_reply reply = actor_ask(other, lock);
        CHECK_NUMBER(sizes[i], reply.size);
        CHECK_STATUS(SHS_OK, actor_unlock(other, reply.view));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
    actor_end(other);
}

static void writes_are_seen(void) {
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(1, KIB, self);
    void *writer = block_lock(handle, self, SHS_READ_WRITE);
    void *reader = block_lock(handle, self, SHS_READ);
    pattern_fill(writer, KIB, 2);
    CHECK(pattern_matches(reader, KIB, 2));
    CHECK_STATUS(SHS_OK, shs_unlock(writer));
    CHECK(pattern_matches(reader, KIB, 2));
    CHECK_STATUS(SHS_OK, shs_unlock(reader));
    CHECK(block_holds(handle, self, 2, KIB));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
}

static void two_locks_two_unlocks(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle handle = block_new(3, sizes[i], self);
        void *first = block_lock(handle, self, SHS_READ_WRITE);
        void *second = block_lock(handle, self, SHS_READ_WRITE);
        CHECK_STATUS(SHS_OK, shs_unlock(first));
        CHECK(pattern_matches(second, sizes[i], 3));
        CHECK_STATUS(SHS_OK, shs_unlock(second));
        CHECK_STATUS(SHS_E_VIEW, shs_unlock(first));
        CHECK_STATUS(SHS_E_VIEW, shs_unlock(second));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
    }
}

static void many_locks_of_one_block(void) {
    static void *views[1000];
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(1, 100, self);
    for (size_t i = 0; i < LENGTH(views); i++) {
        views[i] = block_lock(handle, self, i % 2 == 0 ? SHS_READ : SHS_READ_WRITE);
    }
    for (size_t i = 0; i < LENGTH(views); i++) {
        CHECK(pattern_matches(views[i], 100, 1));
        CHECK_STATUS(SHS_OK, shs_unlock(views[i]));
    }
    CHECK_STATUS(SHS_E_VIEW, shs_unlock(views[0]));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
}

static void check_first_byte(size_t whole, shs_access access) {
    const shs_pid self = shs_self();
    size_t size = 0;
    const shs_handle handle = block_new(4, whole, self);
    char *view = block_lock(handle, self, access);
    const size_t inside[] = { 1, 4, ALIGNMENT, 4096, whole / 2, whole - 1, whole };
    for (size_t i = 0; i < LENGTH(inside); i++) {
        CHECK_STATUS(SHS_E_VIEW, shs_unlock(view + inside[i]));
        CHECK_STATUS(SHS_E_VIEW, shs_view_size(view + inside[i], &size));
    }
    CHECK_STATUS(SHS_E_VIEW, shs_unlock(&size));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_E_VIEW, shs_view_size(view, &size)); /* the block lives, but is not locked */
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
}

/* Of a block among others, and of one that is alone in its memory. */
static void unlock_takes_the_first_byte_only(void) {
    static const size_t wholes[] = { 10 * KIB, MIB };
    for (size_t i = 0; i < LENGTH(wholes); i++) {
        check_first_byte(wholes[i], SHS_READ);
        check_first_byte(wholes[i], SHS_READ_WRITE);
    }
}

static void views_outlive_free(void) {
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle handle = block_new(5, sizes[i], self);
        void *view = block_lock(handle, self, SHS_READ);
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
        CHECK_STATUS(SHS_E_HANDLE, block_status(handle, self));
        CHECK_STATUS(SHS_E_HANDLE, checked_free(handle, self));
        const shs_handle next = block_new(6, sizes[i], self);
        CHECK(pattern_matches(view, sizes[i], 5));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        CHECK(block_holds(next, self, 6, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_free(next, self));
    }
}

static void reading_view_faults_on_write(void) {
    const size_t some[] = { 1, 100, 5000, MIB };
    for (size_t i = 0; i < LENGTH(some); i++) {
        struct child *actor = actor_start_attached();
        uint64_t view = 0;
        const shs_handle handle = block_new(1, some[i], child_pid(actor));
        CHECK_STATUS(SHS_OK, actor_lock(actor, handle, child_pid(actor), SHS_READ, &view));
        actor_tell(actor, (struct actor_request){ .command = ACTOR_WRITE_FAULT, .view = view, .size = 1, .number = 2 });
        CHECK_NUMBER(CHILD_FAULTED, (uint64_t)child_wait(actor));
    }
}

static const struct test tests[] = {
    { "views are aligned and never null", views_are_aligned },
    { "the size comes with the view", the_size_comes_with_the_view },
    { "writes are seen through every view", writes_are_seen },
    { "two locks need two unlocks", two_locks_two_unlocks },
    { "a thousand locks of one block", many_locks_of_one_block },
    { "unlock takes the first byte of a view only", unlock_takes_the_first_byte_only },
    { "views outlive free", views_outlive_free },
    { "a view for reading faults on writing", reading_view_faults_on_write },
};

SUITE("views", tests)
