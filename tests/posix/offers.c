/*
 * Processes of the same user that offer what nobody should take, or release what is not theirs: the owner refuses,
 * leaks nothing, and serves all others.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel.h"
#include "posix/block/handle_table.h"
#include "posix/block/segment.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"
#include "target.h"

static int sealed_memfd(uint64_t size, int seals) {
    const int fd = memfd_create("offer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    REQUIRE(fd >= 0);
    if (size > 0) CHECK(posix_fallocate(fd, 0, (off_t)size) == 0);
    if (seals != 0) CHECK(fcntl(fd, F_ADD_SEALS, seals) == 0);
    return fd;
}

#define GIVEN_MOST 20000 /* segments, in the case that nobody refuses */

#define GOOD_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static struct message good_offer(void) {
    return (struct message){ .kind = WIRE_ADD_SEGMENT, .count = 8, .stride = 64, .offset = shs__segment_head(8) };
}

static void check_refused(const struct message *request, int fd) {
    struct message response = { .status = SHS_E_PROTOCOL };
    const int intruder = raw_greet(child_pid(owner));
    CHECK(!raw_ask(intruder, request, fd, &response) || response.status != SHS_OK);
    close(intruder);
    if (fd >= 0) close(fd);
}

static int read_only_memfd(void) {
    char path[64];
    const int fd = sealed_memfd(65536, GOOD_SEALS);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const int again = open(path, O_RDONLY | O_CLOEXEC);
    close(fd);
    return again;
}

static int one_end_of_a_pipe(void) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    close(ends[0]);
    return ends[1];
}

static void wrong_kinds_of_descriptors(void) {
    const struct message offer = good_offer();
    owner_start();
    check_refused(&offer, -1);
    check_refused(&offer, one_end_of_a_pipe());
    check_refused(&offer, socket(AF_UNIX, SOCK_STREAM, 0));
    check_refused(&offer, open("/", O_RDONLY | O_DIRECTORY));
    check_refused(&offer, open("/dev/zero", O_RDWR));
    check_refused(&offer, open("/proc/self/exe", O_RDONLY));
    check_refused(&offer, open("/tmp", O_TMPFILE | O_RDWR, 0600));
    check_refused(&offer, read_only_memfd());
    check_refused(&offer, sealed_memfd(65536, GOOD_SEALS | F_SEAL_WRITE));
    check_refused(&offer, sealed_memfd(0, GOOD_SEALS));
    check_refused(&offer, sealed_memfd(4096, GOOD_SEALS));
    check_refused(&offer, sealed_memfd(offer.offset + offer.stride, GOOD_SEALS)); /* there are more slots */
    const struct message map = { .kind = WIRE_IMPORT, .access = 0, .stride = 64, .size = 64 };
    check_refused(&map, read_only_memfd()); /* not even for a block that nobody writes */
    owner_end();
}

/* Each but the two that bring one; and those, without. */
static void descriptors_where_none_belongs(void) {
    struct message response;
    owner_start();
    const int intruder = raw_greet(child_pid(owner)), memory = sealed_memfd(65536, GOOD_SEALS);
    for (enum wire_kind kind = WIRE_PROBE; kind < WIRE_KINDS; kind++) {
        const bool brings = kind == WIRE_ADD_SEGMENT || kind == WIRE_IMPORT;
        const struct message request = { .kind = kind, .handle = treasure, .serial = kind };
        CHECK(raw_ask(intruder, &request, brings ? -1 : memory, &response));
        CHECK(response.kind == kind && response.serial == (uint32_t)kind);
        CHECK_STATUS(SHS_E_PROTOCOL, (shs_status)response.status);
    }
    close(memory);
    close(intruder);
    owner_end();
}

static int tmpfs_file(void) {
    const int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
    if (fd < 0) return -1;
    CHECK(posix_fallocate(fd, 0, 65536) == 0);
    return fd;
}

static int memfd_that_cannot_be_sealed(void) {
    const int fd = memfd_create("offer", MFD_CLOEXEC);
    REQUIRE(fd >= 0);
    CHECK(posix_fallocate(fd, 0, 65536) == 0);
    return fd;
}

