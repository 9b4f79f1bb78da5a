/*
 * What the types of the C++ headers allow and forbid: this file compiles, or it does not. Built for each C++ that the
 * headers promise to work from.
 */
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <shshared/shshared.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

using shshared::block, shshared::session, shshared::view, shshared::writable_view;

/* Moved, not copied, never throwing, and no greater than what they hold. */
template <typename T>
constexpr bool owns =
    std::is_nothrow_default_constructible_v<T> &&std::is_nothrow_move_constructible_v<T>
        &&std::is_nothrow_move_assignable_v<T> &&std::is_nothrow_swappable_v<T> &&std::is_nothrow_destructible_v<T> &&
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> && !std::is_polymorphic_v<T> &&
    !std::is_convertible_v<T, bool> && std::is_constructible_v<bool, T>;
static_assert(owns<block> && owns<session> && owns<view> && owns<writable_view>);
static_assert(std::is_nothrow_move_constructible_v<shshared::locked_block>);
static_assert(!std::is_copy_constructible_v<shshared::locked_block>);
static_assert(sizeof(block) == 8 && sizeof(session) == 1);
static_assert(sizeof(view) == 2 * sizeof(void *) && sizeof(writable_view) == 2 * sizeof(void *));
static_assert(!std::is_constructible_v<block, shs_handle, shs_pid>); /* nothing is owned by accident */

/* A view for reading gives const bytes only. */
template <typename View>
using bytes_of = decltype(std::declval<const View &>().data());
static_assert(std::is_same_v<bytes_of<view>, const std::byte *>);
static_assert(std::is_same_v<bytes_of<writable_view>, std::byte *>);
static_assert(std::is_same_v<decltype(std::declval<view &>()[0]), const std::byte &>);
static_assert(std::is_same_v<decltype(std::declval<view &>().begin()), const std::byte *>);
static_assert(std::is_same_v<decltype(std::declval<view &>().end()), const std::byte *>);
static_assert(std::is_same_v<decltype(std::declval<view &>().as<int>()), const int *>);
static_assert(std::is_same_v<decltype(std::declval<view &>().read<const int>()), int>);
static_assert(std::is_same_v<decltype(std::declval<view &>().release()), const std::byte *>);
static_assert(std::is_same_v<decltype(std::declval<writable_view &>().as<int>()), int *>);

template <typename View, typename = void>
constexpr bool can_write = false;
template <typename View>
constexpr bool can_write<View, std::void_t<decltype(std::declval<View &>().write(1))>> = true;
static_assert(can_write<writable_view> && !can_write<view>);

/* From writing to reading, and never back; and not from one that stays. */
static_assert(std::is_nothrow_constructible_v<view, writable_view> && std::is_convertible_v<writable_view, view>);
static_assert(!std::is_constructible_v<writable_view, view> && !std::is_assignable_v<writable_view &, view>);
static_assert(!std::is_constructible_v<view, writable_view &> && !std::is_constructible_v<view, view &>);
static_assert(std::is_nothrow_assignable_v<view &, writable_view>);
static_assert(!std::is_constructible_v<writable_view, shshared::adopt_t, const std::byte *, std::size_t>);

static_assert(std::is_same_v<decltype(shshared::lock(4, 7)), view>);
static_assert(std::is_same_v<decltype(shshared::lock_writable(4, 7)), writable_view>);
static_assert(std::is_same_v<decltype(std::declval<block &>().lock()), view>);
static_assert(std::is_same_v<decltype(std::declval<block &>().lock_writable()), writable_view>);

/* What can be given: what lies in one piece, and has a meaning elsewhere. */
struct text_holder {
    std::string text;
};

