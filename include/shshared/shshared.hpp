/*
 * shshared for C++17 and later: the C interface (shshared.h) with objects that give back what they own, exceptions or
 * std::error_code, and nothing that costs more. All of it is inline; nothing is to be linked but the library.
 *
 *   cpp/error.hpp     shs_status as std::error_code, category(), native_error()
 *   cpp/view.hpp      view, writable_view: lock(), lock_writable(), view_size()
 *   cpp/block.hpp     block: alloc(), alloc_zeroed(), alloc_room(), alloc_locked(), map_handle(), free()
 *   cpp/library.hpp   session: start(); self(), probe(), wait(), list(), dispatch(), poll_fd(), version()
 *
 * Rules that hold for every function, and are not repeated there:
 *   - What a function does, and what it may come to, is said in shshared.h, under its name there (shs_lock()).
 *   - Every function that can fail is there twice, as in std::filesystem. Without an std::error_code it throws
 *     std::system_error, whose code() is the status. With one as its last argument it throws nothing: error is what
 *     it came to, or std::error_code(), and on failure the result is empty: an object without block, lock or start,
 *     false, 0, or no elements.
 *   - In a program without exceptions (-fno-exceptions) whatever would throw ends it instead, as a vector does. RTTI is
 * not needed.
 *   - Arguments are never checked twice: what shshared.h forbids is forbidden here.
 *   - Functions may be called from any thread at any time, but not from a signal handler. An object is like one of the
 *     standard library: different ones by different threads, one by several that only ask.
 *   - Nothing is allocated but the elements of list(), and what() of an exception.
 *
 * The owner takes, and the giver gives:
 *
 *     auto library = shshared::start();                          auto given = shshared::alloc(text, pid);
 *     … self() goes to the giver, a handle comes …               send(given.release());
 *     shshared::block taken(shshared::adopt, handle, shshared::self());
 *     for (std::byte byte : taken.lock()) …
 */
#ifndef SHSHARED_SHSHARED_HPP
#define SHSHARED_SHSHARED_HPP

#include <shshared/cpp/block.hpp>
#include <shshared/cpp/error.hpp>
#include <shshared/cpp/library.hpp>
#include <shshared/cpp/view.hpp>

#endif
