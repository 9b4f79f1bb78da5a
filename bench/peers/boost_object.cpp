/*
 * Peer: Boost.Interprocess with an object for each block. The giver makes a shared_memory_object of a fresh name, maps
 * and fills it; the taker opens it by its name, maps, reads and removes it.
 */
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
#include <cstdio>
#include <cstring>

#include "peer.h"
#include "support.h"

namespace ipc = boost::interprocess;

static void give_object(const void *data, size_t size, letter *letter) {
    static unsigned serial;
    std::snprintf(letter->name, sizeof letter->name, "bench-boost-%ld-%u", static_cast<long>(getpid()), serial++);
    ipc::shared_memory_object object(ipc::create_only, letter->name, ipc::read_write);
    object.truncate(static_cast<ipc::offset_t>(size));
    ipc::mapped_region view(object, ipc::read_write);
    std::memcpy(view.get_address(), data, size);
}

static uint64_t take_object(const letter *letter) {
    uint64_t sum = 0;
    {
        ipc::shared_memory_object object(ipc::open_only, letter->name, ipc::read_only);
        ipc::mapped_region view(object, ipc::read_only);
        sum = sum_words(view.get_address(), letter->size);
    }
    ipc::shared_memory_object::remove(letter->name);
    return sum;
}

const struct bench_peer bench_peer = { nullptr, nullptr, give_object, nullptr, take_object, nullptr, 0 };
