/*
 * Views: what a process sees of a block, as an object that gives its lock back. Included by shshared.hpp.
 */
#ifndef SHSHARED_CPP_VIEW_HPP
#define SHSHARED_CPP_VIEW_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <utility>
#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_span
#include <span>
#endif

#include <shshared/cpp/adopt.hpp>
#include <shshared/cpp/error.hpp>
#include <shshared/cpp/exceptions.hpp>

namespace shshared {

namespace detail {

/* What has a meaning in another process: bytes alone, and no address. */
template <typename T>
inline constexpr bool is_shareable =
    std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::is_member_pointer_v<T>;

}  // namespace detail

/*
 * One lock of a block, and the bytes that it shows: Byte is const std::byte in a view for reading, and std::byte in one
 * for writing. Where there are bytes, it can be used as a std::span of them: constness is that of Byte, not that of the
 * view object, and no index is checked.
 *
 * Nothing is mutually excluded. Who has a view for writing can change the bytes while they are read here: what must not
 * change after it was checked is copied first, as read() does.
 *
 * It is an address and a size and nothing else. The address is what the lock is given back by; the size could be asked
 * for (shs_view_size()), but by a search, and whoever goes through the bytes needs it all the time.
 *
 * Ownership: it can be moved, not copied. The destructor gives the lock back. One that was moved from, or is the result
 *            of a failure, is empty: it has no lock, no bytes, and the address nullptr.
 * Lifetime:  the bytes stay until the view ends, even when the block is freed or its owner ends. What data(), begin(),
 *            as() and span() lead to ends with the view, wherever it was moved to.
 */
template <typename Byte>
class basic_view {
    static_assert(std::is_same_v<std::remove_const_t<Byte>, std::byte>, "Byte is std::byte or const std::byte");

    template <typename T>
    using element = std::conditional_t<std::is_const_v<Byte>, const T, T>;

  public:
    using element_type = Byte;
    using value_type = std::byte;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;
    using pointer = Byte *;
    using reference = Byte &;
    using iterator = Byte *;

    constexpr basic_view() noexcept = default;

    /* Own a lock of shs_lock() or shs_alloc_locked(): data and size are what it told. */
    basic_view(adopt_t, Byte *data, size_type size) noexcept : data_(data), size_(size) {}

    basic_view(const basic_view &) = delete;
    basic_view &operator=(const basic_view &) = delete;

