/*
 * What exactly the C++ headers call: each function once, with these arguments and in this order, and what becomes of
 * its status. On a library that does nothing (fake.hpp), so that a second free or unlock shows.
 *
 * A program of its own, without CUnit: exit code 0 when all was as it must be.
 */
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <shshared/shshared.hpp>
#include <string>
#include <utility>
#include <vector>

#include "fake.hpp"

/* NOLINTBEGIN(bugprone-use-after-move): what is left where something was moved from is a part of the test */

namespace {

using shshared::block, shshared::session, shshared::view, shshared::writable_view;

const char *const lock = "shs_lock(4, 7, 0)";
const char *const lock_writable = "shs_lock(4, 7, 1)";
const char *const unlock = "shs_unlock(bytes)";
const char *const free_first = "shs_free(4, 7)";

/* ---- the objects: what they own is given back once ---- */

void an_empty_object_calls_nothing() {
    {
        block a, b;
        view c;
        writable_view d;
        session e;
        a = std::move(b);
        a.free();
        c.unlock();
        e.stop();
        CHECK(!a && !c && !d && !e && a.get() == 0 && a.owner() == 0 && c.data() == nullptr && c.empty());
        CHECK(c.begin() == c.end() && c.as<char>() == nullptr && c.release() == nullptr && a.release() == 0);
    }
    CHECK_CALLS();
}

void a_view_unlocks_once() {
    { const view seen = shshared::lock(4, 7); }
    CHECK_CALLS(lock, unlock);
    {
        view first = shshared::lock(4, 7);
        view second = std::move(first);
        CHECK(!first && first.size() == 0 && second && second.data() == fake::bytes && second.size() == fake::size);
        view &same = second;
        second = std::move(same);
        CHECK(second.data() == fake::bytes && second.size() == fake::size);
        CHECK_CALLS(lock);
        first = std::move(second);
        CHECK(first.size() == fake::size && !second && second.empty());
        first.unlock();
        CHECK(!first && first.empty());
        CHECK_CALLS(unlock);
        first.unlock();
    }
    CHECK_CALLS();
}

void assignment_unlocks_what_was_there() {
    static std::byte other[8];
    view seen = shshared::lock(4, 7);
    seen = view(shshared::adopt, other, sizeof other);
    CHECK_CALLS(lock, unlock);
    swap(seen, seen);
    view empty;
    swap(seen, empty);
    CHECK(!seen && empty.data() == other && empty.size() == sizeof other);
    empty = view();
    CHECK_CALLS("shs_unlock(data)");
}

void a_view_for_writing_becomes_one_for_reading() {
    writable_view first = shshared::lock_writable(4, 7);
    view second = std::move(first);
    CHECK(!first && first.empty() && second.data() == fake::bytes && second.size() == fake::size);
    second = shshared::lock_writable(4, 7);
    CHECK_CALLS(lock_writable, lock_writable, unlock);
    CHECK(second.release() == fake::bytes && !second && second.empty());
    second = view();
    CHECK_CALLS();
}

void a_block_frees_once() {
    { const block made = shshared::alloc_zeroed(5, 7); }
    CHECK_CALLS("shs_alloc(0, 5, 7)", free_first);
    {
        block first(shshared::adopt, 4, 7);
        block second = std::move(first);
        CHECK(!first && first.owner() == 0 && second && second.get() == 4 && second.owner() == 7);
        block &same = second;
        second = std::move(same);
        swap(second, same);
        CHECK(second.get() == 4 && second.owner() == 7);
        CHECK_CALLS();
        second = block(shshared::adopt, 8, 9);
        CHECK_CALLS(free_first);
        first = std::move(second);
        CHECK_CALLS();
        first.free();
        CHECK(!first && first.owner() == 0);
        CHECK_CALLS("shs_free(8, 9)");
        first.free();
    }
    CHECK_CALLS();
    {
        block released(shshared::adopt, 4, 7);
        CHECK(released.release() == 4 && !released && released.owner() == 0);
    }
    CHECK_CALLS();
}

/* After an error with which the block may still live, it is tried again. */
void a_block_that_was_not_freed_is_kept() {
    std::error_code error;
    for (const shs_status status : { SHS_E_HANDLE, SHS_E_NO_PROCESS, SHS_E_TIMEOUT, SHS_E_NO_MEMORY }) {
        const bool gone = status == SHS_E_HANDLE || status == SHS_E_NO_PROCESS;
        {
            block made(shshared::adopt, 4, 7);
            fake::answer = status;
            CHECK(!made.free(error) && error == status);
            CHECK(bool(made) == !gone);
            CHECK_CALLS(free_first);
        }
        if (gone)
            CHECK_CALLS();
        else
            CHECK_CALLS(free_first);
        fake::answer = SHS_OK;
    }
}

void a_session_stops_once() {
    {
        session first = shshared::start();
        session second = std::move(first);
        session &same = second;
        second = std::move(same);
        CHECK(!first && second);
        first = std::move(second);
        CHECK_CALLS("shs_start(0)");
        const session third(shshared::adopt);
        first.stop();
        first.stop();
        CHECK(!first);
        CHECK_CALLS("shs_stop()");
        session kept(shshared::adopt);
        kept.release();
    }
    CHECK_CALLS("shs_stop()");
    session replaced(shshared::adopt);
    replaced = session();
    CHECK_CALLS("shs_stop()");
}

/* ---- the functions: what they pass on ---- */

void arguments_are_passed_on() {
    const std::vector<std::uint16_t> numbers = { 1, 2, 3 };
    shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = 9;
    CHECK(shshared::alloc(numbers, 7).release() == 4);
    CHECK(shshared::alloc(numbers.data(), 3, 7).release() == 4);
    CHECK(shshared::alloc_room(numbers, 9, 7).release() == 4);
    CHECK(shshared::alloc_room(numbers.data(), 3, 9, 7).release() == 4);
    CHECK_CALLS("shs_alloc(data, 6, 7)", "shs_alloc(data, 3, 7)", "shs_alloc_room(data, 6, 9, 7)",
                "shs_alloc_room(data, 3, 9, 7)");
    block mapped = shshared::map_handle(4, 7, 9, SHS_READ_WRITE);
    CHECK(mapped.owner() == 9 && mapped.release() == fake::handle);
    shshared::free(8, 9);
    shshared::wait(8, std::chrono::seconds(2));
    shshared::probe(9);
    shshared::dispatch();
    shshared::start(options).release();
    CHECK_CALLS("shs_map_handle(4, 7, 9, 1)", "shs_free(8, 9)", "shs_wait(8, 2000)", "shs_probe(9)", "shs_dispatch()",
                "shs_start(" + std::to_string(sizeof options) + ", 9)");
    std::error_code error;
    mapped = shshared::map_handle(4, 7, 9, SHS_READ, error);
    CHECK(mapped.owner() == 9 && mapped.release() == fake::handle);
    shshared::start(options, error).release();
    CHECK_CALLS("shs_map_handle(4, 7, 9, 0)", "shs_start(" + std::to_string(sizeof options) + ", 9)");
    CHECK(shshared::view_size(fake::bytes) == fake::size);
    CHECK_CALLS("shs_view_size(bytes)");
    CHECK(shshared::self() == 7 && shshared::poll_fd() == 3 && std::string("fake") == shshared::version());
    CHECK(shshared::native_error() == std::error_code(5, std::system_category()));
}

void a_locked_block_is_both() {
    {
        auto [made, bytes] = shshared::alloc_locked(5, 7);
        CHECK(made.get() == fake::handle && made.owner() == 7);
        CHECK(bytes.data() == fake::bytes && bytes.size() == 5);
    }
    CHECK_CALLS("shs_alloc_locked(5, 7)", unlock, free_first);
    {
        const block made(shshared::adopt, 4, 7);
        (void)made.lock();
        (void)made.lock_writable();
        CHECK_CALLS(lock, unlock, lock_writable, unlock);
    }
    CHECK_CALLS(free_first);
}

void typed_access_stays_inside() {
    for (std::size_t i = 0; i < std::size(fake::bytes); i++)
        fake::bytes[i] = std::byte(i);
    const writable_view seen(shshared::adopt, fake::bytes, 10);
    CHECK(seen.read<std::uint8_t>(9) == 9 && seen[3] == std::byte(3) && seen.end() - seen.begin() == 10);
    CHECK(seen.size_bytes() == 10);
    const auto number = seen.read<std::uint32_t>(5);
    CHECK(std::memcmp(&number, fake::bytes + 5, 4) == 0);
    seen.write(number, 6);
    CHECK(std::memcmp(&number, fake::bytes + 6, 4) == 0 && fake::bytes[10] == std::byte(10));
    CHECK(seen.as<std::uint32_t>(4) == static_cast<void *>(fake::bytes + 4));
    CHECK(seen.as<std::uint32_t>(5) == nullptr && seen.as<std::uint32_t>(8) == nullptr);
    CHECK(seen.as<std::uint8_t>(9) != nullptr && seen.as<std::uint8_t>(10) == nullptr);
    int thrown = 0;
    for (const std::size_t offset : { std::size_t(7), std::size_t(10), std::size_t(11), SIZE_MAX, SIZE_MAX - 3 }) {
        CHECK(seen.as<std::uint32_t>(offset) == nullptr);
        try {
            (void)seen.read<std::uint32_t>(offset);
        } catch (const std::out_of_range &) {
            thrown++;
        }
        try {
            seen.write(std::uint32_t(0), offset);
        } catch (const std::out_of_range &) {
            thrown++;
        }
    }
    CHECK(thrown == 10 && std::memcmp(&number, fake::bytes + 6, 4) == 0);
#ifdef __cpp_lib_span
    CHECK(seen.span<std::uint32_t>().size() == 2 && seen.span().size() == 10 && seen.span<std::uint64_t[2]>().empty());
    CHECK(view(shshared::adopt, fake::bytes + 1, 9).span<std::uint32_t>().empty());
#endif
}

/* ---- the list ---- */

void list_asks_until_all_fit() {
    const auto calls_for = [](std::vector<std::size_t> counts, std::size_t expected, int line) {
        fake::counts = std::move(counts);
        const std::vector<shs_block_info> blocks = shshared::list(7);
        checks::check(blocks.size() == expected, "the size of the list", __FILE__, line);
        checks::check(expected == 0 || blocks.back().size == 99 + expected, "the list", __FILE__, line);
    };
    calls_for({ 0 }, 0, __LINE__);
    calls_for({ 16 }, 16, __LINE__);
    CHECK_CALLS("shs_list(7, 16)", "shs_list(7, 16)");
    calls_for({ 17 }, 17, __LINE__);
    CHECK_CALLS("shs_list(7, 16)", "shs_list(7, 17)");
    calls_for({ 17, 18, 80, 3 }, 3, __LINE__);
    CHECK_CALLS("shs_list(7, 16)", "shs_list(7, 17)", "shs_list(7, 34)", "shs_list(7, 80)");
    calls_for({ 17, 18, 34 }, 34, __LINE__);
    CHECK_CALLS("shs_list(7, 16)", "shs_list(7, 17)", "shs_list(7, 34)");
}

void a_list_that_does_not_fit_is_empty() {
    std::error_code error;
    fake::counts = { 17 };
    fake::grant(0);
    CHECK(shshared::list(7, error).empty() && error == SHS_E_NO_MEMORY);
    fake::grant(fake::any);
    const std::size_t before = fake::allocations();
    for (const std::size_t senseless : { (std::size_t(1) << 24) + 1, SIZE_MAX }) {
        fake::counts = { senseless };
        CHECK(shshared::list(7, error).empty() && error == SHS_E_PROTOCOL);
    }
    fake::counts = { 0 };
    CHECK(shshared::list(7, error).empty() && !error);
    CHECK(fake::allocations() == before);
    fake::counts = { 17, fake::fails };
    CHECK(shshared::list(7, error).empty() && error == SHS_E_TIMEOUT);
}

/* NOLINTEND(bugprone-use-after-move) */

}  // namespace

int main() {
    void (*const tests[])() = {
        an_empty_object_calls_nothing,
        a_view_unlocks_once,
        assignment_unlocks_what_was_there,
        a_view_for_writing_becomes_one_for_reading,
        a_block_frees_once,
        a_block_that_was_not_freed_is_kept,
        a_session_stops_once,
        arguments_are_passed_on,
        a_locked_block_is_both,
        typed_access_stays_inside,
        list_asks_until_all_fit,
        a_list_that_does_not_fit_is_empty,
    };
    for (void (*const test)() : tests) {
        test();
        (void)fake::calls();
    }
    if (checks::failures() == 0) std::printf("all calls were as they must be\n");
    return checks::failures() != 0;
}