static void objects_that_can_be_cut(void) {
    const struct message offer = good_offer();
    if (!system_seals_memory()) return;
    owner_start();
    check_refused(&offer, tmpfs_file());
    check_refused(&offer, memfd_that_cannot_be_sealed());
    check_refused(&offer, sealed_memfd(65536, 0));
    check_refused(&offer, sealed_memfd(65536, F_SEAL_GROW | F_SEAL_SEAL));
    check_refused(&offer, sealed_memfd(65536, F_SEAL_SHRINK | F_SEAL_SEAL));
    check_refused(&offer, sealed_memfd(65536, F_SEAL_SHRINK | F_SEAL_GROW));
    const struct message map = { .kind = WIRE_IMPORT, .access = 0, .stride = 64, .size = 64 };
    check_refused(&map, sealed_memfd(65536, 0));
    check_refused(&map, tmpfs_file());
    check_refused(&map, memfd_that_cannot_be_sealed());
    check_refused(&map, sealed_memfd(65536, GOOD_SEALS | F_SEAL_WRITE)); /* what it shows is not shared any more */
    check_refused(&map, sealed_memfd(65536, GOOD_SEALS | F_SEAL_FUTURE_WRITE));
    owner_end();
}

/* Their size is right, and some or all of their memory is still to be found when it is touched. */
static void objects_without_memory(void) {
    const struct message offer = good_offer(), map = { .kind = WIRE_IMPORT, .access = 0, .stride = 64, .size = 64 };
    if (!system_seals_memory() || !kernel_tells_what_is_reserved()) return;
    owner_start();
    const int none = sealed_memfd(0, 0), half = sealed_memfd(32768, 0);
    CHECK(ftruncate(none, 65536) == 0 && fcntl(none, F_ADD_SEALS, GOOD_SEALS) == 0);
    CHECK(ftruncate(half, 65536) == 0 && fcntl(half, F_ADD_SEALS, GOOD_SEALS) == 0);
    check_refused(&map, dup(none));
    check_refused(&map, dup(half));
    check_refused(&offer, none);
    check_refused(&offer, half);
    owner_end();
}

static void impossible_geometry(void) {
    static const struct {
        uint32_t count;
        uint64_t stride, offset;
    } shapes[] = {
        { 0, 64, 4096 },
        { 3, 64, 4096 },
        { UINT32_MAX, 64, 4096 },
        { 1u << 31, 64, 4096 },
        { 8, 0, 4096 },
        { 8, 1, 4096 },
        { 8, 63, 4096 },
        { 8, 96, 4096 },
        { 8, UINT64_MAX, 4096 },
        { 8, UINT64_C(1) << 63, 4096 },
        { 8, UINT64_C(1) << 61, 4096 },
        { 8, 64, 0 },
        { 8, 64, 64 },
        { 8, 64, 4097 },
        { 8, 64, UINT64_MAX },
        { 8, 64, UINT64_MAX - 4095 },
        { 1, UINT64_MAX - 8191, 4096 },
        { 8, 65536, 4096 },
        { 8, 64, 8192 }, /* words in the middle of an object, as an owner's own may be */
    };
    owner_start();
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        const struct message offer = {
            .kind = WIRE_ADD_SEGMENT, .count = shapes[i].count, .stride = shapes[i].stride, .offset = shapes[i].offset
        };
        check_refused(&offer, sealed_memfd(65536, GOOD_SEALS));
    }
    owner_end();
}

static void impossible_mappings(void) {
    static const struct {
        uint64_t offset, room, size;
    } places[] = {
        { 0, UINT64_MAX, UINT64_MAX },
        { 0, UINT64_MAX - 63, UINT64_MAX - 63 },
        { 0, UINT64_MAX - 63, 1 },
        { 0, 65536 + 64, 65537 },
        { 0, 65536 + 64, 1 },
        { 0, 64, 65 },
        { 0, 0, 0 },
        { 0, 0, 1 },
        { 0, 32, 1 },
        { 0, 100, 100 },
        { 64, 65536, 1 },
        { 65536, 64, 1 },
        { UINT64_MAX - 63, 64, 64 },
        { UINT64_MAX, 64, 1 },
        { 1, 64, 64 },
        { UINT64_C(1) << 62, 64, 64 },
    };
    owner_start();
    for (size_t i = 0; i < LENGTH(places); i++) {
        const struct message map = { .kind = WIRE_IMPORT,
                                     .access = 1,
                                     .offset = places[i].offset,
                                     .stride = places[i].room,
                                     .size = places[i].size };
        check_refused(&map, sealed_memfd(65536, GOOD_SEALS));
    }
    owner_end();
}

/* It is sane in itself; but every address in it has to be known, and the library makes none so large. */
static void a_shared_segment_that_is_too_large(void) {
    const struct message offer = { .kind = WIRE_ADD_SEGMENT, .count = 2, .stride = 4 * MIB, .offset = 4096 };
    const struct message largest = { .kind = WIRE_ADD_SEGMENT, .count = 64, .stride = 64 * KIB, .offset = 4096 };
    struct message response;
    owner_start();
    check_refused(&offer, sealed_memfd(8 * MIB + 4096, GOOD_SEALS));
    const int fd = sealed_memfd(4 * MIB + 4096, GOOD_SEALS), giver = raw_greet(child_pid(owner));
    CHECK(raw_ask(giver, &largest, fd, &response) && response.status == SHS_OK);
    close(fd);
    close(giver);
    owner_end();
}

