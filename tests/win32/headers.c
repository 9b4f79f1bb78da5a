/*
 * The header of a block lies in memory that every process with a view can write to. Whatever is written there, views
 * keep their size, and nobody reads past the end of the memory.
 *
 * The library's own words for it stand in section.c: eight letters, two numbers, and the size at offset 16.
 */
#include <string.h>

#include "native.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/pattern.h"
#include "support/suite.h"

#define SIZE 100
#define SIZE_OFFSET 16

/* A block of another process, and a view that can write. */
struct scene {
    struct child *owner;
    shs_pid pid;
    shs_handle handle;
    unsigned char *view;
};

static struct scene set_scene(void) {
    struct child *owner = actor_start_attached();
    const shs_handle handle = block_new(1, SIZE, child_pid(owner));
    return (struct scene){ owner, child_pid(owner), handle, block_lock(handle, child_pid(owner), SHS_READ_WRITE) };
}

static void clear_scene(struct scene *scene) {
    CHECK_STATUS(SHS_OK, shs_unlock(scene->view));
    CHECK_STATUS(SHS_OK, shs_free(scene->handle, scene->pid));
    actor_end(scene->owner);
}

static void write_size(struct scene *scene, uint64_t size) {
    memcpy(scene->view - HEADER_SIZE + SIZE_OFFSET, &size, sizeof size);
}

static void check_view(const struct scene *scene) {
    size_t size = 0;
    CHECK_STATUS(SHS_OK, shs_view_size(scene->view, &size));
    CHECK_NUMBER(SIZE, size);
    CHECK(pattern_matches(scene->view, SIZE, 1));
}

static void sizes_are_bounded_by_the_memory(void) {
    static const uint64_t lies[] = { 4096 - HEADER_SIZE + 1, 8192, UINT32_MAX, UINT64_MAX - HEADER_SIZE, UINT64_MAX };
    struct scene scene = set_scene();
    for (size_t i = 0; i < LENGTH(lies); i++) {
        write_size(&scene, lies[i]);
        CHECK_STATUS(SHS_E_HANDLE, block_status(scene.handle, scene.pid));
        check_view(&scene);
    }
    write_size(&scene, SIZE);
    CHECK(block_holds(scene.handle, scene.pid, 1, SIZE));
    clear_scene(&scene);
}

/* A lie that the memory has room for is believed, and harms who believes it. */
static void readers_believe_what_is_possible(void) {
    struct scene scene = set_scene();
    uint64_t view = 0;
    write_size(&scene, 1);
    CHECK(block_holds(scene.handle, scene.pid, 1, 1));
    write_size(&scene, 4096 - HEADER_SIZE);
    REQUIRE_STATUS(SHS_OK, actor_lock(scene.owner, scene.handle, scene.pid, SHS_READ_WRITE, &view));
    actor_write(scene.owner, view, 2, 4096 - HEADER_SIZE);
    CHECK(pattern_matches(scene.view, SIZE, 2));
    CHECK_STATUS(SHS_OK, actor_unlock(scene.owner, view));
    clear_scene(&scene);
}

static void a_ruined_header_makes_it_no_block(void) {
    struct scene scene = set_scene();
    const shs_handle other = block_new(3, SIZE, scene.pid);
    unsigned char kept[HEADER_SIZE];
    size_t count = 0;
    memcpy(kept, scene.view - HEADER_SIZE, HEADER_SIZE);
    memset(scene.view - HEADER_SIZE, 0xFF, HEADER_SIZE);
    CHECK_STATUS(SHS_E_HANDLE, block_status(scene.handle, scene.pid));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(scene.handle, scene.pid));
    CHECK_STATUS(SHS_OK, shs_list(scene.pid, NULL, 0, &count));
    CHECK_NUMBER(1, count);
    check_view(&scene);
    CHECK(actor_sees(scene.owner, other, scene.pid, 3, SIZE));
    CHECK_STATUS(SHS_OK, shs_free(other, scene.pid));
    memcpy(scene.view - HEADER_SIZE, kept, HEADER_SIZE);
    clear_scene(&scene);
}

static const struct test tests[] = {
    { "sizes are bounded by the memory", sizes_are_bounded_by_the_memory },
    { "readers believe what is possible", readers_believe_what_is_possible },
    { "a ruined header makes it no block, and harms no other", a_ruined_header_makes_it_no_block },
};

SUITE("headers", tests)
