/*
 * The library as a whole, and other processes: start and stop, who takes blocks, who has which. Included by
 * shshared.hpp.
 */
#ifndef SHSHARED_CPP_LIBRARY_HPP
#define SHSHARED_CPP_LIBRARY_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include <shshared/cpp/adopt.hpp>
#include <shshared/cpp/error.hpp>
#include <shshared/cpp/exceptions.hpp>

namespace shshared {

/*
 * One start of the library, which the destructor gives back.
 *
 * Ownership: it can be moved, not copied. One that was moved from, or is the result of a failure, has started nothing.
 * Lifetime:  starts are counted: the last stop ends the handles of this process. So it should be older than the blocks
 *            that this process owns; views stay valid without it.
 */
class session {
  public:
    constexpr session() noexcept = default;

    /* Own a start that shs_start() has made. */
    constexpr explicit session(adopt_t) noexcept : started_(true) {}

    session(const session &) = delete;
    session &operator=(const session &) = delete;

    session(session &&other) noexcept : started_(std::exchange(other.started_, false)) {}

    session &operator=(session &&other) noexcept {
        session taken(std::move(other)); /* of itself, too */
        taken.swap(*this);
        return *this;
    }

    ~session() { stop(); }

    explicit operator bool() const noexcept { return started_; }

    /* Give the start back now. It cannot fail. */
    void stop() noexcept {
        if (std::exchange(started_, false)) shs_stop();
    }

    /* Give up the start without giving it back: the library stays started to the end, or for one shs_stop(). */
    void release() noexcept { started_ = false; }

    void swap(session &other) noexcept { std::swap(started_, other.started_); }

    friend void swap(session &a, session &b) noexcept { a.swap(b); }

  private:
    bool started_ = false;
};

/*
 * Start the library; from here on other processes can give blocks to this one. With options, each field that is not
 * zero replaces what was set: shs_options options = SHS_OPTIONS_INIT. Their admit must not throw.
 *
 * Ownership: what options.admit_context leads to is the caller's, and must stay until the last stop.
 * Errors:    those of shs_start().
 */
[[nodiscard]] inline session start() {
    detail::check(shs_start(nullptr), "shs_start");
    return session(adopt);
}

[[nodiscard]] inline session start(std::error_code &error) noexcept {
    return detail::tell(shs_start(nullptr), error) ? session(adopt) : session();
}

[[nodiscard]] inline session start(const shs_options &options) {
    detail::check(shs_start(&options), "shs_start");
    return session(adopt);
}

[[nodiscard]] inline session start(const shs_options &options, std::error_code &error) noexcept {
    return detail::tell(shs_start(&options), error) ? session(adopt) : session();
}

/* This process's pid, as others must name it. */
[[nodiscard]] inline shs_pid self() noexcept { return shs_self(); }

/* The version of the library that this program runs with, as "0.2.0": a static string. */
[[nodiscard]] inline const char *version() noexcept { return shs_version(); }

/*
 * Can this process be given blocks? The first returns where it can, and throws where it cannot; the second returns
 * true or false, and error says why not.
 *
 * Errors:    those of shs_probe().
 */
inline void probe(shs_pid pid) { detail::check(shs_probe(pid), "shs_probe"); }
inline bool probe(shs_pid pid, std::error_code &error) noexcept { return detail::tell(shs_probe(pid), error); }

/*
 * A time of std::chrono as the milliseconds of the C interface, for options.timeout_ms, too: rounded up, so that a
 * short time does not become 0; 0 where it is negative, and the greatest number (49 days) where it is longer.
 */
template <typename Rep, typename Period>
[[nodiscard]] constexpr std::uint32_t milliseconds(std::chrono::duration<Rep, Period> time) noexcept {
    const double exact = std::chrono::duration<double, std::milli>(time).count();
    if (!(exact > 0)) return 0;
    if (exact >= static_cast<double>(UINT32_MAX)) return UINT32_MAX;
    const auto whole = static_cast<std::uint32_t>(exact);
    return static_cast<double>(whole) < exact ? whole + 1 : whole;
}

/*
 * Wait until this process can be given blocks, so long at most; 0 is one look.
 *
 * Errors:    those of shs_wait(): SHS_E_TIMEOUT where it lives and takes none, SHS_E_NO_PROCESS where it has ended.
 */
template <typename Rep, typename Period>
void wait(shs_pid pid, std::chrono::duration<Rep, Period> time) {
    detail::check(shs_wait(pid, milliseconds(time)), "shs_wait");
}

template <typename Rep, typename Period>
bool wait(shs_pid pid, std::chrono::duration<Rep, Period> time, std::error_code &error) noexcept {
    return detail::tell(shs_wait(pid, milliseconds(time)), error);
}

namespace detail {

/* No process has more handles, on any system. Another process says how many there are, and may say anything. */
inline constexpr std::size_t handles_most = std::size_t(1) << 24;

/* A few without memory, as most have. Where more come while it is listed, there is room for twice as many each time. */
inline shs_status list_all(shs_pid owner, std::vector<shs_block_info> &result) {
    shs_block_info few[16];
    std::size_t count = 0;
    shs_status status = shs_list(owner, few, std::size(few), &count);
    if (status == SHS_OK && count <= std::size(few)) {
        result.assign(few, few + count);
        return status;
    }
    while (status == SHS_OK && count > result.size()) {
        if (count > handles_most) return SHS_E_PROTOCOL;
        result.resize(std::max(count, 2 * result.size()));
        status = shs_list(owner, result.data(), result.size(), &count);
    }
    result.resize(status == SHS_OK ? count : 0);
    return status;
}

/* A vector throws std::bad_alloc or std::length_error. */
inline shs_status list(shs_pid owner, std::vector<shs_block_info> &result) noexcept {
    return guarded([&] { return list_all(owner, result); }, SHS_E_NO_MEMORY);
}

}  // namespace detail

/*
 * The blocks that live in owner. They may change while the list is made.
 *
 * Errors:    those of shs_list(). Where the memory does not suffice for the list itself: SHS_E_NO_MEMORY.
 */
[[nodiscard]] inline std::vector<shs_block_info> list(shs_pid owner) {
    std::vector<shs_block_info> result;
    detail::check(detail::list(owner, result), "shs_list");
    return result;
}

[[nodiscard]] inline std::vector<shs_block_info> list(shs_pid owner, std::error_code &error) noexcept {
    std::vector<shs_block_info> result;
    detail::tell(detail::list(owner, result), error);
    return result;
}

/* For the event loop of an application that serves for itself, as shs_poll_fd(): -1 in every other case. */
[[nodiscard]] inline int poll_fd() noexcept { return shs_poll_fd(); }

/*
 * Answer what other processes have asked, without waiting.
 *
 * Errors:    those of shs_dispatch().
 */
inline void dispatch() { detail::check(shs_dispatch(), "shs_dispatch"); }
inline bool dispatch(std::error_code &error) noexcept { return detail::tell(shs_dispatch(), error); }

}  // namespace shshared

#endif
