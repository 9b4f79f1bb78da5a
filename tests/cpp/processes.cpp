/*
 * The C++ headers between processes: what goes over to the owner, what comes from a giver, and who has ended.
 */
#include <cstdint>
#include <string>
#include <utility>

#include "suite.hpp"

using shshared::block, shshared::view;

#define SIZE 1000

static shs_pid start_attached(child *&other) {
    other = actor_start_attached();
    return child_pid(other);
}

/* What most givers do: the handle goes over, and the owner frees. */
static void a_released_block_is_the_owners() {
    child *other = nullptr;
    const shs_pid owner = start_attached(other);
    auto [made, bytes] = shshared::alloc_locked(SIZE, owner);
    CHECK(made.owner() == owner);
    pattern_fill(bytes.data(), bytes.size(), 1);
    bytes.unlock();
    const shs_handle handle = made.release();
    made = block();
    CHECK(actor_sees(other, handle, owner, 1, SIZE));
    CHECK_STATUS(SHS_OK, actor_free(other, handle, owner));
    actor_end(other);
}

static void a_block_that_is_not_released_is_freed_in_its_owner() {
    child *other = nullptr;
    std::uint64_t address = 0;
    const shs_pid owner = start_attached(other);
    shs_handle handle = 0;
    {
        const block made = shshared::alloc(std::string(SIZE, 'a'), owner);
        handle = made.get();
        CHECK_NUMBER(1, shshared::list(owner).size());
        CHECK_STATUS(SHS_OK, actor_lock(other, handle, owner, SHS_READ, &address));
    }
    CHECK_STATUS(SHS_E_HANDLE, block_status(handle, owner));
    CHECK(shshared::list(owner).empty());
    CHECK_STATUS(SHS_OK, actor_unlock(other, address));
    actor_end(other);
}

/* The other way: a handle comes by message, and is adopted; its giver has ended. */
static void what_came_by_message_is_adopted() {
    shs_handle handle = 0;
    const shshared::session library = shshared::start();
    child *giver = actor_start();
    CHECK_STATUS(SHS_OK, actor_alloc(giver, 2, SIZE, shshared::self(), &handle));
    actor_end(giver);
    {
        const block taken(shshared::adopt, handle, shshared::self());
        const view seen = taken.lock();
        CHECK_NUMBER(SIZE, seen.size());
        CHECK(pattern_matches(seen.data(), seen.size(), 2));
    }
    CHECK(shshared::list(shshared::self()).empty());
}

static void a_mapped_handle_is_a_block_of_its_own() {
    child *other = nullptr;
    const shs_pid owner = start_attached(other), self = shshared::self();
    shs_handle handle = 0;
    {
        const block made = shshared::alloc_zeroed(SIZE, self);
        block mapped = shshared::map_handle(made.get(), self, owner, SHS_READ);
        CHECK(mapped.owner() == owner);
        handle = mapped.release();
        pattern_fill(made.lock_writable().data(), SIZE, 3);
    }
    CHECK(shshared::list(self).empty());
    CHECK(actor_sees(other, handle, owner, 3, SIZE));
    std::error_code error;
    CHECK(!shshared::lock_writable(handle, owner, error) && error == SHS_E_READ_ONLY);
    const block left(shshared::adopt, handle, owner);
    const std::vector<shs_block_info> listed = shshared::list(owner);
    CHECK(listed.size() == 1 && listed[0].handle == handle && listed[0].size == SIZE && listed[0].writable == 0);
    actor_end(other);
}

static void a_view_shows_what_others_write() {
    child *other = nullptr;
    std::uint64_t address = 0;
    const shs_pid owner = start_attached(other);
    block made = shshared::alloc_zeroed(SIZE, owner);
    const view seen = made.lock();
    CHECK_STATUS(SHS_OK, actor_lock(other, made.get(), owner, SHS_READ_WRITE, &address));
    actor_write(other, address, 4, SIZE);
    CHECK(pattern_matches(seen.data(), seen.size(), 4));
    actor_kill(other);
    CHECK(pattern_matches(seen.data(), seen.size(), 4));
    std::error_code error;
    CHECK(!made.free(error) && error == SHS_E_NO_PROCESS && !made);
}

/* The one that starts while it is waited for, and the one that has ended. */
static void wait_tells_who_takes_blocks() {
    std::error_code error;
    child *other = actor_start();
    const shs_pid pid = child_pid(other);
    actor_request start = {};
    start.command = ACTOR_START;
    start.size = 60000;
    actor_tell(other, start);
    shshared::wait(pid, std::chrono::minutes(1));
    CHECK(shshared::wait(pid, std::chrono::seconds(0), error) && !error);
    CHECK(shshared::probe(pid, error) && !error);
    shshared::probe(pid);
    CHECK_NUMBER(SHS_OK, static_cast<std::uint64_t>(actor_hear(other).status));
    actor_kill(other);
    CHECK(!shshared::wait(pid, std::chrono::minutes(1), error) && error == SHS_E_NO_PROCESS);
    CHECK(thrown_by([&] { shshared::wait(pid, std::chrono::minutes(1)); }) == std::errc::no_such_process);
    CHECK(!shshared::probe(pid, error) && error == SHS_E_NO_PROCESS);
    CHECK(thrown_by([&] { shshared::probe(pid); }) == SHS_E_NO_PROCESS);
    CHECK(thrown_by([&] { (void)shshared::list(pid); }) == SHS_E_NO_PROCESS);
    CHECK(thrown_by([&] { (void)shshared::alloc_zeroed(1, pid); }) == SHS_E_NO_PROCESS);
}

static const struct test tests[] = {
    TEST("a released block is the owner's", a_released_block_is_the_owners),
    TEST("a block that is not released is freed in its owner", a_block_that_is_not_released_is_freed_in_its_owner),
    TEST("what came by message is adopted", what_came_by_message_is_adopted),
    TEST("a mapped handle is a block of its own", a_mapped_handle_is_a_block_of_its_own),
    TEST("a view shows what others write", a_view_shows_what_others_write),
    TEST("wait tells who takes blocks", wait_tells_who_takes_blocks),
};

SUITE_WITH_ROLES("cpp_processes", tests, nullptr, 0)
