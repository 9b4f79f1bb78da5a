/*
 * Messages: what is encoded decodes to the same, and bytes that are no message are refused.
 */
#include "posix/ipc/wire.h"

#include <string.h>

#include "posix/ipc/list_object.h"
#include "support/pattern.h"
#include "support/suite.h"

static const struct message full = {
    .kind = WIRE_IMPORT,
    .status = -3,
    .handle = 0x12345678,
    .base = 0x23456789,
    .count = 0x3456789A,
    .pid = 0x456789AB,
    .access = 1,
    .split = 1,
    .third = 7,
    .serial = 0x56789ABC,
    .stride = UINT64_C(0x0123456789ABCDEF),
    .offset = UINT64_C(0x123456789ABCDEF0),
    .size = UINT64_C(0xFEDCBA9876543210),
    .nonce = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
};

static bool are_equal(const struct message *a, const struct message *b) {
    return a->kind == b->kind && a->status == b->status && a->handle == b->handle && a->base == b->base &&
           a->count == b->count && a->pid == b->pid && a->access == b->access && a->split == b->split &&
           a->third == b->third && a->serial == b->serial && a->stride == b->stride && a->offset == b->offset &&
           a->size == b->size && memcmp(a->nonce, b->nonce, sizeof a->nonce) == 0;
}

static void messages_come_back(void) {
    uint8_t bytes[WIRE_SIZE];
    for (uint32_t kind = WIRE_HELLO; kind < WIRE_KINDS; kind++) {
        struct message message = full;
        struct message decoded;
        message.kind = (enum wire_kind)kind;
        shs__wire_encode(&message, bytes);
        CHECK(shs__wire_decode(bytes, &decoded));
        CHECK(are_equal(&message, &decoded));
    }
}

/* Written out: programs of different versions of the compiler and the library meet on these bytes. */
static void layout_is_published(void) {
    uint8_t bytes[WIRE_SIZE];
    shs__wire_encode(&full, bytes);
    CHECK_NUMBER(80, WIRE_SIZE);
    CHECK(memcmp(bytes, "SHS1\x05\x00", 6) == 0);
    CHECK(memcmp(bytes + 16, "\x78\x56\x34\x12\x89\x67\x45\x23\x9A\x78\x56\x34\xAB\x89\x67\x45", 16) == 0);
    CHECK(memcmp(bytes + 40, "\xEF\xCD\xAB\x89\x67\x45\x23\x01\xF0\xDE\xBC\x9A\x78\x56\x34\x12", 16) == 0);
    CHECK(memcmp(bytes + 64, full.nonce, sizeof full.nonce) == 0);
}

static bool is_refused_with(size_t at, uint8_t value) {
    uint8_t bytes[WIRE_SIZE];
    struct message decoded;
    shs__wire_encode(&full, bytes);
    bytes[at] = value;
    return !shs__wire_decode(bytes, &decoded);
}

static void what_is_no_frame_is_refused(void) {
    CHECK(is_refused_with(0, 'X'));        /* magic */
    CHECK(is_refused_with(3, '2'));        /* magic */
    CHECK(is_refused_with(4, 1));          /* version */
    CHECK(is_refused_with(5, 1));          /* version */
    CHECK(is_refused_with(6, 0));          /* no kind */
    CHECK(is_refused_with(6, WIRE_KINDS)); /* a kind of a later version */
    CHECK(is_refused_with(7, 1));          /* the same */
    CHECK(is_refused_with(32, 2));         /* an access that is none */
    CHECK(is_refused_with(33, 1));         /* the same */
    CHECK(is_refused_with(34, 2));         /* neither split nor whole */
    CHECK(is_refused_with(35, 33));        /* a number that no third process has */
}

static void other_byte_order_is_refused(void) {
    uint8_t bytes[WIRE_SIZE];
    struct message decoded;
    shs__wire_encode(&full, bytes);
    const uint8_t mirrored[4] = { bytes[11], bytes[10], bytes[9], bytes[8] };
    memcpy(bytes + 8, mirrored, sizeof mirrored);
    CHECK(!shs__wire_decode(bytes, &decoded));
}

/* Whatever decodes encodes to a message again, and garbage does not decode by accident. */
static void garbage_is_refused(void) {
    uint8_t bytes[WIRE_SIZE];
    struct message decoded;
    for (uint32_t i = 0; i < 10000; i++) {
        pattern_fill(bytes, sizeof bytes, i);
        CHECK(!shs__wire_decode(bytes, &decoded));
    }
}

/* A block can be larger than one word tells. */
static void a_list_comes_as_it_went(void) {
    const struct shs_block_info sent = {
        .size = UINT64_C(5) << 32 | 7, .handle = 8, .giver = 9, .writable = 1, .viewers = 3
    };
    struct shs_block_info got = { 0 };
    int fd = -1;
    REQUIRE_STATUS(SHS_OK, shs__list_object_make(&sent, 1, &fd));
    REQUIRE_STATUS(SHS_OK, shs__list_object_read(fd, 1, &got, 1));
    CHECK_NUMBER(sent.size, got.size);
    CHECK(got.handle == sent.handle && got.giver == sent.giver && got.writable == sent.writable &&
          got.viewers == sent.viewers);
}

static const struct test tests[] = {
    { "messages come back as they were", messages_come_back },
    { "the layout is the published one", layout_is_published },
    { "what is no message is refused", what_is_no_frame_is_refused },
    { "the other byte order is refused", other_byte_order_is_refused },
    { "garbage is refused", garbage_is_refused },
    { "a list comes as it went", a_list_comes_as_it_went },
};

SUITE("wire", tests)
