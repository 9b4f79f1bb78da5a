/*
 * Large blocks: what is filled in place is there before it is touched, and memory comes in huge pages where the system
 * gives them to who asks. The linker leads the library's requests, and its look at the system's setting, here. Whether
 * pages are huge is the system's affair, and not looked at.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "posix/os/first_touch.h"
#include "posix/os/textfile.h"
#include "support/block.h"
#include "support/pattern.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

#define LARGE (16 * MIB)
#define POPULATE_WRITE 23

static const char *setting;            /* NULL: as the system says */
static unsigned asked_huge, populated; /* how often */
static bool refuses;                   /* has the kernel no huge pages at all? */
static size_t asked_for;               /* bytes, in huge pages */

bool __real_shs__textfile_read(const char *path, char *text, size_t size);
bool __wrap_shs__textfile_read(const char *path, char *text, size_t size);
int __real_madvise(void *address, size_t size, int advice);
int __wrap_madvise(void *address, size_t size, int advice);

bool __wrap_shs__textfile_read(const char *path, char *text, size_t size) {
    if (setting == NULL || strstr(path, "shmem_enabled") == NULL) return __real_shs__textfile_read(path, text, size);
    return snprintf(text, size, "%s", setting) > 0;
}

int __wrap_madvise(void *address, size_t size, int advice) {
    asked_huge += advice == MADV_HUGEPAGE;
    populated += advice == POPULATE_WRITE;
    if (advice == MADV_HUGEPAGE) asked_for = size;
    if (advice == MADV_HUGEPAGE && setting != NULL) return refuses ? -1 : 0;
    return __real_madvise(address, size, advice);
}

static void begin(const char *says) {
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    setting = says;
    asked_huge = populated = 0;
    refuses = false;
}

/* Of the mapping that an address is in: KiB that are there without a fault. */
static unsigned resident(const void *address) {
    char line[512];
    unsigned kib = 0;
    bool inside = false;
    FILE *file = fopen("/proc/self/smaps", "r");
    REQUIRE(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        uintptr_t from, to;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2)
            inside = (uintptr_t)address >= from && (uintptr_t)address < to;
        if (inside && sscanf(line, "Rss: %u kB", &kib) == 1) break;
    }
    CHECK(fclose(file) == 0);
    return kib;
}

static bool can_populate(void) {
    void *page = mmap(NULL, FIRST_TOUCH_LEAST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const bool can = page != MAP_FAILED && __real_madvise(page, FIRST_TOUCH_LEAST, POPULATE_WRITE) == 0;
    CHECK(page == MAP_FAILED || munmap(page, FIRST_TOUCH_LEAST) == 0);
    return can;
}

static void what_is_filled_in_place_is_there(void) {
    shs_handle handle;
    void *view;
    if (!can_populate()) {
        skip("this kernel populates no mappings (Linux 5.14 does)");
        return;
    }
    begin(NULL);
    CHECK_STATUS(SHS_OK, shs_alloc_locked(LARGE, shs_self(), &handle, &view));
    CHECK(resident(view) >= LARGE / KIB);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

/* A small one costs no call, and one that comes with its data is written without a mapping. */
static void others_are_left_to_the_faults(void) {
    shs_handle handle;
    void *view;
    begin("always [never]");
    CHECK_STATUS(SHS_OK, shs_alloc_locked(MIB, shs_self(), &handle, &view));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    const shs_handle given = block_new(1, LARGE, shs_self());
    CHECK(block_holds(given, shs_self(), 1, LARGE));
    CHECK_STATUS(SHS_OK, shs_free(given, shs_self()));
    CHECK_NUMBER(0, populated);
    CHECK_NUMBER(0, asked_huge);
}

static void huge_pages_are_asked_for_where_they_are_given_on_request(void) {
    if (!system_seals_memory()) return; /* for memfds alone: others have their file system's setting */
    begin("always within_size [advise] never deny force\n");
    const shs_handle given = block_new(1, LARGE, shs_self());
    CHECK_NUMBER(1, asked_huge);
    CHECK_NUMBER(LARGE, asked_for); /* and no page for the little that is more */
    CHECK_NUMBER(1, populated);
    CHECK(block_holds(given, shs_self(), 1, LARGE));
    CHECK_STATUS(SHS_OK, shs_free(given, shs_self()));
}

static void a_kernel_without_them_is_asked_and_left_alone(void) {
    if (!system_seals_memory()) return;
    begin("[advise]");
    refuses = true;
    const shs_handle given = block_new(1, LARGE, shs_self());
    CHECK_NUMBER(1, asked_huge);
    CHECK_NUMBER(0, populated);
    CHECK(block_holds(given, shs_self(), 1, LARGE));
    CHECK_STATUS(SHS_OK, shs_free(given, shs_self()));
}

/* Nor where the system gives them to everybody, as it does so without being asked, or its setting cannot be read. */
static void they_are_not_asked_for_elsewhere(void) {
    static const char *const settings[] = { "[always] within_size advise never", "always [within_size] advise",
                                            "[deny]", "" };
    for (size_t i = 0; i < LENGTH(settings); i++) {
        begin(settings[i]);
        CHECK_STATUS(SHS_OK, shs_free(block_new(1, LARGE, shs_self()), shs_self()));
        CHECK_NUMBER(0, asked_huge);
        shs_stop(); /* or the block's memory would be used again */
    }
}

/* A process whose address space is narrow does without. */
static void a_mapping_that_fails_is_done_without(void) {
    begin("[advise]");
    int fd = -1;
    shs__first_touch_huge(fd, LARGE);
    CHECK_NUMBER(0, asked_huge);
}

static const struct test tests[] = {
    { "what is filled in place is there", what_is_filled_in_place_is_there },
    { "others are left to the faults", others_are_left_to_the_faults },
    { "huge pages are asked for where they are given on request",
      huge_pages_are_asked_for_where_they_are_given_on_request },
    { "a kernel without them is asked and left alone", a_kernel_without_them_is_asked_and_left_alone },
    { "they are not asked for elsewhere", they_are_not_asked_for_elsewhere },
    { "a mapping that fails is done without", a_mapping_that_fails_is_done_without },
};

SUITE("first_touch", tests)
