/*
 * Blocks between processes: this one, and one or two actors.
 *
 * An actor waits in a read while the test does something with its blocks: in all of these tests, owners that are asked
 * are busy or blocked.
 */
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

static void give_to_another(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle handle = block_new(1, sizes[i], pid);
        CHECK(actor_sees(owner, handle, pid, 1, sizes[i]));
        CHECK_STATUS(SHS_OK, actor_free(owner, handle, pid));
        CHECK_STATUS(SHS_E_HANDLE, block_status(handle, pid));
        CHECK_STATUS(SHS_E_HANDLE, checked_free(handle, pid));
    }
    actor_end(owner);
}

static void take_from_another(void) {
    struct child *giver = actor_start_attached();
    const shs_pid self = shs_self();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        shs_handle handle = 0;
        CHECK_STATUS(SHS_OK, shs_start(NULL));
        CHECK_STATUS(SHS_OK, actor_alloc(giver, 2, sizes[i], self, &handle));
        CHECK(block_holds(handle, self, 2, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_free(handle, self));
        CHECK_STATUS(SHS_E_HANDLE, actor_free(giver, handle, self));
    }
    actor_end(giver);
}

/* Memory that a block of another pattern had before must not show through. */
static void zeros_for_another(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        CHECK_STATUS(SHS_OK, shs_free(block_new(3, sizes[i], pid), pid));
        const shs_handle handle = block_new(0, sizes[i], pid);
        CHECK(actor_sees(owner, handle, pid, 0, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    }
    actor_end(owner);
}

static void bytes_are_shared(void) {
    struct child *owner = actor_start_attached();
    struct child *third = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    uint64_t view = 0;
    uint64_t third_view = 0;
    const shs_handle handle = block_new(1, 5000, pid);
    void *own_view = block_lock(handle, pid, SHS_READ);
    REQUIRE_STATUS(SHS_OK, actor_lock(owner, handle, pid, SHS_READ_WRITE, &view));
    REQUIRE_STATUS(SHS_OK, actor_lock(third, handle, pid, SHS_READ_WRITE, &third_view));
    actor_write(owner, view, 4, 5000);
    CHECK(pattern_matches(own_view, 5000, 4));
    CHECK(actor_matches(third, third_view, 4, 5000));
    actor_write(third, third_view, 5, 5000);
    CHECK(pattern_matches(own_view, 5000, 5));
    CHECK(actor_matches(owner, view, 5, 5000));
    CHECK_STATUS(SHS_OK, actor_unlock(owner, view));
    CHECK_STATUS(SHS_OK, actor_unlock(third, third_view));
    CHECK_STATUS(SHS_OK, shs_unlock(own_view));
    CHECK_STATUS(SHS_OK, actor_free(third, handle, pid));
    actor_end(third);
    actor_end(owner);
}

static void giver_exits_at_once(void) {
    struct child *owner = actor_start_attached();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct child *giver = actor_start();
        const struct actor_request give = {
            .command = ACTOR_ALLOC_EXIT, .number = 6, .size = sizes[i], .pid = child_pid(owner)
        };
        const struct actor_reply reply = actor_ask(giver, give);
        CHECK_STATUS(SHS_OK, (shs_status)reply.status);
        CHECK_NUMBER(0, (uint64_t)child_wait(giver));
        CHECK(actor_sees(owner, reply.handle, child_pid(owner), 6, sizes[i]));
        CHECK(block_holds(reply.handle, child_pid(owner), 6, sizes[i]));
        CHECK_STATUS(SHS_OK, shs_free(reply.handle, child_pid(owner)));
    }
    actor_end(owner);
}

static void giver_crashes(void) {
    struct child *owner = actor_start_attached();
    struct child *giver = actor_start();
    const shs_pid pid = child_pid(owner);
    shs_handle handles[20];
    for (uint32_t i = 0; i < LENGTH(handles); i++) {
        CHECK_STATUS(SHS_OK, actor_alloc(giver, i, i * KIB, pid, &handles[i]));
    }
    actor_kill(giver);
    for (uint32_t i = 0; i < LENGTH(handles); i++) {
        CHECK(block_holds(handles[i], pid, i, i * KIB));
        CHECK(actor_sees(owner, handles[i], pid, i, i * KIB));
        CHECK_STATUS(SHS_OK, actor_free(owner, handles[i], pid));
    }
    actor_end(owner);
}

