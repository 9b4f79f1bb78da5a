/*
 * View counts and state words, step by step: every exchange fails once, or for ever, or comes after another thread's.
 */
#include "hindered.h"

#include "posix/block/handle.h"
#include "posix/block/view_count.h"
#include "support/suite.h"

#define COUNT 4u
#define STRIDE 64u
#define BASE 8u
#define BUSY (1u << 31)
#define WHOLE 0x7FFFu /* as many views of one kind as can be counted */
#define BIT 16u       /* of a third process */

static struct segment segment;
static slot_word words[COUNT], thirds[COUNT];
static struct slot_size sizes[COUNT];
static _Atomic uint32_t views[COUNT];
static unsigned char writing[COUNT * STRIDE], reading[COUNT * STRIDE];

static unsigned failures; /* so many exchanges fail from now on; where this is not NULL, of this word */
static const slot_word *scribbled;
static void (*between)(void); /* what another thread does before the next one */

static bool fails(const slot_word *word) {
    void (*const step)(void) = between;
    between = NULL;
    if (step != NULL) step();
    if (failures == 0 || (scribbled != NULL && word != scribbled)) return false;
    failures--;
    return true;
}

bool hindered_exchange(_Atomic uint32_t *word, uint32_t *seen, uint32_t next) {
    if (!fails(word)) return atomic_compare_exchange_strong(word, seen, next);
    *seen = atomic_load(word);
    return false;
}

/* A segment of this process with one block, in slot 1. */
static shs_handle begin_as(uint32_t presence, uint32_t third_bit) {
    shs_handle handle = 0;
    segment = (struct segment){ .geometry = { COUNT, STRIDE, 0 }, .base = BASE, .shift = 6, .presence = presence };
    segment.third_bit = third_bit;
    segment.words = words;
    segment.thirds = thirds;
    segment.sizes = sizes;
    segment.views = views;
    atomic_store(&segment.data, writing);
    atomic_store(&segment.data_reading, reading);
    for (uint32_t i = 0; i < COUNT; i++) {
        atomic_store(&words[i], 0);
        atomic_store(&thirds[i], 0);
        atomic_store(&views[i], 0);
    }
    CHECK(shs__view_publish(&segment, 1, 0, NULL, &handle));
    return handle;
}

static shs_handle begin(void) { return begin_as(SLOT_PRESENT_OWNER, 0); }

static enum view_result lock(shs_handle handle, shs_access access) {
    void *view = NULL;
    const enum view_result result = shs__view_lock(&segment, handle, access, &view);
    if (result == VIEW_DONE) CHECK(view == (access == SHS_READ ? reading : writing) + STRIDE);
    return result;
}

static bool is_present(void) { return (atomic_load(&words[1]) & SLOT_PRESENT_OWNER) != 0; }

/* ---- tries ---- */

static void a_step_is_tried_again(void) {
    for (int kind = 0; kind < 2; kind++) {
        const shs_access access = kind == 0 ? SHS_READ : SHS_READ_WRITE;
        const shs_handle handle = begin();
        const unsigned char *view = (kind == 0 ? reading : writing) + STRIDE;
        for (int i = 0; i < 2; i++) {
            failures = 2;
            CHECK(lock(handle, access) == VIEW_DONE);
        }
        for (int i = 0; i < 2; i++) {
            CHECK(is_present() && shs__view_is_there(&segment, 1, access));
            failures = 2;
            CHECK(shs__view_unlock(&segment, view) == VIEW_DONE);
        }
        CHECK(!is_present() && !shs__view_is_there(&segment, 1, access));
        CHECK(shs__view_unlock(&segment, view) == VIEW_STALE);
    }
}

