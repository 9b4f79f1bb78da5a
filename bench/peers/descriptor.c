/*
 * The half that peers with one memory object per block share: the taker maps the descriptor that came with the letter,
 * reads, unmaps and closes; the giver closes its own when the answer is there.
 */
#include "descriptor.h"

#include <sys/mman.h>
#include <unistd.h>

#include "support.h"

uint64_t take_descriptor(const struct letter *letter) {
    void *view = mmap(NULL, letter->size, PROT_READ, MAP_SHARED, letter->descriptor, 0);
    if (view == MAP_FAILED) fail("mmap");
    const uint64_t sum = sum_words(view, letter->size);
    munmap(view, letter->size);
    close(letter->descriptor);
    return sum;
}

void close_descriptor(const struct letter *letter) { close(letter->descriptor); }
