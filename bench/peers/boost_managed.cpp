/*
 * Peer: Boost.Interprocess with one managed segment that both processes keep, and its allocator in it. Faster than an
 * object for each block, and less: both must know the segment beforehand, its size is fixed, and a process that dies
 * inside the allocator leaves its mutex locked.
 */
#include <cstring>

#include "boost_segment.hpp"
#include "peer.h"
#include "support.h"

static boost_segment *segment;

static void make_segment(size_t largest) { segment = make_boost_segment(bench_crowd.givers, largest); }

static void give_piece(const void *data, size_t size, letter *letter) {
    void *piece = segment->allocate(size);
    std::memcpy(piece, data, size);
    letter->handle = static_cast<uint64_t>(segment->get_handle_from_address(piece));
}

static uint64_t take_piece(const letter *letter) {
    void *piece = segment->get_address_from_handle(static_cast<boost_segment::handle_t>(letter->handle));
    const uint64_t sum = sum_words(piece, letter->size);
    segment->deallocate(piece);
    return sum;
}

const struct bench_peer bench_peer = { make_segment, nullptr, give_piece, nullptr, take_piece, nullptr, 0 };
