/*
 * The harness of the suites, for suites in C++: a test that throws has failed, and the next one goes on.
 */
#ifndef TESTS_CPP_SUITE_HPP
#define TESTS_CPP_SUITE_HPP

#include <exception>
#include <shshared/shshared.hpp>
#include <system_error>

#include "support/actor.h"
#include "support/block.h"
#include "support/pattern.h"
#include "support/suite.h"

template <void (*body)()>
void guarded() {
    try {
        body();
    } catch (const std::exception &problem) {
        check_true(false, problem.what(), __FILE__, __LINE__, false);
    }
}

#define TEST(text, body) \
    { text, guarded<body> }

/* What a call throws: its code, or none. */
template <typename Call>
std::error_code thrown_by(Call call) {
    try {
        call();
    } catch (const std::system_error &problem) {
        return problem.code();
    }
    return {};
}

#endif
