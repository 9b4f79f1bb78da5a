/*
 * The C++ headers in one process: what the objects own goes back to the library, and no other's with it.
 */
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "suite.hpp"

using shshared::block, shshared::view, shshared::writable_view;

static std::string_view text_of(const view &seen) { return { seen.as<char>(), seen.size() }; }

static std::size_t blocks_here() { return shshared::list(shshared::self()).size(); }

static void blocks_hold_what_was_given() {
    const shs_pid self = shshared::self();
    const std::vector<std::uint32_t> numbers = { 1, 2, 3, 0xFFFFFFFF };
    const block text = shshared::alloc(std::string_view("given"), self);
    const block bytes = shshared::alloc(numbers, self);
    const block copy = shshared::alloc(bytes.lock(), self);
    const block zeros = shshared::alloc_zeroed(100, self);
    const block nothing = shshared::alloc(std::string(), self);
    CHECK(text_of(text.lock()) == "given");
    CHECK_NUMBER(16, bytes.lock().size());
    CHECK_NUMBER(3, bytes.lock().read<std::uint32_t>(8));
    CHECK(std::equal(numbers.begin(), numbers.end(), copy.lock().as<std::uint32_t>()));
    const view seen = zeros.lock();
    CHECK_NUMBER(100, seen.size());
    CHECK(std::all_of(seen.begin(), seen.end(), [](std::byte byte) { return byte == std::byte(); }));
    const view empty = nothing.lock();
    CHECK(empty && empty.empty() && empty.begin() == empty.end() && empty.as<char>() == nullptr);
    CHECK_NUMBER(5, blocks_here());
}

static void room_is_the_blocks_own() {
    const block made = shshared::alloc_room(std::string_view("given"), 4096, shshared::self());
    const writable_view seen = made.lock_writable();
    CHECK_NUMBER(5, seen.size());
    CHECK(seen.data()[4095] == std::byte());
    pattern_fill(seen.data() + 5, 4091, 1);
    CHECK(text_of(made.lock()) == "given");
}

static void a_locked_block_is_filled_in_place() {
    auto [made, bytes] = shshared::alloc_locked(1000, shshared::self());
    CHECK_NUMBER(1000, bytes.size());
    pattern_fill(bytes.data(), bytes.size(), 7);
    bytes.unlock();
    CHECK(block_holds(made.get(), made.owner(), 7, 1000));
}

static void a_block_is_freed_by_its_last_object() {
    shs_handle handle = 0;
    const shs_pid self = shshared::self();
    {
        std::vector<block> blocks;
        blocks.reserve(1);
        while (blocks.size() < 20)
            blocks.push_back(shshared::alloc_zeroed(10, self));
        CHECK_NUMBER(20, blocks_here());
        handle = blocks.front().get();
        blocks.erase(blocks.begin(), blocks.begin() + 3);
        CHECK_STATUS(SHS_E_HANDLE, block_status(handle, self));
        CHECK_NUMBER(17, blocks_here());
        handle = blocks.back().release();
        std::swap(blocks.front(), blocks.back());
        CHECK_STATUS(SHS_OK, block_status(blocks.back().get(), self));
    }
    CHECK_NUMBER(1, blocks_here());
    CHECK_STATUS(SHS_OK, block_status(handle, self));
    shshared::free(handle, self);
    CHECK_NUMBER(0, blocks_here());
}

/* Two views of one block may have one address: a second unlock would take the other's lock. */
static void a_view_takes_its_own_lock_only() {
    const block made = shshared::alloc(std::string_view("given"), shshared::self());
    view other = made.lock();
    const std::byte *const address = other.data();
    {
        view first = made.lock();
        view second = std::move(first);
        first = std::move(second);
        std::vector<view> views;
        views.push_back(std::move(first));
        views.push_back(made.lock());
        views.push_back(made.lock_writable());
        std::rotate(views.begin(), views.begin() + 1, views.end());
        views.erase(views.begin());
        for (const view &seen : views)
            CHECK(text_of(seen) == "given");
    }
    CHECK(text_of(other) == "given");
    CHECK_NUMBER(5, shshared::view_size(address));
    other.unlock();
    CHECK(!other);
    CHECK(thrown_by([&] { (void)shshared::view_size(address); }) == SHS_E_VIEW);
}

static void a_view_outlives_its_block() {
    block made = shshared::alloc(std::string_view("given"), shshared::self());
    const view seen = made.lock();
    made.free();
    CHECK(!made);
    CHECK_NUMBER(0, blocks_here());
    CHECK(text_of(seen) == "given");
}

static void what_is_written_is_read() {
    struct point {
        double x, y;
    };
    const block made = shshared::alloc_zeroed(100, shshared::self());
    const view reader = made.lock();
    const writable_view writer = made.lock_writable();
    writer.write(point{ 1, 2 }, 3);
    *writer.as<std::uint16_t>(98) = 9;
    CHECK(reader.read<double>(11) == 2 && reader.read<std::uint16_t>(98) == 9);
    CHECK(reader[98] == writer[98] && reader.as<point>(96) == nullptr && reader.as<std::max_align_t>(4) == nullptr);
}

