/*
 * Room behind a block: it is the block's alone, zero at first whatever was there before, and part of every view.
 */
#include <stdlib.h>
#include <string.h>

#include "support/actor.h"
#include "support/sizes.h"
#include "support/suite.h"

#define BLOCKS 64u

static const size_t lengths[] = {
    0, 1, 5, 63, 64, 65, 4091, 4092, 4093, 4096, 16385, 65535, 65536, 65537, 70000, 300000
};

/* Room for the rest of a page, where four bytes of it are somebody else's. */
static size_t room_of(size_t size) { return (size + 4 + 4095) / 4096 * 4096 - 4; }

static void *lock(shs_handle handle, shs_pid owner, size_t expected) {
    void *view = NULL;
    size_t size = 0;
    REQUIRE_STATUS(SHS_OK, shs_lock(handle, owner, SHS_READ_WRITE, &view, &size));
    CHECK_NUMBER(expected, size);
    return view;
}

static bool is_all(const unsigned char *bytes, size_t size, unsigned char value) {
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != value) return false;
    }
    return true;
}

/* Data, then zeros; then the room is written to, to its end. */
static void use(shs_handle handle, shs_pid owner, size_t size, unsigned char value) {
    unsigned char *view = lock(handle, owner, size);
    CHECK(is_all(view, size, value));
    CHECK(is_all(view + size, room_of(size) - size, 0));
    memset(view, value, room_of(size));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
}

static void check_whole(shs_handle handle, shs_pid owner, size_t size, unsigned char value) {
    const unsigned char *view = lock(handle, owner, size);
    CHECK(is_all(view, room_of(size), value));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
}

/* Many neighbours, each of which fills its room; freed, and again in the memory that they leave. */
static void neighbours(shs_pid owner, size_t size) {
    unsigned char *data = malloc(size + 1);
    shs_handle handles[BLOCKS] = { 0 };
    REQUIRE(data != NULL);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < BLOCKS; i++) {
            memset(data, (int)(i + 1), size);
            CHECK_STATUS(SHS_OK, shs_alloc_room(data, size, room_of(size), owner, &handles[i]));
            use(handles[i], owner, size, (unsigned char)(i + 1));
        }
        for (unsigned i = 0; i < BLOCKS; i++) {
            check_whole(handles[i], owner, size, (unsigned char)(i + 1));
            CHECK_STATUS(SHS_OK, shs_free(handles[i], owner));
        }
    }
    free(data);
}

static void all_sizes(shs_pid owner) {
    for (size_t i = 0; i < LENGTH(lengths); i++)
        neighbours(owner, lengths[i]);
}

static void in_this_process(void) { all_sizes(shs_self()); }

static void in_another_process(void) {
    struct child *owner = actor_start_attached();
    all_sizes(child_pid(owner));
    actor_end(owner);
}

static void with_pages_of_their_own(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.own_pages = 1;
    REQUIRE_STATUS(SHS_OK, shs_start(&options));
    all_sizes(shs_self());
    shs_stop();
}

static void without_data(void) {
    for (size_t i = 0; i < LENGTH(lengths); i++) {
        for (unsigned round = 0; round < 3; round++) {
            shs_handle handle = 0;
            CHECK_STATUS(SHS_OK, shs_alloc_room(NULL, lengths[i], room_of(lengths[i]), shs_self(), &handle));
            unsigned char *view = lock(handle, shs_self(), lengths[i]);
            CHECK(is_all(view, room_of(lengths[i]), 0));
            memset(view, 0xEE, room_of(lengths[i]));
            CHECK_STATUS(SHS_OK, shs_unlock(view));
            CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
        }
    }
}

/* What is mapped has it, here and there, and where it is mapped on. */
static void mapped_on(void) {
    struct child *owner = actor_start_attached();
    const shs_pid there = child_pid(owner), here = shs_self();
    for (size_t i = 0; i < LENGTH(lengths); i++) {
        shs_handle first = 0, second = 0, third = 0;
        unsigned char *data = calloc(1, lengths[i] + 1);
        REQUIRE(data != NULL);
        CHECK_STATUS(SHS_OK, shs_alloc_room(data, lengths[i], room_of(lengths[i]), there, &first));
        CHECK_STATUS(SHS_OK, shs_map_handle(first, there, here, SHS_READ_WRITE, &second));
        CHECK_STATUS(SHS_OK, shs_map_handle(second, here, there, SHS_READ_WRITE, &third));
        use(third, there, lengths[i], 0);
        unsigned char *view = lock(second, here, lengths[i]);
        memset(view, 0x77, room_of(lengths[i]));
        CHECK_STATUS(SHS_OK, shs_unlock(view));
        check_whole(first, there, lengths[i], 0x77);
        check_whole(third, there, lengths[i], 0x77);
        CHECK_STATUS(SHS_OK, shs_free(first, there));
        CHECK_STATUS(SHS_OK, shs_free(second, here));
        CHECK_STATUS(SHS_OK, shs_free(third, there));
        free(data);
    }
    actor_end(owner);
}

/* More than a page, and more than a size class. */
static void much_room(void) {
    shs_handle handle = 0, listed = 0;
    struct shs_block_info block;
    size_t count = 0;
    CHECK_STATUS(SHS_OK, shs_alloc_room("grows", 6, 3 * MIB, shs_self(), &handle));
    unsigned char *view = lock(handle, shs_self(), 6);
    CHECK(memcmp(view, "grows", 6) == 0 && is_all(view + 6, 3 * MIB - 6, 0));
    memset(view, 0x11, 3 * MIB);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    if (shs_list(shs_self(), &block, 1, &count) == SHS_OK) {
        listed = block.handle;
        CHECK_NUMBER(1, count);
        CHECK(listed == handle && block.size == 6);
    }
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static const struct test tests[] = {
    { "in this process", in_this_process },
    { "in another process", in_another_process },
    { "with pages of their own", with_pages_of_their_own },
    { "without data", without_data },
    { "mapped on", mapped_on },
    { "much room", much_room },
};

SUITE("room", tests)
