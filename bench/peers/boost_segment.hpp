/*
 * A managed segment of Boost.Interprocess that is made before there are several processes: the mapping is inherited,
 * and its name can go at once. It has room for so many blocks of the largest size.
 */
#ifndef BENCH_BOOST_SEGMENT_HPP
#define BENCH_BOOST_SEGMENT_HPP

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/interprocess/managed_shared_memory.hpp>
#include <cstddef>
#include <string>

using boost_segment = boost::interprocess::managed_shared_memory;

inline boost_segment *make_boost_segment(size_t blocks, size_t largest) {
    namespace ipc = boost::interprocess;
    const std::string name = "bench-boost-managed-" + std::to_string(getpid());
    auto *segment = new boost_segment(ipc::create_only, name.c_str(), blocks * largest + (size_t{ 1 } << 20));
    shm_open(name.c_str(), O_RDWR, 0600); /* stays open, so that its memory is counted */
    ipc::shared_memory_object::remove(name.c_str());
    return segment;
}

#endif
