/*
 * What a forked child has mapped before it calls anything: the views of its parent, and nothing else. It may have been
 * forked to give up its parent's rights.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "forked.h"
#include "posix/os/pages.h"
#include "posix/state/context.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"

#define SIZE 3000 /* a page each, and many in a segment */
#define BLOCKS 20

struct mapped {
    size_t writable, readable; /* bytes of shared memory */
};

static struct mapped measure(void) {
    char line[512], rights[5];
    unsigned long start = 0, end = 0;
    struct mapped all = { 0, 0 };
    FILE *maps = fopen("/proc/self/maps", "re");
    EXPECT(maps != NULL);
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx %4s", &start, &end, rights) != 3 || rights[3] != 's') continue;
        *(rights[1] == 'w' ? &all.writable : &all.readable) += end - start;
    }
    fclose(maps);
    return all;
}

/* What the parent views of its blocks. */
struct viewed {
    struct mapped before; /* what it had before the library did anything */
    void *writing, *reading;
    struct mapped expected; /* and no more */
};

static void look(int channel, void *context) {
    const struct viewed *viewed = context;
    const struct mapped all = measure();
    (void)channel;
    EXPECT(all.writable == viewed->before.writable + viewed->expected.writable);
    EXPECT(all.readable <= viewed->before.readable + viewed->expected.readable);
    if (viewed->writing != NULL) EXPECT(pattern_matches(viewed->writing, SIZE, 1));
    if (viewed->reading != NULL) EXPECT(pattern_matches(viewed->reading, SIZE, 1));
    if (viewed->writing != NULL) EXPECT_STATUS(SHS_OK, shs_unlock(viewed->writing));
    if (viewed->reading != NULL) EXPECT_STATUS(SHS_OK, shs_unlock(viewed->reading));
    EXPECT(shs_self() == (shs_pid)getpid());
}

static void only_what_is_viewed_is_inherited(void) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    struct viewed viewed = { .before = measure() };
    struct child *other = actor_start_attached();
    shs_handle handles[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++)
        handles[i] = block_new(1, SIZE, i % 2 == 0 ? shs_self() : child_pid(other));
    const shs_handle large = block_new(1, MIB, shs_self());
    CHECK_NUMBER(0, (uint64_t)forked_run(look, &viewed));
    viewed.writing = block_lock(handles[6], shs_self(), SHS_READ_WRITE);
    viewed.reading = block_lock(handles[7], child_pid(other), SHS_READ);
    viewed.expected = (struct mapped){ page, 3 * page }; /* the words of two segments, too */
    CHECK_NUMBER(0, (uint64_t)forked_run(look, &viewed));
    CHECK_STATUS(SHS_OK, shs_unlock(viewed.writing));
    CHECK_STATUS(SHS_OK, shs_unlock(viewed.reading));
    for (size_t i = 0; i < BLOCKS; i++)
        CHECK_STATUS(SHS_OK, shs_free(handles[i], i % 2 == 0 ? shs_self() : child_pid(other)));
    CHECK_STATUS(SHS_OK, shs_free(large, shs_self()));
    actor_end(other);
}

/* ---- what is given up once, in a child ---- */

/* Where the page was that says that another process lives. */
static void *liveness_of(shs_pid pid) {
    const struct peer *peer = shs__peer_find(&current_context()->peers, pid);
    REQUIRE(peer != NULL && atomic_load(&peer->connection) != NULL);
    return (void *)(uintptr_t)atomic_load(&peer->connection)->liveness;
}

static void use_again(int channel, void *place) {
    (void)channel;
    EXPECT(shs_self() == (shs_pid)getpid());
    EXPECT(*(char *)place == 'x');
}

/* The child, which does not use the library, puts something of its own there, which its child inherits. */
static void use_place(int channel, void *place) {
    (void)channel;
    EXPECT(mmap(place, (size_t)page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
           place);
    *(char *)place = 'x';
    EXPECT(forked_run(use_again, place) == 0);
    EXPECT(*(char *)place == 'x');
}

static void what_was_given_up_is_another_s(void) {
    struct child *other = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(other)));
    void *place = liveness_of(child_pid(other));
    if (place == NULL)
        skip("no page shows here that a process lives");
    else
        CHECK_NUMBER(0, (uint64_t)forked_run(use_place, place));
    actor_end(other);
}

static const struct test tests[] = {
    { "only what is viewed is inherited", only_what_is_viewed_is_inherited },
    { "what was given up is another's", what_was_given_up_is_another_s },
};

SUITE("inherited", tests)
