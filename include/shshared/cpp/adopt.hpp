/*
 * How to make an object the owner of what there is already. Included by shshared.hpp.
 */
#ifndef SHSHARED_CPP_ADOPT_HPP
#define SHSHARED_CPP_ADOPT_HPP

namespace shshared {

/* The first argument that says so: block(adopt, handle, owner), view(adopt, address, size), session(adopt). */
struct adopt_t {
    explicit adopt_t() = default;
};
inline constexpr adopt_t adopt{};

}  // namespace shshared

#endif