#define LOOKS_MOST 20000

/* The block lives on; nothing comes into the other places. */
static void what_the_dead_gave_is_retired(void) {
    const struct message offer = good_offer();
    struct message response;
    owner_start();
    const int fd = sealed_memfd(65536, GOOD_SEALS);
    slot_word *words = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    REQUIRE(words != MAP_FAILED);
    const int giver = raw_greet(child_pid(owner));
    CHECK(raw_ask(giver, &offer, fd, &response) && response.status == SHS_OK);
    atomic_store(&words[0], 1u << SLOT_GENERATION_SHIFT | SLOT_LIVE);
    close(fd);
    close(giver);
    for (int i = 0; i < LOOKS_MOST && (atomic_load(&words[7]) & SLOT_RETIRED) == 0; i++)
        CHECK_STATUS(SHS_OK, shs_probe(child_pid(owner))); /* which it answers after it has heard of the end */
    for (int i = 0; i < 8; i++)
        CHECK((atomic_load(&words[i]) & SLOT_RETIRED) != 0);
    CHECK_STATUS(SHS_OK, shs_free(handle_make(response.base, 1), child_pid(owner)));
    munmap(words, 65536);
    owner_end();
}

/* The offer is fine; what stands in it afterwards is not. */
static void scribbled_words(void) {
    const struct message offer = good_offer();
    struct message response;
    size_t count = 0;
    owner_start();
    const int fd = sealed_memfd(65536, GOOD_SEALS);
    uint32_t *words = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    REQUIRE(words != MAP_FAILED);
    const int intruder = raw_greet(child_pid(owner));
    CHECK(raw_ask(intruder, &offer, fd, &response) && response.status == SHS_OK);
    close(fd);
    for (uint32_t pattern = 0; pattern < 50; pattern++) {
        uint64_t view = 0;
        pattern_fill(words, 4096, pattern);
        CHECK_STATUS(SHS_OK, shs_list(child_pid(owner), NULL, 0, &count));
        for (uint32_t slot = 0; slot < 8; slot++) {
            const uint32_t generation = words[slot] >> 8 & 0x7FF;
            const shs_handle handle = handle_make(response.base + slot, generation);
            if (handle == 0 || actor_lock(owner, handle, child_pid(owner), SHS_READ, &view) != SHS_OK) continue;
            const struct actor_request size = { .command = ACTOR_VIEW_SIZE, .view = view };
            CHECK(actor_ask(owner, size).size <= 64);
            CHECK_STATUS(SHS_OK, actor_unlock(owner, view));
        }
    }
    munmap(words, 65536);
    close(intruder);
    owner_end();
}

/* ---- all that there is ---- */

/* One segment after the other until no more is taken, each of them full. */
static void take_all_that_there_is(int giver, uint32_t count) {
    static uint32_t words[SEGMENT_SLOTS_MOST];
    const struct message offer = {
        .kind = WIRE_ADD_SEGMENT, .count = count, .stride = 64, .offset = shs__segment_head(count)
    };
    struct message response = { .status = SHS_OK };
    for (size_t i = 0; i < LENGTH(words); i++)
        words[i] = 1u << SLOT_GENERATION_SHIFT | SLOT_LIVE;
    for (int i = 0; i < GIVEN_MOST && response.status == SHS_OK; i++) {
        const int fd = sealed_memfd(offer.offset + (uint64_t)count * 64, GOOD_SEALS);
        CHECK(raw_ask(giver, &offer, fd, &response));
        CHECK(pwrite(fd, words, count * sizeof *words, 0) == (ssize_t)(count * sizeof *words));
        close(fd);
    }
    CHECK_STATUS(SHS_E_LIMIT, (shs_status)response.status);
}

