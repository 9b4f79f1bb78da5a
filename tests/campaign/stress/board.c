/*
 * The board. See board.h.
 */
#include "board.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int memory = -1;

int board_descriptor(void) { return memory; }

struct board *board_open(int fd) {
    memory = fd;
    void *made = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (made == MAP_FAILED) abort();
    return made;
}

struct board *board_new(void) {
    const int fd = memfd_create("board", 0);
    if (fd < 0 || ftruncate(fd, sizeof(struct board)) != 0) abort();
    return board_open(fd);
}

void board_report(struct board *board, const char *format, ...) {
    const unsigned number = atomic_fetch_add(&board->report_count, 1);
    va_list arguments;
    if (number >= REPORTS) return;
    va_start(arguments, format);
    (void)vsnprintf(board->reports[number], REPORT_SIZE, format, arguments);
    va_end(arguments);
}

/* Take a note that is full, or empty. */
static bool take(struct note *note, bool full) {
    unsigned version = atomic_load(&note->version);
    if (version % 2 != 0 || atomic_load(&note->full) != full) return false;
    if (!atomic_compare_exchange_strong(&note->version, &version, version + 1)) return false;
    atomic_store(&note->taker, (unsigned)getpid());
    return true;
}

static void give(struct note *note, bool full) {
    atomic_store(&note->full, full);
    atomic_store(&note->taker, 0);
    atomic_fetch_add(&note->version, 1);
}

static void write_block(struct note *note, const struct block *block) {
    atomic_store(&note->block[0], block->handle);
    atomic_store(&note->block[1], block->owner);
    atomic_store(&note->block[2], block->seed);
    atomic_store(&note->block[3], block->size);
}

static struct block read_block(struct note *note) {
    return (struct block){ atomic_load(&note->block[0]), atomic_load(&note->block[1]), atomic_load(&note->block[2]),
                           atomic_load(&note->block[3]) };
}

bool board_post(struct board *board, uint32_t place, const struct block *block) {
    struct note *note = &board->notes[place];
    if (!take(note, false)) return false;
    write_block(note, block);
    give(note, true);
    return true;
}

bool board_is_still(struct board *board, uint32_t place, uint32_t version) {
    return atomic_load(&board->notes[place].version) == version;
}

bool board_read(struct board *board, uint32_t place, struct block *block, uint32_t *version) {
    struct note *note = &board->notes[place];
    *version = atomic_load(&note->version);
    if (*version % 2 != 0 || !atomic_load(&note->full)) return false;
    *block = read_block(note);
    return board_is_still(board, place, *version);
}

bool board_take(struct board *board, uint32_t place, struct block *block) {
    struct note *note = &board->notes[place];
    if (!take(note, true)) return false;
    *block = read_block(note);
    give(note, false);
    return true;
}

void board_forget(struct board *board, uint32_t pid) {
    for (uint32_t place = 0; place < NOTES; place++) {
        struct note *note = &board->notes[place];
        if (atomic_load(&note->version) % 2 != 0 && atomic_load(&note->taker) == pid) give(note, false);
    }
}