static void third_process_does_everything(void) {
    struct child *owner = actor_start_attached();
    struct child *giver = actor_start();
    const shs_pid pid = child_pid(owner);
    shs_handle handle = 0;
    REQUIRE_STATUS(SHS_OK, actor_alloc(giver, 1, 300, pid, &handle));
    void *view = block_lock(handle, pid, SHS_READ_WRITE);
    CHECK(pattern_matches(view, 300, 1));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK_STATUS(SHS_E_HANDLE, actor_free(giver, handle, pid));
    CHECK_STATUS(SHS_E_HANDLE, actor_free(owner, handle, pid));
    CHECK(pattern_matches(view, 300, 1));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    actor_end(giver);
    actor_end(owner);
}

static void map_between_three(void) {
    struct child *from = actor_start_attached();
    struct child *to = actor_start_attached();
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        const shs_handle first = block_new(7, sizes[i], child_pid(from));
        shs_handle second = 0;
        REQUIRE_STATUS(SHS_OK, shs_map_handle(first, child_pid(from), child_pid(to), SHS_READ_WRITE, &second));
        CHECK_STATUS(SHS_OK, actor_free(from, first, child_pid(from)));
        CHECK(actor_sees(to, second, child_pid(to), 7, sizes[i]));
        CHECK(actor_sees(from, second, child_pid(to), 7, sizes[i]));
        CHECK(block_holds(second, child_pid(to), 7, sizes[i]));
        CHECK_STATUS(SHS_OK, actor_free(from, second, child_pid(to)));
    }
    actor_end(to);
    actor_end(from);
}

static void map_into_and_out_of_this_process(void) {
    struct child *other = actor_start_attached();
    const shs_pid self = shs_self();
    const shs_pid pid = child_pid(other);
    shs_handle here = 0;
    shs_handle there = 0;
    const shs_handle first = block_new(1, 700, self);
    REQUIRE_STATUS(SHS_OK, shs_map_handle(first, self, pid, SHS_READ_WRITE, &there));
    REQUIRE_STATUS(SHS_OK, actor_map_handle(other, there, pid, self, SHS_READ_WRITE, &here));
    CHECK_STATUS(SHS_OK, shs_free(first, self));
    CHECK_STATUS(SHS_OK, shs_free(there, pid));
    CHECK(actor_sees(other, here, self, 1, 700));
    CHECK_STATUS(SHS_OK, actor_free(other, here, self));
    actor_end(other);
}

static void handle_for_reading_elsewhere(void) {
    struct child *other = actor_start_attached();
    const shs_pid self = shs_self();
    const shs_pid pid = child_pid(other);
    shs_handle reader = 0;
    shs_handle back = 0;
    uint64_t view = 0;
    void *own_view = NULL;
    const shs_handle first = block_new(1, 700, self);
    REQUIRE_STATUS(SHS_OK, shs_map_handle(first, self, pid, SHS_READ, &reader));
    CHECK_STATUS(SHS_E_READ_ONLY, actor_lock(other, reader, pid, SHS_READ_WRITE, &view));
    CHECK_STATUS(SHS_E_READ_ONLY, checked_lock(reader, pid, SHS_READ_WRITE, &own_view, NULL));
    CHECK_STATUS(SHS_E_READ_ONLY, actor_map_handle(other, reader, pid, self, SHS_READ_WRITE, &back));
    CHECK(actor_sees(other, reader, pid, 1, 700));
    REQUIRE_STATUS(SHS_OK, actor_map_handle(other, reader, pid, self, SHS_READ, &back));
    CHECK_STATUS(SHS_E_READ_ONLY, checked_lock(back, self, SHS_READ_WRITE, &own_view, NULL));
    CHECK(block_holds(back, self, 1, 700));
    CHECK_STATUS(SHS_OK, shs_free(reader, pid));
    CHECK_STATUS(SHS_OK, shs_free(back, self));
    CHECK_STATUS(SHS_OK, shs_free(first, self));
    actor_end(other);
}

static void list_of_another(void) {
    struct child *owner = actor_start_attached();
    const shs_pid pid = child_pid(owner);
    const shs_pid giver = system_knows_givers() ? shs_self() : 0;
    static struct shs_block_info blocks[300];
    size_t count = 0;
    for (uint32_t i = 0; i < 200; i++) {
        block_new(i, i, pid);
    }
    REQUIRE_STATUS(SHS_OK, shs_list(pid, blocks, LENGTH(blocks), &count));
    CHECK_NUMBER(200, count);
    for (size_t i = 0; i < count && i < LENGTH(blocks); i++) {
        CHECK(blocks[i].giver == giver && blocks[i].writable != 0);
        CHECK(block_holds(blocks[i].handle, pid, (uint32_t)blocks[i].size, (size_t)blocks[i].size));
        CHECK_STATUS(SHS_OK, shs_free(blocks[i].handle, pid));
    }
    CHECK_STATUS(SHS_OK, shs_list(pid, NULL, 0, &count));
    CHECK_NUMBER(0, count);
    actor_end(owner);
}

