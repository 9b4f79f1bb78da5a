/*
 * How C++ is told of failures: shs_status is an enum of error codes. Included by shshared.hpp.
 *
 * Every status converts to a std::error_code, and can be compared with one: error == SHS_E_TIMEOUT. Those that mean
 * what a std::errc means compare equal to it, too: error == std::errc::timed_out.
 */
#ifndef SHSHARED_CPP_ERROR_HPP
#define SHSHARED_CPP_ERROR_HPP

#include <string>
#include <system_error>

#include <shshared/shshared.h>
#include <shshared/cpp/exceptions.hpp>

template <>
struct std::is_error_code_enum<shs_status> : std::true_type {};

namespace shshared {

namespace detail {

/* What this header knows: any other number is none that an shs_status is sure to hold. */
constexpr bool is_status(int value) noexcept {
    switch (value) {
#define SHSHARED_CASE(name, number, text) case number:
        SHS_STATUS_LIST(SHSHARED_CASE)
#undef SHSHARED_CASE
        return true;
        default:
            return false;
    }
}

class status_category final : public std::error_category {
  public:
    [[nodiscard]] const char *name() const noexcept override { return "shshared"; }

    [[nodiscard]] std::string message(int value) const override {
        return is_status(value) ? shs_status_text(static_cast<shs_status>(value)) : "unknown status";
    }

    /* The others have no like in std::errc, and are conditions of their own. */
    [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override {
        switch (value) {
            case SHS_OK:
                return std::error_condition();
            case SHS_E_ARGUMENT:
                return std::errc::invalid_argument;
            case SHS_E_NO_PROCESS:
                return std::errc::no_such_process;
            case SHS_E_ACCESS:
            case SHS_E_READ_ONLY:
                return std::errc::permission_denied;
            case SHS_E_NO_MEMORY:
                return std::errc::not_enough_memory;
            case SHS_E_TIMEOUT:
                return std::errc::timed_out;
            case SHS_E_PROTOCOL:
                return std::errc::protocol_error;
            case SHS_E_UNSUPPORTED:
                return std::errc::not_supported;
            default:
                return std::error_condition(value, *this);
        }
    }
};

}  // namespace detail

/*
 * The category of all errors of this library.
 *
 * Lifetime:  of the process. A program and a module of it that hides its symbols, and on Windows every DLL, have a
 *            category each: codes of two categories differ, and are compared by their conditions or their value().
 */
[[nodiscard]] inline const std::error_category &category() noexcept {
    static const detail::status_category instance;
    return instance;
}

/* What the system said of the last failure in this thread, as shs_native_error(). For diagnosis only. */
[[nodiscard]] inline std::error_code native_error() noexcept {
    return std::error_code(static_cast<int>(shs_native_error()), std::system_category());
}

}  // namespace shshared

/* Found by std::error_code. Success is the error code that says nothing, so that it equals std::error_code(), too. */
[[nodiscard]] inline std::error_code make_error_code(shs_status status) noexcept {
    return status == SHS_OK ? std::error_code() : std::error_code(status, shshared::category());
}

namespace shshared::detail {

/* The two ways to tell of a failure: call is the function of the C interface, for what() of the exception. */
inline void check(shs_status status, const char *call) {
    if (status != SHS_OK) raise<std::system_error>(make_error_code(status), call);
}

inline bool tell(shs_status status, std::error_code &error) noexcept {
    error = status;
    return status == SHS_OK;
}

}  // namespace shshared::detail

#endif
