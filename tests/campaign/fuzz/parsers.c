/*
 * Fuzzed: what is read without a conversation. Messages, the status file of a process, a list of blocks in an object
 * that a peer made, the shape of a segment, and where the environment says that processes find each other.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "posix/block/segment.h"
#include "posix/ipc/list_object.h"
#include "posix/ipc/runtime_dir.h"
#include "posix/ipc/wire.h"
#include "posix/os/process_info_linux.c" /* NOLINT(bugprone-suspicious-include): parse_status() is its own */

static void start(void) { fuzz_must(shs_start(NULL) == SHS_OK); }

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_begin(start);
    return 0;
}

/* What decodes is encoded to the same bytes, but for those that say nothing. */
static void decode(struct input *input) {
    uint8_t bytes[WIRE_SIZE], again[WIRE_SIZE];
    struct message message, second;
    take_bytes(input, bytes, sizeof bytes);
    if (!shs__wire_decode(bytes, &message)) return;
    fuzz_must(message.access <= 1 && message.split <= 1 && message.third <= WIRE_THIRDS_MOST);
    fuzz_must(message.kind >= WIRE_HELLO && message.kind < WIRE_KINDS);
    shs__wire_encode(&message, again);
    fuzz_must(shs__wire_decode(again, &second) && memcmp(bytes, again, sizeof bytes) == 0);
}

static void read_status_file(struct input *input) {
    char text[STATUS_SIZE];
    struct process_info facts = { .lives = false };
    take_bytes(input, text, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    if (parse_status(text, take_byte(input), &facts)) fuzz_must(facts.user_told);
}

static void read_list(struct input *input) {
    struct shs_block_info blocks[8];
    const uint32_t entries = take_byte(input) % 2 == 0 ? take_byte(input) : take_number(input);
    const uint8_t kind = take_byte(input);
    const int made = descriptor_of_kind(kind), fd = fuzz_track(made);
    if (fd < 0 && made >= 0) (void)close(made); /* what has no file of its own is never received as memory */
    if (fd < 0) return;
    if (kind % KINDS == 0) (void)!pwrite(fd, input->bytes, input->left, 0);
    (void)shs__list_object_read(fd, entries, blocks, take_byte(input) % 9);
}

static void judge_geometry(struct input *input) {
    struct geometry geometry;
    geometry.count = take_number(input);
    take_bytes(input, &geometry.stride, sizeof geometry.stride);
    take_bytes(input, &geometry.offset, sizeof geometry.offset);
    for (int split = 0; split < 2; split++) {
        if (!shs__geometry_is_sane(&geometry, split != 0)) continue;
        const uint64_t extent = shs__segment_extent(&geometry);
        fuzz_must(geometry.count > 0 && geometry.count <= SEGMENT_SLOTS_MOST);
        fuzz_must(extent >= geometry.offset && (extent - geometry.offset) / geometry.count >= geometry.stride);
    }
}

static void search_folder(struct input *input) {
    struct runtime_place place = { .forced = "" };
    struct runtime_dir_search search;
    struct runtime_dir found;
    take_bytes(input, place.forced, input->left < sizeof place.forced - 100 ? input->left : sizeof place.forced - 100);
    if (place.forced[0] == '\0') return;
    shs__runtime_dir_search(&search, &place, (uint32_t)geteuid());
    while (shs__runtime_dir_next(&search, &found))
        shs__runtime_dir_close(&found);
    shs__runtime_dir_finish(&search);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static void (*const parsers[])(struct input *) = { decode, read_status_file, read_list, judge_geometry,
                                                       search_folder };
    struct input input = { bytes, size };
    parsers[take_byte(&input) % 5](&input);
    fuzz_check_leaks();
    return 0;
}