static void a_handle_for_reading_gives_no_view_for_writing() {
    const shs_pid self = shshared::self();
    const block made = shshared::alloc(std::string_view("given"), self);
    const block reader = shshared::map_handle(made.get(), self, self, SHS_READ);
    CHECK(reader.get() != made.get() && reader.owner() == self && text_of(reader.lock()) == "given");
    std::error_code error;
    const writable_view none = reader.lock_writable(error);
    CHECK(!none && none.empty() && error == SHS_E_READ_ONLY && error == std::errc::permission_denied);
    CHECK(thrown_by([&] { (void)reader.lock_writable(); }) == SHS_E_READ_ONLY);
}

static void errors_say_what_the_library_says() {
    std::error_code error;
    block made = shshared::alloc_zeroed(1, shshared::self());
    const shs_handle handle = made.get();
    made.free();
    CHECK(!shshared::lock(handle, shshared::self(), error) && error == SHS_E_HANDLE);
    CHECK(error.message() == shs_status_text(SHS_E_HANDLE));
    CHECK(!shshared::free(handle, shshared::self(), error) && error == SHS_E_HANDLE);
    CHECK(!shshared::alloc_zeroed(1, 0, error) && error == std::errc::no_such_process);
    CHECK(!shshared::alloc_room(nullptr, 2, 1, shshared::self(), error) && error == std::errc::invalid_argument);
    CHECK(shshared::alloc_zeroed(1, shshared::self(), error) && !error);
    try {
        shshared::free(handle, shshared::self());
        CHECK(false);
    } catch (const std::system_error &problem) {
        CHECK(problem.code() == SHS_E_HANDLE);
        CHECK(problem.what() == std::string("shs_free: ") + shs_status_text(SHS_E_HANDLE));
    }
}

static void an_exception_leaves_nothing_behind() {
    const std::byte *address = nullptr;
    try {
        const shshared::locked_block both = shshared::alloc_locked(10, shshared::self());
        address = both.view.data();
        (void)both.view.read<std::uint64_t>(3);
        CHECK(false);
    } catch (const std::out_of_range &) {
        CHECK_NUMBER(0, blocks_here());
        CHECK_STATUS(SHS_E_VIEW, shs_unlock(address));
    }
}

static void list_tells_every_block() {
    const shs_pid self = shshared::self();
    std::vector<block> blocks;
    for (std::size_t size = 1; size <= 50; size++) {
        blocks.push_back(shshared::alloc_zeroed(size, self));
        std::size_t sum = 0;
        const std::vector<shs_block_info> listed = shshared::list(self);
        for (const shs_block_info &info : listed)
            sum += static_cast<std::size_t>(info.size);
        CHECK_NUMBER(size, listed.size());
        CHECK_NUMBER(size * (size + 1) / 2, sum);
    }
}

/* NOLINTBEGIN(bugprone-use-after-move): what is left where something was moved from is a part of the test */

/* The last stop ends the handles of this process, and no other does. */
static void sessions_are_counted() {
    shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = shshared::milliseconds(std::chrono::seconds(60));
    shshared::session first = shshared::start(options);
    const block made = shshared::alloc_zeroed(1, shshared::self());
    {
        const shshared::session second = shshared::start();
        shshared::session third = shshared::start();
        shshared::session moved = std::move(third);
        CHECK(second && moved && !third);
        moved.stop();
    }
    CHECK_STATUS(SHS_OK, block_status(made.get(), made.owner()));
    first = shshared::session();
    CHECK_STATUS(SHS_E_HANDLE, block_status(made.get(), made.owner()));
    options.size = 1;
    CHECK(thrown_by([&] { (void)shshared::start(options); }) == SHS_E_ARGUMENT);
}

/* NOLINTEND(bugprone-use-after-move) */

static const struct test tests[] = {
    TEST("blocks hold what was given", blocks_hold_what_was_given),
    TEST("room is the block's own", room_is_the_blocks_own),
    TEST("a locked block is filled in place", a_locked_block_is_filled_in_place),
    TEST("a block is freed by its last object", a_block_is_freed_by_its_last_object),
    TEST("a view takes its own lock only", a_view_takes_its_own_lock_only),
    TEST("a view outlives its block", a_view_outlives_its_block),
    TEST("what is written is read", what_is_written_is_read),
    TEST("a handle for reading gives no view for writing", a_handle_for_reading_gives_no_view_for_writing),
    TEST("errors say what the library says", errors_say_what_the_library_says),
    TEST("an exception leaves nothing behind", an_exception_leaves_nothing_behind),
    TEST("list tells every block", list_tells_every_block),
    TEST("sessions are counted", sessions_are_counted),
};

SUITE_WITH_ROLES("cpp", tests, nullptr, 0)
