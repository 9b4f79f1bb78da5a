/*
 * A list of blocks as a shared-memory object. See list_object.h.
 */
#include "ipc/list_object.h"

#include <stdlib.h>
#include <unistd.h>

#include "ipc/wire.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/pages.h"
#include "os/shm_object.h"

static void encode(const struct shs_block_info *block, struct wire_entry *entry) {
    *entry = (struct wire_entry){ block->handle,  block->giver,          block->writable,
                                  block->viewers, (uint32_t)block->size, (uint32_t)(block->size >> 32) };
}

static void decode(const struct wire_entry *entry, struct shs_block_info *block) {
    *block = (struct shs_block_info){
        .size = (uint64_t)entry->size_high << 32 | entry->size_low,
        .handle = entry->handle,
        .giver = entry->giver,
        .writable = entry->writable != 0,
        .viewers = entry->viewers,
    };
}

/* Bytes of an object with so many entries: never none. */
static uint64_t length_of(size_t count) { return page_round((uint64_t)count * sizeof(struct wire_entry) + 1); }

shs_status shs__list_object_make(const struct shs_block_info *blocks, size_t count, int *fd) {
    struct wire_entry *entries = calloc(count + 1, sizeof *entries);
    if (entries == NULL) return status_local(SHS_E_NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        encode(&blocks[i], &entries[i]);
    const struct shm_contents contents = { length_of(count), entries, 0, count * sizeof *entries };
    const shs_status status = shs__shm_object_make(&contents, fd);
    free(entries);
    return status;
}

/* So many entries; false when there are not so many. Read and not mapped: whatever becomes of the object meanwhile,
 * nothing faults. */
static bool read_entries(int fd, size_t count, struct wire_entry *entries) {
    unsigned char *bytes = (unsigned char *)entries;
    for (size_t done = 0, all = count * sizeof *entries; done < all;) {
        const ssize_t got = pread(fd, bytes + done, all - done, (off_t)done);
        if (got <= 0) return false;
        done += (size_t)got;
    }
    return true;
}

/* The peer may cut the object meanwhile: nothing is told before all is read. */
static shs_status read_blocks(int fd, struct shs_block_info *blocks, size_t count) {
    struct wire_entry *entries = calloc(count + 1, sizeof *entries);
    if (entries == NULL) return status_local(SHS_E_NO_MEMORY);
    const bool read = read_entries(fd, count, entries);
    for (size_t i = 0; read && i < count; i++)
        decode(&entries[i], &blocks[i]);
    free(entries);
    return read ? SHS_OK : status_local(SHS_E_PROTOCOL);
}

shs_status shs__list_object_read(int fd, uint32_t entries, struct shs_block_info *blocks, size_t capacity) {
    const bool fits = entries <= WIRE_ENTRIES_MOST && shs__shm_object_has(fd, length_of(entries));
    const size_t count = entries < capacity ? entries : capacity;
    const shs_status status = fits ? read_blocks(fd, blocks, count) : status_local(SHS_E_PROTOCOL);
    shs__fd_close(fd);
    return status;
}