/* Whatever one process gives, the owner can go on by itself, and others can give it something. */
static void something_is_left_for_others(void) {
    static const uint32_t counts[] = { 8, SEGMENT_SLOTS_MOST }; /* for want of descriptors, and of numbers */
    static const size_t block_sizes[] = { 1, 1000, 60000, MIB };
    for (size_t i = 0; i < LENGTH(counts); i++) {
        shs_handle handles[LENGTH(block_sizes)] = { 0 };
        owner_start();
        const shs_pid pid = child_pid(owner);
        const int giver = raw_greet(pid);
        take_all_that_there_is(giver, counts[i]);
        for (size_t j = 0; j < LENGTH(block_sizes); j++)
            CHECK_STATUS(SHS_OK, actor_alloc(owner, 2, block_sizes[j], pid, &handles[j]));
        struct child *other = actor_start();
        for (size_t j = 0; j < LENGTH(block_sizes); j++) {
            CHECK_STATUS(SHS_OK, shs_free(handles[j], pid));
            CHECK_STATUS(SHS_OK, actor_alloc(other, 3, block_sizes[j], pid, &handles[j]));
            CHECK_STATUS(SHS_OK, shs_free(handles[j], pid));
        }
        actor_end(other);
        close(giver);
        owner_end();
    }
}

/* ---- releases ---- */

static void others_segments_are_not_retired(void) {
    struct message response;
    owner_start();
    const int intruder = raw_greet(child_pid(owner));
    const struct message find = { .kind = WIRE_LOOKUP, .handle = treasure };
    CHECK(raw_ask(intruder, &find, -1, &response) && response.status == SHS_OK);
    const uint32_t bases[] = { response.base, response.base + 1, 0, INDEX_COUNT, UINT32_MAX };
    for (size_t i = 0; i < LENGTH(bases); i++) {
        const struct message retire = { .kind = WIRE_RELEASE_SEGMENT, .base = bases[i] };
        CHECK(raw_say(intruder, &retire, -1));
    }
    const struct message probe = { .kind = WIRE_PROBE };
    struct message probed;
    CHECK(raw_ask(intruder, &probe, -1, &probed) && probed.kind == WIRE_PROBE); /* all before was heard */
    const shs_handle next = block_new(2, TARGET_SIZE, child_pid(owner));
    CHECK(block_holds(next, child_pid(owner), 2, TARGET_SIZE));
    CHECK(handle_index(next) - response.base < response.count); /* there is room in it, and it is used */
    CHECK_STATUS(SHS_OK, shs_free(next, child_pid(owner)));
    close(intruder);
    owner_end();
}

/* A segment is released by its first number, and by no other in it. */
static void a_number_inside_a_segment_releases_nothing(void) {
    const struct message offer = good_offer();
    struct message response, found;
    owner_start();
    const int fd = sealed_memfd(65536, GOOD_SEALS);
    const int intruder = raw_greet(child_pid(owner));
    REQUIRE(raw_ask(intruder, &offer, fd, &response) && response.status == SHS_OK);
    const uint32_t live = 1u << SLOT_GENERATION_SHIFT | SLOT_LIVE, none = 0;
    const struct message probe = { .kind = WIRE_PROBE };
    const struct message find = { .kind = WIRE_LOOKUP, .handle = handle_make(response.base, 1) };
    const struct message inside = { .kind = WIRE_RELEASE_SEGMENT, .base = response.base + 1 };
    CHECK(raw_say(intruder, &inside, -1));
    CHECK(raw_ask(intruder, &probe, -1, &found)); /* it was heard before there is a block */
    CHECK(pwrite(fd, &live, sizeof live, 0) == (ssize_t)sizeof live);
    CHECK(raw_ask(intruder, &find, -1, &found));
    CHECK_STATUS(SHS_OK, (shs_status)found.status);
    CHECK(pwrite(fd, &none, sizeof none, 0) == (ssize_t)sizeof none);
    const struct message first = { .kind = WIRE_RELEASE_SEGMENT, .base = response.base };
    CHECK(raw_say(intruder, &first, -1));
    CHECK(raw_ask(intruder, &probe, -1, &found));
    CHECK(pwrite(fd, &live, sizeof live, 0) == (ssize_t)sizeof live);
    CHECK(raw_ask(intruder, &find, -1, &found));
    CHECK_STATUS(SHS_E_HANDLE, (shs_status)found.status);
    close(fd);
    close(intruder);
    owner_end();
}

static const struct test tests[] = {
    { "wrong kinds of descriptors", wrong_kinds_of_descriptors },
    { "descriptors where none belongs", descriptors_where_none_belongs },
    { "objects that can be cut", objects_that_can_be_cut },
    { "objects without memory", objects_without_memory },
    { "impossible geometry", impossible_geometry },
    { "a shared segment that is too large", a_shared_segment_that_is_too_large },
    { "impossible mappings", impossible_mappings },
    { "what the dead gave is retired", what_the_dead_gave_is_retired },
    { "scribbled state words", scribbled_words },
    { "something is left for others", something_is_left_for_others },
    { "others' segments are not retired", others_segments_are_not_retired },
    { "a number inside a segment releases nothing", a_number_inside_a_segment_releases_nothing },
};

SUITE("offers", tests)