/* A word that never holds still is somebody's who scribbles: no step goes on for ever, and none is half done. */
static void no_step_goes_on_for_ever(void) {
    const shs_handle handle = begin();
    const uint32_t before = atomic_load(&words[1]);
    failures = SLOT_TRIES - 1;
    CHECK(slot_acquire(&words[1], 1, SLOT_PRESENT_GIVER) == SLOT_DONE);
    slot_release(&words[1], SLOT_PRESENT_GIVER);
    failures = SLOT_TRIES;
    CHECK(shs__view_free(&segment, handle) == VIEW_NONSENSE);
    scribbled = &words[1];
    failures = SLOT_TRIES;
    CHECK(lock(handle, SHS_READ) == VIEW_NONSENSE);
    CHECK(!shs__view_is_there(&segment, 1, SHS_READ));
    failures = SLOT_TRIES;
    CHECK(shs__view_export(&segment, handle) == VIEW_NONSENSE);
    CHECK_NUMBER(before, atomic_load(&words[1]));
    scribbled = NULL;
}

static void third_processes_do_not_try_for_ever(void) {
    (void)begin();
    const uint32_t before = atomic_load(&words[1]);
    failures = SLOT_TRIES;
    CHECK(slot_acquire_third(&words[1], &thirds[1], 1, BIT) == SLOT_NONSENSE);
    CHECK_NUMBER(0, atomic_load(&thirds[1]));
    failures = SLOT_TRIES;
    CHECK(slot_acquire_unnumbered(&words[1], 1) == SLOT_NONSENSE);
    CHECK_NUMBER(before, atomic_load(&words[1]));
    failures = SLOT_TRIES - 1;
    CHECK(slot_acquire_unnumbered(&words[1], 1) == SLOT_DONE);
    failures = SLOT_TRIES;
    slot_release_unnumbered(&words[1]);
    CHECK_NUMBER(before + SLOT_UNNUMBERED, atomic_load(&words[1]));
    failures = SLOT_TRIES - 1;
    slot_release_unnumbered(&words[1]);
    CHECK_NUMBER(before, atomic_load(&words[1]));
}

/* ---- another thread ---- */

static shs_handle other_handle;

static void other_locks(void) { CHECK(lock(other_handle, SHS_READ_WRITE) == VIEW_DONE); }
static void other_unlocks(void) { CHECK(shs__view_unlock(&segment, writing + STRIDE) == VIEW_DONE); }
static void other_frees(void) { CHECK(shs__view_free(&segment, other_handle) == VIEW_DONE); }

/* Both views count, whoever was first. */
static void two_threads_lock(void) {
    other_handle = begin();
    between = other_locks;
    CHECK(lock(other_handle, SHS_READ_WRITE) == VIEW_DONE);
    CHECK_NUMBER(2, atomic_load(&views[1]));
    between = other_unlocks;
    CHECK(shs__view_unlock(&segment, writing + STRIDE) == VIEW_DONE);
    CHECK_NUMBER(0, atomic_load(&views[1]));
    CHECK(!is_present());
    other_locks();
    between = other_locks;
    CHECK(shs__view_unlock(&segment, writing + STRIDE) == VIEW_DONE);
    CHECK_NUMBER(1, atomic_load(&views[1]));
    CHECK(is_present());
}

static void other_unlocks_inherited(void) {
    CHECK(shs__view_unlock_inherited(&segment, writing + STRIDE) == VIEW_DONE);
}

/* With views before and behind: of three, two at once are given back, and come again. */
static void two_threads_change_a_count(void) {
    other_handle = begin();
    for (int i = 0; i < 3; i++)
        other_locks();
    between = other_unlocks;
    CHECK(shs__view_unlock(&segment, writing + STRIDE) == VIEW_DONE);
    CHECK_NUMBER(1, atomic_load(&views[1]));
    between = other_locks;
    CHECK(lock(other_handle, SHS_READ_WRITE) == VIEW_DONE);
    CHECK_NUMBER(3, atomic_load(&views[1]));
    between = other_unlocks_inherited;
    CHECK(shs__view_unlock_inherited(&segment, writing + STRIDE) == VIEW_DONE);
    CHECK_NUMBER(1, atomic_load(&views[1]));
    CHECK(is_present());
}

static void other_retires_the_block(void) { slot_retire(&words[1]); }
static void other_acquires(void) { CHECK(slot_acquire_unnumbered(&words[1], 1) == SLOT_DONE); }
static void other_releases(void) { slot_release_unnumbered(&words[1]); }

