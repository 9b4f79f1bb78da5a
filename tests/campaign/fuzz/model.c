/*
 * Fuzzed: sequences of calls in one process, beside a model of what the header promises: which handles are valid, what
 * they lead to, how many locks an address has, and so what each call must say.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "support/pattern.h"

#define BLOCKS 12
#define HANDLES 24
#define VIEWS 24
#define STEPS_MOST 200
#define SIZE_MOST 20000

/* The bytes of a block live while a handle or a view leads to it. */
struct bytes {
    uint32_t seed, size, users;
};

static struct bytes blocks[BLOCKS];

static struct {
    shs_handle handle;
    struct bytes *bytes; /* NULL: it was freed */
    bool writable;
} handles[HANDLES];

static struct {
    void *address;
    struct bytes *bytes; /* NULL: it was given back */
} views[VIEWS];

static void start(void) { fuzz_must(shs_start(NULL) == SHS_OK); }

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_begin(start);
    return 0;
}

static struct bytes *unused_block(void) {
    for (int i = 0; i < BLOCKS; i++) {
        if (blocks[i].users == 0) return &blocks[i];
    }
    return NULL;
}

static int unused_view(void) {
    int i = 0;
    while (i < VIEWS && views[i].bytes != NULL)
        i++;
    return i;
}

static int unused_handle(void) {
    int i = 0;
    while (i < HANDLES && handles[i].bytes != NULL)
        i++;
    return i;
}

static void know_handle(int at, shs_handle handle, struct bytes *bytes, bool writable) {
    for (int i = 0; i < HANDLES; i++)
        fuzz_must(handles[i].bytes == NULL || handles[i].handle != handle);
    handles[at].handle = handle;
    handles[at].bytes = bytes;
    handles[at].writable = writable;
    bytes->users++;
}

static void know_view(int at, void *address, struct bytes *bytes) {
    fuzz_must(address != NULL && (uintptr_t)address % 64 == 0);
    views[at].address = address;
    views[at].bytes = bytes;
    bytes->users++;
}

static void alloc(struct input *input) {
    static unsigned char data[SIZE_MOST];
    struct bytes *bytes = unused_block();
    const int at = unused_handle(), view_at = unused_view();
    const bool fills = take_byte(input) % 2 == 0;
    shs_handle handle = 0;
    void *view = NULL;
    if (bytes == NULL || at == HANDLES || view_at == VIEWS) return;
    *bytes = (struct bytes){ .seed = 1 + take_byte(input), .size = take_number(input) % SIZE_MOST };
    pattern_fill(data, bytes->size, bytes->seed);
    if (!fills) {
        fuzz_must(shs_alloc_room(data, bytes->size, bytes->size + bytes->seed, shs_self(), &handle) == SHS_OK);
    } else {
        fuzz_must(shs_alloc_locked(bytes->size, shs_self(), &handle, &view) == SHS_OK);
        memcpy(view, data, bytes->size);
        know_view(view_at, view, bytes);
    }
    know_handle(at, handle, bytes, true);
}

static void lock(struct input *input) {
    const uint8_t which = take_byte(input) % HANDLES;
    const shs_access access = take_byte(input) % 2 == 0 ? SHS_READ : SHS_READ_WRITE;
    struct bytes *bytes = handles[which].bytes;
    const int at = unused_view();
    void *view = NULL;
    size_t size = 0;
    if (at == VIEWS || handles[which].handle == 0) return;
    const shs_status status = shs_lock(handles[which].handle, shs_self(), access, &view, &size);
    if (bytes == NULL) {
        fuzz_must(status == SHS_E_HANDLE);
    } else if (access == SHS_READ_WRITE && !handles[which].writable) {
        fuzz_must(status == SHS_E_READ_ONLY);
    } else {
        fuzz_must(status == SHS_OK && size == bytes->size && pattern_matches(view, size, bytes->seed));
        know_view(at, view, bytes);
    }
}

static void unlock(struct input *input) {
    const uint8_t which = take_byte(input) % VIEWS;
    struct bytes *bytes = views[which].bytes;
    if (bytes == NULL) {
        fuzz_must(shs_unlock(&bytes) == SHS_E_VIEW);
        return;
    }
    fuzz_must(pattern_matches(views[which].address, bytes->size, bytes->seed));
    if (bytes->size > 1) fuzz_must(shs_unlock((char *)views[which].address + 1) == SHS_E_VIEW);
    fuzz_must(shs_unlock(views[which].address) == SHS_OK);
    views[which].bytes = NULL;
    bytes->users--;
}

static void free_block(struct input *input) {
    const uint8_t which = take_byte(input) % HANDLES;
    struct bytes *bytes = handles[which].bytes;
    if (handles[which].handle == 0) return;
    fuzz_must(shs_free(handles[which].handle, shs_self()) == (bytes == NULL ? SHS_E_HANDLE : SHS_OK));
    handles[which].bytes = NULL;
    if (bytes != NULL) bytes->users--;
}

static void map(struct input *input) {
    const uint8_t which = take_byte(input) % HANDLES;
    const shs_access access = take_byte(input) % 2 == 0 ? SHS_READ : SHS_READ_WRITE;
    const int at = unused_handle();
    shs_handle mapped = 0;
    if (at == HANDLES || handles[which].handle == 0) return;
    struct bytes *bytes = handles[which].bytes;
    const shs_status status = shs_map_handle(handles[which].handle, shs_self(), shs_self(), access, &mapped);
    if (bytes == NULL) {
        fuzz_must(status == SHS_E_HANDLE);
    } else if (access == SHS_READ_WRITE && !handles[which].writable) {
        fuzz_must(status == SHS_E_READ_ONLY);
    } else {
        fuzz_must(status == SHS_OK);
        know_handle(at, mapped, bytes, access == SHS_READ_WRITE);
    }
}

static void look(struct input *input) {
    const uint8_t which = take_byte(input) % VIEWS;
    struct shs_block_info infos[HANDLES];
    size_t size = 0, count = 0, live = 0;
    for (int i = 0; i < HANDLES; i++)
        live += handles[i].bytes != NULL;
    fuzz_must(shs_list(shs_self(), infos, HANDLES, &count) == SHS_OK && count == live);
    if (views[which].bytes == NULL) return;
    fuzz_must(shs_view_size(views[which].address, &size) == SHS_OK && size == views[which].bytes->size);
}

static void give_all_back(void) {
    for (int i = 0; i < VIEWS; i++) {
        if (views[i].bytes != NULL) fuzz_must(shs_unlock(views[i].address) == SHS_OK);
    }
    for (int i = 0; i < HANDLES; i++) {
        if (handles[i].bytes != NULL) fuzz_must(shs_free(handles[i].handle, shs_self()) == SHS_OK);
    }
    memset(blocks, 0, sizeof blocks);
    memset(views, 0, sizeof views);
    memset(handles, 0, sizeof handles);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static void (*const operations[])(struct input *) = { alloc, lock, unlock, free_block, map, look };
    struct input input = { bytes, size };
    for (int step = 0; step < STEPS_MOST && input.left > 0; step++)
        operations[take_byte(&input) % 6](&input);
    give_all_back();
    fuzz_check_leaks();
    return 0;
}