template <typename Range, typename = void>
constexpr bool can_give = false;
template <typename Range>
constexpr bool can_give<Range, std::void_t<decltype(shshared::alloc(std::declval<Range>(), shs_pid()))>> = true;
static_assert(can_give<std::string> && can_give<std::string_view> && can_give<std::vector<int>> && can_give<int[3]>);
static_assert(can_give<view> && can_give<writable_view> && can_give<std::initializer_list<double>>);
static_assert(!can_give<std::vector<bool>> && !can_give<std::vector<int *>> && !can_give<std::vector<text_holder>>);
static_assert(!can_give<std::vector<std::unique_ptr<int>>> && !can_give<const char *> && !can_give<int>);

/* Two forms of each: one throws, one does not. */
extern std::error_code error_;
#define TWO_FORMS(call, ...)                     \
    static_assert(!noexcept(call(__VA_ARGS__))); \
    static_assert(noexcept(call(__VA_ARGS__, error_)))
extern const std::chrono::seconds second_;
extern const std::string_view text_;
extern const shs_options options_;
TWO_FORMS(shshared::alloc, text_, 7u);
TWO_FORMS(shshared::alloc, nullptr, std::size_t(1), 7u);
TWO_FORMS(shshared::alloc_zeroed, std::size_t(1), 7u);
TWO_FORMS(shshared::alloc_room, text_, std::size_t(9), 7u);
TWO_FORMS(shshared::alloc_room, nullptr, std::size_t(1), std::size_t(9), 7u);
TWO_FORMS(shshared::alloc_locked, std::size_t(1), 7u);
TWO_FORMS(shshared::map_handle, 4u, 7u, 8u, SHS_READ);
TWO_FORMS(shshared::free, 4u, 7u);
TWO_FORMS(shshared::lock, 4u, 7u);
TWO_FORMS(shshared::lock_writable, 4u, 7u);
TWO_FORMS(shshared::view_size, nullptr);
TWO_FORMS(shshared::start, options_);
TWO_FORMS(shshared::probe, 7u);
TWO_FORMS(shshared::wait, 7u, second_);
TWO_FORMS(shshared::list, 7u);
static_assert(!noexcept(shshared::start()) &&noexcept(shshared::start(error_)));
static_assert(!noexcept(shshared::dispatch()) &&noexcept(shshared::dispatch(error_)));

/* Times are rounded up, and have an end. */
using shshared::milliseconds;
static_assert(milliseconds(std::chrono::milliseconds(0)) == 0 && milliseconds(std::chrono::milliseconds(2000)) == 2000);
static_assert(milliseconds(std::chrono::nanoseconds(1)) == 1 && milliseconds(std::chrono::microseconds(2001)) == 3);
static_assert(milliseconds(std::chrono::microseconds(2000)) == 2 && milliseconds(std::chrono::seconds(3)) == 3000);
static_assert(milliseconds(std::chrono::seconds(-3)) == 0 && milliseconds(std::chrono::hours::min()) == 0);
static_assert(milliseconds(std::chrono::hours::max()) == UINT32_MAX);
static_assert(milliseconds(std::chrono::milliseconds(UINT32_MAX)) == UINT32_MAX);
static_assert(milliseconds(std::chrono::milliseconds(UINT32_MAX - INT64_C(1))) == UINT32_MAX - 1);
static_assert(milliseconds(std::chrono::duration<double>(0.0005)) == 1);

static_assert(std::is_error_code_enum_v<shs_status> && !std::is_error_condition_enum_v<shs_status>);

#ifdef __cpp_lib_span
#include <span>
static_assert(std::is_convertible_v<view &, std::span<const std::byte>>);
static_assert(std::is_convertible_v<writable_view &, std::span<std::byte>>);
static_assert(std::is_convertible_v<writable_view &, std::span<const std::byte>>);
static_assert(!std::is_constructible_v<std::span<std::byte>, view &>);
static_assert(std::is_same_v<decltype(std::declval<view &>().span<int>()), std::span<const int>>);
static_assert(std::is_same_v<decltype(std::declval<writable_view &>().span()), std::span<std::byte>>);
static_assert(can_give<std::span<const int>> && can_give<std::span<std::byte>>);
#endif