/* What one does with the word does not undo what the other did. */
static void two_threads_change_a_word(void) {
    const shs_handle handle = begin();
    const uint32_t before = atomic_load(&words[1]);
    between = other_acquires;
    CHECK(slot_acquire_unnumbered(&words[1], 1) == SLOT_DONE);
    CHECK_NUMBER(before + 2 * SLOT_UNNUMBERED, atomic_load(&words[1]));
    between = other_releases;
    slot_release_unnumbered(&words[1]);
    CHECK_NUMBER(before, atomic_load(&words[1]));
    between = other_retires_the_block;
    CHECK(shs__view_free(&segment, handle) == VIEW_DONE);
    CHECK_NUMBER((before | SLOT_RETIRED) & ~SLOT_LIVE, atomic_load(&words[1]));
}

/* Freed before the first view, or while there is one already: nothing is left of the view that was refused. */
static void another_thread_frees(void) {
    other_handle = begin();
    between = other_frees;
    CHECK(lock(other_handle, SHS_READ) == VIEW_STALE);
    CHECK(!is_present() && !shs__view_is_there(&segment, 1, SHS_READ));
    other_handle = begin();
    other_locks();
    between = other_frees;
    CHECK(lock(other_handle, SHS_READ) == VIEW_STALE);
    CHECK(is_present() && !shs__view_is_there(&segment, 1, SHS_READ));
    other_unlocks();
    CHECK(!is_present());
}

static void other_retires(void) { slot_retire(&words[2]); }
static void other_uncounts(void) { atomic_store(&views[2], 0); }

/* It looks for a block that was there before. */
static void other_counts(void) {
    atomic_store(&views[2], 1);
    between = other_uncounts;
}

/* A block with its first view: all or nothing. */
static void another_thread_retires(void) {
    void *view = NULL;
    shs_handle handle = 0;
    (void)begin();
    failures = 1;
    CHECK(shs__view_publish(&segment, 2, atomic_load(&words[2]), &view, &handle));
    CHECK(view == writing + (size_t)2 * STRIDE && handle_index(handle) == BASE + 2);
    CHECK_NUMBER(1, atomic_load(&views[2]));
    CHECK((atomic_load(&words[2]) & SLOT_PRESENT_OWNER) != 0);
    (void)begin();
    between = other_counts;
    CHECK(shs__view_publish(&segment, 2, atomic_load(&words[2]), &view, &handle));
    CHECK_NUMBER(1, atomic_load(&views[2]));
    (void)begin();
    view = NULL;
    between = other_retires;
    CHECK(!shs__view_publish(&segment, 2, atomic_load(&words[2]), &view, &handle));
    CHECK(view == NULL);
    CHECK_NUMBER(0, atomic_load(&views[2]));
    CHECK_NUMBER(SLOT_RETIRED, atomic_load(&words[2]));
}

/* ---- counts ---- */

static void no_more_views_than_can_be_counted(void) {
    const shs_handle handle = begin();
    CHECK(lock(handle, SHS_READ) == VIEW_DONE);
    atomic_store(&views[1], WHOLE << 15 | WHOLE);
    CHECK(lock(handle, SHS_READ) == VIEW_TOO_MANY && lock(handle, SHS_READ_WRITE) == VIEW_TOO_MANY);
    CHECK_NUMBER(WHOLE << 15 | WHOLE, atomic_load(&views[1]));
}