static uint32_t viewers_of(shs_handle handle, shs_pid owner) {
    struct shs_block_info blocks[2];
    size_t count = 0;
    CHECK_STATUS(SHS_OK, shs_list(owner, blocks, LENGTH(blocks), &count));
    CHECK(count == 1 && blocks[0].handle == handle);
    return blocks[0].viewers;
}

/* As many processes as have a view, however many views each has. */
static void list_tells_who_looks(void) {
    struct child *owner = actor_start_attached(), *third = actor_start();
    const shs_pid pid = child_pid(owner);
    const shs_handle handle = block_new(1, 10, pid);
    uint64_t seen = 0, written = 0;
    void *view = NULL;
    if (viewers_of(handle, pid) == SHS_VIEWERS_UNKNOWN) {
        skip("this system does not tell who has a view");
    } else {
        CHECK_NUMBER(0, viewers_of(handle, pid));
        CHECK_STATUS(SHS_OK, actor_lock(third, handle, pid, SHS_READ, &seen));
        CHECK_NUMBER(1, viewers_of(handle, pid));
        CHECK_STATUS(SHS_OK, actor_lock(third, handle, pid, SHS_READ_WRITE, &written));
        CHECK_NUMBER(1, viewers_of(handle, pid));
        CHECK_STATUS(SHS_OK, shs_lock(handle, pid, SHS_READ, &view, NULL));
        CHECK_NUMBER(2, viewers_of(handle, pid));
        CHECK_STATUS(SHS_OK, actor_unlock(third, seen));
        CHECK_STATUS(SHS_OK, actor_unlock(third, written));
        CHECK_NUMBER(1, viewers_of(handle, pid));
        CHECK_STATUS(SHS_OK, actor_lock(owner, handle, pid, SHS_READ, &seen));
        CHECK_NUMBER(2, viewers_of(handle, pid));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        CHECK_STATUS(SHS_OK, actor_unlock(owner, seen));
        CHECK_NUMBER(0, viewers_of(handle, pid));
    }
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    actor_end(third);
    actor_end(owner);
}

/* The owner's own call waits for a process that does not answer; its blocks are there for others all the same. */
static void owner_is_blocked_in_a_call(void) {
    if (!actors_can_be_held()) return;
    struct child *owner = actor_start();
    struct child *held = actor_start_attached();
    const shs_handle never_seen = block_new(1, 10, child_pid(held));
    const struct actor_request start = { .command = ACTOR_START, .size = 60000 };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, start).status);
    REQUIRE(child_pause(held));
    actor_tell(owner, (struct actor_request){ .command = ACTOR_LOCK, .handle = never_seen, .pid = child_pid(held) });
    for (uint32_t i = 0; i < 20; i++) {
        const shs_handle handle = block_new(i, 5 * KIB, child_pid(owner));
        CHECK(block_holds(handle, child_pid(owner), i, 5 * KIB));
        CHECK_STATUS(SHS_OK, shs_free(handle, child_pid(owner)));
    }
    CHECK(child_resume(held));
    const struct actor_reply reply = actor_hear(owner);
    CHECK_STATUS(SHS_OK, (shs_status)reply.status);
    CHECK_STATUS(SHS_OK, actor_unlock(owner, reply.view));
    actor_end(owner);
    actor_end(held);
}

static const struct test tests[] = {
    { "give to another process", give_to_another },
    { "take from another process", take_from_another },
    { "zeros for another process", zeros_for_another },
    { "three processes share the bytes", bytes_are_shared },
    { "the giver exits at once", giver_exits_at_once },
    { "the giver is killed", giver_crashes },
    { "a third process locks and frees", third_process_does_everything },
    { "map between three processes", map_between_three },
    { "map out of this process and back", map_into_and_out_of_this_process },
    { "a handle for reading stays one elsewhere", handle_for_reading_elsewhere },
    { "list another process's blocks", list_of_another },
    { "a list tells who looks", list_tells_who_looks },
    { "the owner is blocked in a call of its own", owner_is_blocked_in_a_call },
};

SUITE("processes", tests)
