/*
 * Where the headers throw, and what they do in a program that is built without exceptions (-fno-exceptions): functions
 * that would throw end it there, as those of the standard library do; those with a std::error_code are the same.
 * Included by the headers that throw.
 */
#ifndef SHSHARED_CPP_EXCEPTIONS_HPP
#define SHSHARED_CPP_EXCEPTIONS_HPP

#include <exception>
#include <utility>

namespace shshared::detail {

/* Throw an Error that is made of these arguments. */
template <typename Error, typename... Arguments>
[[noreturn]] inline void raise([[maybe_unused]] Arguments &&...arguments) {
#ifdef __cpp_exceptions
    throw Error(std::forward<Arguments>(arguments)...);
#else
    std::terminate();
#endif
}

/* What function() says, or otherwise what stands for an exception of it. */
template <typename Function, typename Result>
[[nodiscard]] inline Result guarded(Function function, [[maybe_unused]] Result otherwise) noexcept {
#ifdef __cpp_exceptions
    try {
        return function();
    } catch (const std::exception &) {
        return otherwise;
    }
#else
    return function();
#endif
}

}  // namespace shshared::detail

#endif