/* What is no view's address is none, in the one mapping, in the other, or beside both. */
static void only_a_view_is_unlocked(void) {
    const shs_handle handle = begin();
    size_t size = 4711;
    const void *const wrong[] = { NULL,
                                  writing + STRIDE - 1,
                                  reading + STRIDE + 1,
                                  writing + sizeof writing,
                                  reading + sizeof reading,
                                  &segment,
                                  &failures };
    CHECK(lock(handle, SHS_READ) == VIEW_DONE);
    for (int mapped = 0; mapped < 2; mapped++) {
        for (size_t i = 0; i < LENGTH(wrong); i++) {
            CHECK(shs__view_unlock(&segment, wrong[i]) == VIEW_STALE);
            CHECK(shs__view_unlock_inherited(&segment, wrong[i]) == VIEW_STALE);
            CHECK(shs__view_size(&segment, wrong[i], &size) == VIEW_STALE);
        }
        CHECK(shs__view_size(&segment, writing + STRIDE, &size) == VIEW_STALE);
        atomic_store(&segment.data, NULL); /* the handle is for reading only */
    }
    CHECK_NUMBER(4711, size);
    CHECK(shs__view_is_there(&segment, 1, SHS_READ));
    CHECK(lock(handle, SHS_READ_WRITE) == VIEW_READ_ONLY);
    atomic_store(&segment.data_reading, NULL);
    CHECK(lock(handle, SHS_READ) == VIEW_WANTS_READING);
    CHECK(shs__view_unlock(&segment, reading + STRIDE) == VIEW_STALE);
}

/* A child's count is its own: where its parent's was in the middle of a change when it was copied, it has no view. */
static void inherited_views(void) {
    size_t size = 0;
    const shs_handle handle = begin();
    CHECK(lock(handle, SHS_READ_WRITE) == VIEW_DONE);
    failures = 1;
    CHECK(shs__view_unlock_inherited(&segment, writing + STRIDE) == VIEW_DONE);
    CHECK(is_present()); /* the parent's trace */
    CHECK(shs__view_unlock_inherited(&segment, writing + STRIDE) == VIEW_STALE);
    atomic_store(&views[1], BUSY | 1);
    CHECK(shs__view_unlock_inherited(&segment, writing + STRIDE) == VIEW_STALE);
    CHECK(shs__view_size(&segment, writing + STRIDE, &size) == VIEW_STALE);
    CHECK_NUMBER(BUSY | 1, atomic_load(&views[1]));
}

/* Each kind of process leaves its own trace with its first view, and takes it back with its last. */
static void traces(void) {
    shs_handle handle = begin_as(SLOT_PRESENT_NOBODY, BIT);
    CHECK(lock(handle, SHS_READ) == VIEW_DONE && lock(handle, SHS_READ) == VIEW_DONE);
    CHECK_NUMBER(BIT, atomic_load(&thirds[1]));
    CHECK((atomic_load(&words[1]) & SLOT_PRESENCE) == SLOT_THIRD);
    CHECK(shs__view_unlock(&segment, reading + STRIDE) == VIEW_DONE);
    CHECK_NUMBER(BIT, atomic_load(&thirds[1]));
    CHECK(shs__view_unlock(&segment, reading + STRIDE) == VIEW_DONE);
    CHECK_NUMBER(0, atomic_load(&thirds[1]));
    handle = begin_as(SLOT_PRESENT_NOBODY, 0);
    CHECK(lock(handle, SHS_READ) == VIEW_DONE && lock(handle, SHS_READ) == VIEW_DONE);
    CHECK((atomic_load(&words[1]) & SLOT_PRESENCE) == SLOT_UNNUMBERED);
    CHECK(shs__view_unlock(&segment, reading + STRIDE) == VIEW_DONE);
    CHECK(shs__view_unlock(&segment, reading + STRIDE) == VIEW_DONE);
    CHECK((atomic_load(&words[1]) & SLOT_PRESENCE) == 0);
}

static const struct test tests[] = {
    { "a step is tried again", a_step_is_tried_again },
    { "no step goes on for ever", no_step_goes_on_for_ever },
    { "third processes do not try for ever", third_processes_do_not_try_for_ever },
    { "two threads lock", two_threads_lock },
    { "two threads change a count", two_threads_change_a_count },
    { "two threads change a word", two_threads_change_a_word },
    { "another thread frees", another_thread_frees },
    { "another thread retires", another_thread_retires },
    { "no more views than can be counted", no_more_views_than_can_be_counted },
    { "only a view is unlocked", only_a_view_is_unlocked },
    { "inherited views", inherited_views },
    { "traces", traces },
};

SUITE("hindered", tests)
