/*
 * The checks of a program that runs on the fake library.
 */
#include <cstdio>
#include <string>
#include <vector>

#include "fake.hpp"

namespace {

int failed = 0;

void tell(const char *before, const std::vector<std::string> &calls) {
    std::printf("%s", before);
    for (const std::string &call : calls)
        std::printf(" %s", call.c_str());
}

}  // namespace

namespace checks {

void check(bool condition, const char *text, const char *file, int line) {
    if (condition) return;
    std::printf("%s:%d: failed: %s\n", file, line, text);
    failed++;
}

void check_calls(const std::vector<std::string> &expected, const char *file, int line) {
    const std::vector<std::string> made = fake::calls();
    if (made == expected) return;
    std::printf("%s:%d: failed:", file, line);
    tell(" expected", expected);
    tell("; made", made);
    std::printf("\n");
    failed++;
}

int failures() noexcept { return failed; }

}  // namespace checks
