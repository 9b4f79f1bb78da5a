/*
 * Blocks: to make one in an owner, and to be the one who frees it. Included by shshared.hpp.
 */
#ifndef SHSHARED_CPP_BLOCK_HPP
#define SHSHARED_CPP_BLOCK_HPP

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include <shshared/cpp/view.hpp>

namespace shshared {

/*
 * Close the handle in its owner. Handle 0 is no block to free, and succeeds.
 *
 * Errors:    those of shs_free().
 */
inline void free(shs_handle handle, shs_pid owner) { detail::check(shs_free(handle, owner), "shs_free"); }

inline bool free(shs_handle handle, shs_pid owner, std::error_code &error) noexcept {
    return detail::tell(shs_free(handle, owner), error);
}

/*
 * The right, and the duty, to free a handle. In most programs the owner has it: whoever makes a block there calls
 * release() and sends the handle, and the owner adopts what came by message: block(adopt, handle, shshared::self()).
 *
 * Ownership: it can be moved, not copied. The destructor frees the handle; as it cannot tell of an error, who wants to
 *            know calls free(). It may have to reach the owner, and waits for it as shs_options.timeout_ms says. One
 *            that was moved from, or is the result of a failure, is empty: handle 0, owner 0.
 * Lifetime:  views do not depend on it. A session of this process should outlive the blocks that this process owns, as
 *            the last stop frees them.
 * Threads:   a forked child has a copy of the object, and its handle is that of another process there, which the
 *            copy's destructor would free: the child calls release() first, or ends by _exit().
 */
class block {
  public:
    constexpr block() noexcept = default;

    /* Own the block (handle, owner), which came by message or from the C interface. Asks nobody. */
    constexpr block(adopt_t, shs_handle handle, shs_pid owner) noexcept : handle_(handle), owner_(owner) {}

    block(const block &) = delete;
    block &operator=(const block &) = delete;

    block(block &&other) noexcept : handle_(std::exchange(other.handle_, 0)), owner_(std::exchange(other.owner_, 0)) {}

    block &operator=(block &&other) noexcept {
        block taken(std::move(other)); /* of itself, too */
        taken.swap(*this);
        return *this;
    }

    ~block() {
        if (handle_ != 0) shs_free(handle_, owner_);
    }

    /* The pair that programs send each other. Asking for it gives up nothing. */
    [[nodiscard]] shs_handle get() const noexcept { return handle_; }
    [[nodiscard]] shs_pid owner() const noexcept { return owner_; }

    explicit operator bool() const noexcept { return handle_ != 0; }

    /* Give up the block without freeing it, and tell its handle: freeing it is the caller's, or another process's. */
    [[nodiscard]] shs_handle release() noexcept {
        owner_ = 0;
        return std::exchange(handle_, 0);
    }

    /*
     * Free the block now; an empty one needs nothing. It is empty afterwards, but after an error with which the block
     * may still live: then it can be tried again, and the destructor does.
     *
     * Errors:    those of shs_free(). SHS_E_HANDLE and SHS_E_NO_PROCESS say that there is no such block any more.
     */
    void free() { detail::check(close(), "shs_free"); }
    bool free(std::error_code &error) noexcept { return detail::tell(close(), error); }

    /* As the functions of these names. Of an empty block: SHS_E_HANDLE, or what shs_lock() says of the pair (0, 0). */
    [[nodiscard]] view lock() const { return shshared::lock(handle_, owner_); }
    [[nodiscard]] view lock(std::error_code &error) const noexcept { return shshared::lock(handle_, owner_, error); }
    [[nodiscard]] writable_view lock_writable() const { return shshared::lock_writable(handle_, owner_); }
    [[nodiscard]] writable_view lock_writable(std::error_code &error) const noexcept {
        return shshared::lock_writable(handle_, owner_, error);
    }

    void swap(block &other) noexcept {
        std::swap(handle_, other.handle_);
        std::swap(owner_, other.owner_);
    }

    friend void swap(block &a, block &b) noexcept { a.swap(b); }

  private:
    shs_status close() noexcept {
        if (handle_ == 0) return SHS_OK;
        const shs_status status = shs_free(handle_, owner_);
        if (status == SHS_OK || status == SHS_E_HANDLE || status == SHS_E_NO_PROCESS) (void)release();
        return status;
    }

