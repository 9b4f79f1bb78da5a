/*
 * Relay: Boost.Interprocess with one managed segment that all processes keep, and its allocator in it. See
 * boost_managed.cpp for what that cannot do.
 */
#include "boost_segment.hpp"
#include "relay.h"

static boost_segment *segment;

/* One block more than are in flight: the allocator's own words lie between them. */
static void make_segment(size_t largest) { segment = make_boost_segment(RELAY_FLIGHT + 1, largest); }

static void *show(const letter *letter, int) {
    return segment->get_address_from_handle(static_cast<boost_segment::handle_t>(letter->handle));
}

static void *allocate(letter *letter) {
    void *piece = segment->allocate(letter->size);
    letter->handle = static_cast<uint64_t>(segment->get_handle_from_address(piece));
    return piece;
}

static void deallocate(const letter *letter) { segment->deallocate(show(letter, 0)); }

const struct relay_peer relay_peer = {
    make_segment, nullptr, allocate, nullptr, show, nullptr, deallocate, nullptr, 0
};
