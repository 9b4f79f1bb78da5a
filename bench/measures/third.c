/*
 * Measure: a third process. One process owns a block, a second one has allocated it there, and this one, which is
 * neither, locks and unlocks it. An operation is lock and unlock of the block that it already knows.
 */
#include <stdlib.h>
#include <unistd.h>

#include "pair.h"
#include "shared_block.h"
#include "support.h"

static shs_handle handle;
static shs_pid owner;

/* The owner: attached, and passing on what the allocator tells it. */
static void be_owner(size_t size) {
    struct letter letter = { .descriptor = NO_DESCRIPTOR };
    start_library(size);
    pair_send(&letter);
    while (pair_receive(&letter))
        pair_send(&letter);
}

/* The allocator: one block, and then nothing until the third process ends. */
static void be_allocator(size_t size, int lifeline) {
    struct letter letter = { .descriptor = NO_DESCRIPTOR };
    char nothing = 0;
    shs_handle made = 0;
    start_library(size);
    expect_ok(shs_alloc(filled_memory(size), size, owner, &made), "shs_alloc");
    letter.handle = made;
    pair_send(&letter);
    if (read(lifeline, &nothing, 1) != 0) fail("read");
}

static void start_allocator(size_t size) {
    int lifeline[2];
    if (pipe(lifeline) != 0) fail("pipe");
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child != 0) {
        close(lifeline[0]);
        return;
    }
    close(lifeline[1]);
    be_allocator(size, lifeline[0]);
    exit(EXIT_SUCCESS);
}

static uint64_t lock_known_block(size_t size, uint64_t count) {
    (void)size;
    void *view = NULL;
    const uint64_t begin = clock_now();
    for (uint64_t i = 0; i < count; i++) {
        expect_ok(shs_lock(handle, owner, SHS_READ_WRITE, &view, NULL), "shs_lock");
        expect_ok(shs_unlock(view), "shs_unlock");
    }
    return clock_now() - begin;
}

int main(int argc, char **argv) {
    if (argc < 2) fail("usage: measure-third SIZE");
    const size_t size = (size_t)parse_number(argv[1]);
    struct letter letter;
    if (pair_split(&owner) == TAKER) {
        be_owner(size);
        return EXIT_SUCCESS;
    }
    if (!pair_receive(&letter)) fail("the owner has ended");
    start_allocator(size);
    if (!pair_receive(&letter)) fail("the owner has ended");
    handle = (shs_handle)letter.handle;
    start_library(size);
    return answer_runner(lock_known_block);
}