    shs_handle handle_ = 0;
    shs_pid owner_ = 0;
};

static_assert(sizeof(block) == sizeof(shs_handle) + sizeof(shs_pid), "a block costs no more than its pair");

/* A block and, in the same step, a view of it for writing. Both are empty, or neither is. */
struct locked_block {
    shshared::block block{};
    writable_view view{};
};

namespace detail {

/* Does Range lie in one piece, and may its elements be copied as bytes? */
template <typename Range, typename = void>
struct has_bytes : std::false_type {};

template <typename Range>
struct has_bytes<Range, std::void_t<decltype(std::data(std::declval<const Range &>())),
                                    decltype(std::size(std::declval<const Range &>()))>>
    : std::bool_constant<
          is_shareable<std::remove_cv_t<std::remove_pointer_t<decltype(std::data(std::declval<const Range &>()))>>>> {};

template <typename Range>
using if_bytes = std::enable_if_t<has_bytes<Range>::value, int>;

template <typename Range>
std::size_t bytes_of(const Range &range) noexcept {
    return std::size(range) * sizeof(*std::data(range));
}

inline block made(shs_status status, const char *call, shs_handle handle, shs_pid owner) {
    check(status, call);
    return block(adopt, handle, owner);
}

inline block made(shs_status status, std::error_code &error, shs_handle handle, shs_pid owner) noexcept {
    return tell(status, error) ? block(adopt, handle, owner) : block();
}

inline shs_status alloc_locked(std::size_t size, shs_pid owner, locked_block &result) noexcept {
    shs_handle handle = 0;
    void *data = nullptr;
    const shs_status status = shs_alloc_locked(size, owner, &handle, &data);
    if (status != SHS_OK) return status;
    result.block = block(adopt, handle, owner);
    result.view = writable_view(adopt, static_cast<std::byte *>(data), size);
    return status;
}

}  // namespace detail

/*
 * Make a block in owner with a copy of what is given: size bytes at data, zeros where data is nullptr; or the elements
 * of a range that lies in one piece, as std::vector, std::string_view, std::span and a view do. (An array of char has
 * all its elements, the 0 at the end of a literal with them.)
 *
 * Ownership: the result's, and whose it is moved or released to.
 * Errors:    those of shs_alloc().
 */
[[nodiscard]] inline block alloc(const void *data, std::size_t size, shs_pid owner) {
    shs_handle handle = 0;
    const shs_status status = shs_alloc(data, size, owner, &handle);
    return detail::made(status, "shs_alloc", handle, owner);
}

[[nodiscard]] inline block alloc(const void *data, std::size_t size, shs_pid owner, std::error_code &error) noexcept {
    shs_handle handle = 0;
    const shs_status status = shs_alloc(data, size, owner, &handle);
    return detail::made(status, error, handle, owner);
}

template <typename Range, detail::if_bytes<Range> = 0>
[[nodiscard]] block alloc(const Range &range, shs_pid owner) {
    return alloc(std::data(range), detail::bytes_of(range), owner);
}

template <typename Range, detail::if_bytes<Range> = 0>
[[nodiscard]] block alloc(const Range &range, shs_pid owner, std::error_code &error) noexcept {
    return alloc(std::data(range), detail::bytes_of(range), owner, error);
}

/* The same of size bytes that are all zero. */
[[nodiscard]] inline block alloc_zeroed(std::size_t size, shs_pid owner) { return alloc(nullptr, size, owner); }

[[nodiscard]] inline block alloc_zeroed(std::size_t size, shs_pid owner, std::error_code &error) noexcept {
    return alloc(nullptr, size, owner, error);
}

/*
 * As alloc(), and room bytes in all that are the block's alone, counted from its first byte. A view's size() is still
 * that of the data: whoever uses the room knows of it.
 *
 * Errors:    those of shs_alloc_room().
 */
[[nodiscard]] inline block alloc_room(const void *data, std::size_t size, std::size_t room, shs_pid owner) {
    shs_handle handle = 0;
    const shs_status status = shs_alloc_room(data, size, room, owner, &handle);
    return detail::made(status, "shs_alloc_room", handle, owner);
}

[[nodiscard]] inline block alloc_room(const void *data, std::size_t size, std::size_t room, shs_pid owner,
                                      std::error_code &error) noexcept {
    shs_handle handle = 0;
    const shs_status status = shs_alloc_room(data, size, room, owner, &handle);
    return detail::made(status, error, handle, owner);
}

template <typename Range, detail::if_bytes<Range> = 0>
[[nodiscard]] block alloc_room(const Range &range, std::size_t room, shs_pid owner) {
    return alloc_room(std::data(range), detail::bytes_of(range), room, owner);
}

template <typename Range, detail::if_bytes<Range> = 0>
[[nodiscard]] block alloc_room(const Range &range, std::size_t room, shs_pid owner, std::error_code &error) noexcept {
    return alloc_room(std::data(range), detail::bytes_of(range), room, owner, error);
}

/*
 * Make a block of size bytes in owner and a view of it here, to fill it right where it will be. What it holds at first
 * is unspecified.
 *
 * Ownership: of both, the result's: auto [block, bytes] = alloc_locked(…). Tell others of the handle when it is filled.
 * Errors:    those of shs_alloc_locked().
 */
[[nodiscard]] inline locked_block alloc_locked(std::size_t size, shs_pid owner) {
    locked_block result;
    detail::check(detail::alloc_locked(size, owner, result), "shs_alloc_locked");
    return result;
}

[[nodiscard]] inline locked_block alloc_locked(std::size_t size, shs_pid owner, std::error_code &error) noexcept {
    locked_block result;
    detail::tell(detail::alloc_locked(size, owner, result), error);
    return result;
}

/*
 * Make a second handle, in process to, for the block (handle, from). One that was mapped with SHS_READ can be locked
 * for reading only.
 *
 * Ownership: of the new handle, the result's. The first stays whose it is.
 * Errors:    those of shs_map_handle().
 */
[[nodiscard]] inline block map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access) {
    shs_handle mapped = 0;
    const shs_status status = shs_map_handle(handle, from, to, access, &mapped);
    return detail::made(status, "shs_map_handle", mapped, to);
}

[[nodiscard]] inline block map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access,
                                      std::error_code &error) noexcept {
    shs_handle mapped = 0;
    const shs_status status = shs_map_handle(handle, from, to, access, &mapped);
    return detail::made(status, error, mapped, to);
}

}  // namespace shshared

#endif