    basic_view(basic_view &&other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

    basic_view &operator=(basic_view &&other) noexcept {
        basic_view taken(std::move(other)); /* of itself, too */
        taken.swap(*this);
        return *this;
    }

    /* Who may write may read: a view for writing becomes one for reading. */
    template <typename Other, std::enable_if_t<std::is_same_v<const Other, Byte>, int> = 0>
    basic_view(basic_view<Other> &&other) noexcept : basic_view(adopt, other.data(), other.size()) {
        (void)other.release();
    }

    ~basic_view() { give_back(); }

    [[nodiscard]] Byte *data() const noexcept { return data_; }
    [[nodiscard]] size_type size() const noexcept { return size_; }
    [[nodiscard]] size_type size_bytes() const noexcept { return size_; }
    [[nodiscard]] Byte *begin() const noexcept { return data_; }
    [[nodiscard]] Byte *end() const noexcept { return data_ + size_; }
    [[nodiscard]] Byte &operator[](size_type index) const noexcept { return data_[index]; }

    /* Are there no bytes? That of a block of size 0 is empty, and has a lock nevertheless. */
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    /* Is there a lock? */
    explicit operator bool() const noexcept { return data_ != nullptr; }

    /*
     * The T at offset bytes, where it is; nullptr where the bytes do not suffice, or not the alignment. Offset 0 is
     * aligned to 64 bytes at least.
     */
    template <typename T>
    [[nodiscard]] element<T> *as(size_type offset = 0) const noexcept {
        static_assert(detail::is_shareable<T>, "T is trivially copyable, and no pointer");
        if (!holds(offset, sizeof(T))) return nullptr;
        Byte *const at = data_ + offset;
        return reinterpret_cast<std::uintptr_t>(at) % alignof(T) == 0 ? reinterpret_cast<element<T> *>(at) : nullptr;
    }

    /* A copy of the T at offset bytes, of any alignment. Throws std::out_of_range where the bytes do not suffice. */
    template <typename T>
    [[nodiscard]] std::remove_cv_t<T> read(size_type offset = 0) const {
        static_assert(detail::is_shareable<T>, "T is trivially copyable, and no pointer");
        if (!holds(offset, sizeof(T))) detail::raise<std::out_of_range>("shshared: read behind the end of a view");
        std::remove_cv_t<T> value;
        std::memcpy(&value, data_ + offset, sizeof value);
        return value;
    }

    /* Put value to offset bytes, of any alignment. Throws std::out_of_range where it does not fit, and writes nothing.
     */
    template <typename T, typename B = Byte, std::enable_if_t<!std::is_const_v<B>, int> = 0>
    void write(const T &value, size_type offset = 0) const {
        static_assert(detail::is_shareable<T>, "T is trivially copyable, and no pointer");
        if (!holds(offset, sizeof value)) detail::raise<std::out_of_range>("shshared: write behind the end of a view");
        std::memcpy(data_ + offset, &value, sizeof value);
    }

#ifdef __cpp_lib_span
    /* All whole Ts from the first byte on; an empty span where there is none. */
    template <typename T = std::byte>
    [[nodiscard]] std::span<element<T>> span() const noexcept {
        element<T> *const first = as<T>();
        return first == nullptr ? std::span<element<T>>() : std::span<element<T>>(first, size_ / sizeof(T));
    }
#endif

    /* Give the lock back now: SHS_E_VIEW, where somebody else did. The view is empty in every case. */
    void unlock() { detail::check(give_back(), "shs_unlock"); }
    bool unlock(std::error_code &error) noexcept { return detail::tell(give_back(), error); }

    /* Give up the lock without giving it back: it is the caller's, by shs_unlock() of the address. */
    [[nodiscard]] Byte *release() noexcept {
        size_ = 0;
        return std::exchange(data_, nullptr);
    }

    void swap(basic_view &other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }

    friend void swap(basic_view &a, basic_view &b) noexcept { a.swap(b); }

  private:
    [[nodiscard]] bool holds(size_type offset, size_type size) const noexcept {
        return offset <= size_ && size <= size_ - offset;
    }

    shs_status give_back() noexcept {
        Byte *const data = release();
        return data == nullptr ? SHS_OK : shs_unlock(data);
    }

    Byte *data_ = nullptr;
    size_type size_ = 0;
};

using view = basic_view<const std::byte>;
using writable_view = basic_view<std::byte>;
static_assert(sizeof(view) == sizeof(void *) + sizeof(std::size_t), "a view costs no more than address and size");

namespace detail {

template <typename Byte>
shs_status lock(shs_handle handle, shs_pid owner, basic_view<Byte> &result) noexcept {
    constexpr shs_access access = std::is_const_v<Byte> ? SHS_READ : SHS_READ_WRITE;
    void *data = nullptr;
    std::size_t size = 0;
    const shs_status status = shs_lock(handle, owner, access, &data, &size);
    if (status == SHS_OK) result = basic_view<Byte>(adopt, static_cast<Byte *>(data), size);
    return status;
}

template <typename View>
View locked(shs_handle handle, shs_pid owner) {
    View result;
    check(lock(handle, owner, result), "shs_lock");
    return result;
}

template <typename View>
View locked(shs_handle handle, shs_pid owner, std::error_code &error) noexcept {
    View result;
    tell(lock(handle, owner, result), error);
    return result;
}

}  // namespace detail

/*
 * Make the block (handle, owner) visible, for reading or for writing.
 *
 * Ownership: of the lock, the view's. The block stays whose it is.
 * Errors:    those of shs_lock().
 */
[[nodiscard]] inline view lock(shs_handle handle, shs_pid owner) { return detail::locked<view>(handle, owner); }

[[nodiscard]] inline view lock(shs_handle handle, shs_pid owner, std::error_code &error) noexcept {
    return detail::locked<view>(handle, owner, error);
}

[[nodiscard]] inline writable_view lock_writable(shs_handle handle, shs_pid owner) {
    return detail::locked<writable_view>(handle, owner);
}

[[nodiscard]] inline writable_view lock_writable(shs_handle handle, shs_pid owner, std::error_code &error) noexcept {
    return detail::locked<writable_view>(handle, owner, error);
}

/*
 * The size in bytes of the block that is seen at data, an address of shs_lock() or shs_alloc_locked(): what view(adopt,
 * …) wants to know.
 *
 * Errors:    those of shs_view_size(); 0 is told then.
 */
[[nodiscard]] inline std::size_t view_size(const void *data) {
    std::size_t size = 0;
    detail::check(shs_view_size(data, &size), "shs_view_size");
    return size;
}

[[nodiscard]] inline std::size_t view_size(const void *data, std::error_code &error) noexcept {
    std::size_t size = 0;
    detail::tell(shs_view_size(data, &size), error);
    return size;
}

}  // namespace shshared

#endif
