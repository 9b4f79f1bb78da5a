/*
 * What becomes of a status in the C++ headers: every function with every one, as an error code and as an exception, and
 * what the codes are equal to. On a library that does nothing (fake.hpp).
 *
 * A program of its own, without CUnit: exit code 0 when all was as it must be.
 */
#include <cstdio>
#include <cstring>
#include <shshared/shshared.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "fake.hpp"

namespace {

using shshared::view;

/* Every function that can fail, in both forms. The first tells an error code, and whether its result is empty. */
struct form {
    bool (*tells)(std::error_code &error);
    void (*throws)();
    const char *call;
};

const shs_options options = SHS_OPTIONS_INIT;
constexpr std::string_view text = "abc";

#define CALL(name, function, ...)                                                                                  \
    {                                                                                                              \
        [](std::error_code &error) { return !function(__VA_ARGS__, error); }, [] { (void)function(__VA_ARGS__); }, \
            #name                                                                                                  \
    }

constexpr form forms[] = {
    CALL(shs_alloc, shshared::alloc, nullptr, 3, 7),
    CALL(shs_alloc, shshared::alloc, text, 7),
    CALL(shs_alloc, shshared::alloc_zeroed, 3, 7),
    CALL(shs_alloc_room, shshared::alloc_room, nullptr, 3, 9, 7),
    CALL(shs_alloc_room, shshared::alloc_room, text, 9, 7),
    CALL(shs_map_handle, shshared::map_handle, 4, 7, 8, SHS_READ),
    CALL(shs_lock, shshared::lock, 4, 7),
    CALL(shs_lock, shshared::lock_writable, 4, 7),
    CALL(shs_view_size, shshared::view_size, fake::bytes),
    CALL(shs_free, shshared::free, 4, 7),
    CALL(shs_probe, shshared::probe, 8),
    CALL(shs_wait, shshared::wait, 8, std::chrono::seconds(2)),
    CALL(shs_start, shshared::start, options),
    { [](std::error_code &error) { return !shshared::start(error); }, [] { (void)shshared::start(); }, "shs_start" },
    { [](std::error_code &error) { return !shshared::dispatch(error); }, [] { shshared::dispatch(); }, "shs_dispatch" },
    { [](std::error_code &error) { return shshared::list(7, error).empty(); }, [] { (void)shshared::list(7); },
      "shs_list" },
    { [](std::error_code &error) {
         const shshared::locked_block both = shshared::alloc_locked(3, 7, error);
         return !both.block && !both.view;
     },
      [] { (void)shshared::alloc_locked(3, 7); }, "shs_alloc_locked" },
    { [](std::error_code &error) { return !view(shshared::adopt, fake::bytes, 3).unlock(error); },
      [] { view(shshared::adopt, fake::bytes, 3).unlock(); }, "shs_unlock" },
};

const shs_status statuses[] = {
#define STATUS(name, value, text) name,
    SHS_STATUS_LIST(STATUS)
#undef STATUS
};

/* The calls of a form that fails: one, and nothing is given back that nobody got. */
bool one_call(const char *name) {
    const std::vector<std::string> made = fake::calls();
    return made.size() == 1 && made[0].rfind(std::string(name) + "(", 0) == 0;
}

void failures_are_told(shs_status status) {
    for (const form &form : forms) {
        std::error_code error = std::make_error_code(std::errc::io_error);
        const std::size_t before = fake::allocations();
        const bool empty = form.tells(error);
        CHECK(fake::allocations() == before);
        CHECK(empty && error == status && error.value() == status && error.category() == shshared::category());
        CHECK(one_call(form.call));
        std::error_code thrown;
        try {
            form.throws();
        } catch (const std::system_error &problem) {
            thrown = problem.code();
            CHECK(std::strncmp(problem.what(), form.call, std::strlen(form.call)) == 0);
        }
        CHECK(thrown == status);
        CHECK(one_call(form.call));
    }
}

void success_is_told() {
    fake::answer = SHS_OK;
    fake::counts = { 1 };
    for (const form &form : forms) {
        std::error_code error = SHS_E_SYSTEM;
        CHECK(!form.tells(error));
        CHECK(!error && error == SHS_OK && error == std::error_code());
        form.throws();
    }
    (void)fake::calls();
}

void every_status_is_told() {
    for (const shs_status status : statuses) {
        if (status == SHS_OK) continue;
        fake::answer = status;
        failures_are_told(status);
    }
    success_is_told();
}

void conditions_are_natural() {
    const std::pair<shs_status, std::errc> natural[] = {
        { SHS_E_ARGUMENT, std::errc::invalid_argument },   { SHS_E_NO_PROCESS, std::errc::no_such_process },
        { SHS_E_ACCESS, std::errc::permission_denied },    { SHS_E_READ_ONLY, std::errc::permission_denied },
        { SHS_E_NO_MEMORY, std::errc::not_enough_memory }, { SHS_E_TIMEOUT, std::errc::timed_out },
        { SHS_E_PROTOCOL, std::errc::protocol_error },     { SHS_E_UNSUPPORTED, std::errc::not_supported },
    };
    int found = 0;
    for (const shs_status status : statuses) {
        const std::error_code error = status;
        bool is_natural = false;
        for (const auto &[of, condition] : natural) {
            CHECK((error == condition) == (of == status || (of == SHS_E_READ_ONLY && status == SHS_E_ACCESS) ||
                                           (of == SHS_E_ACCESS && status == SHS_E_READ_ONLY)));
            is_natural = is_natural || of == status;
        }
        found += is_natural;
        if (!is_natural && status != SHS_OK) CHECK(error.default_error_condition().category() == shshared::category());
    }
    CHECK(found == 8);
    CHECK(shshared::category().default_error_condition(0) == std::error_condition());
}

void the_category_has_the_texts() {
    CHECK(std::string("shshared") == shshared::category().name());
    CHECK(std::error_code(SHS_E_HANDLE).message() == "the text of SHS_E_HANDLE");
    CHECK(shshared::category().message(0) == "a text" && shshared::category().message(-14) == "a text");
    CHECK(shshared::category().message(1) == "unknown status" && shshared::category().message(-99) == "unknown status");
}

}  // namespace

int main() {
    every_status_is_told();
    conditions_are_natural();
    the_category_has_the_texts();
    if (checks::failures() == 0) std::printf("all errors were as they must be\n");
    return checks::failures() != 0;
}
