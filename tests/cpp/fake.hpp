/*
 * A library that does nothing: it writes down each call, and answers what the test says. Linked instead of shshared by
 * programs that ask what exactly the C++ headers call.
 */
#ifndef TESTS_CPP_FAKE_HPP
#define TESTS_CPP_FAKE_HPP

#include <shshared/shshared.h>
#include <cstddef>
#include <string>
#include <vector>

namespace fake {

constexpr shs_handle handle = 4;         /* that every call makes, */
constexpr std::size_t size = 16;         /* and the bytes of each block that is locked, */
alignas(64) extern std::byte bytes[128]; /* which are here; text[i] is i at first */

extern shs_status answer;               /* of every call that can fail */
extern std::vector<std::size_t> counts; /* of shs_list(), one call after the other; the last stays */
constexpr std::size_t fails = static_cast<std::size_t>(-2); /* among them: that call is SHS_E_TIMEOUT */

/* The calls since the last time, as "shs_free(4, 7)". */
std::vector<std::string> calls();

/* How often the program has asked for memory, beside this library. */
std::size_t allocations() noexcept;

/* From now on so many more requests for memory are granted. */
void grant(std::size_t more) noexcept;
constexpr std::size_t any = static_cast<std::size_t>(-1);

}  // namespace fake

/* The checks of such a program: a failed one is told, and the program goes on. */
namespace checks {

void check(bool condition, const char *text, const char *file, int line);
void check_calls(const std::vector<std::string> &expected, const char *file, int line);
int failures() noexcept;

}  // namespace checks

#define CHECK(condition) checks::check((condition), #condition, __FILE__, __LINE__)
#define CHECK_CALLS(...) checks::check_calls({ __VA_ARGS__ }, __FILE__, __LINE__)

#endif
