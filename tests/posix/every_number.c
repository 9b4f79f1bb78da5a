/*
 * Every number that a process has for handles, with as many descriptors as most systems let a process have: of the
 * smallest blocks, and of small blocks with the rest of their page, as the porting layer makes them (1 GiB).
 */
#include <sys/resource.h>

#include "support/child.h"
#include "support/expect.h"
#include "support/suite.h"

#define NUMBERS 262144
#define ROUNDS 30
#define PAGE_ROOM 4092
#define DESCRIPTORS 1024
#define DESCRIPTORS_MANY 18000 /* half of them may be segments */
#define SEGMENTS_MOST 8192
#define NO_MEMORY 77 /* what a role ends with */
#define NO_DESCRIPTORS 78

static shs_handle handles[NUMBERS + 1];

static void have_usual_descriptors(void) {
    struct rlimit limit;
    EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

static shs_status fill(size_t room, size_t *count) {
    shs_status status = SHS_OK;
    for (*count = 0; *count <= NUMBERS && status == SHS_OK; *count += status == SHS_OK)
        status = shs_alloc_room("x", 1, room, shs_self(), &handles[*count]);
    return status;
}

/* Whatever its number. */
static void expect_listed(size_t count) {
    size_t listed = 0;
    EXPECT_STATUS(SHS_OK, shs_list(shs_self(), NULL, 0, &listed));
    EXPECT(listed == count);
}

/* Each that is freed, wherever it is, makes room for one. */
static void use_again(size_t room, size_t count) {
    for (size_t i = 0; i < ROUNDS; i++) {
        const size_t at = i * 7919 % (NUMBERS / 2);
        EXPECT_STATUS(SHS_OK, shs_free(handles[at], shs_self()));
        EXPECT_STATUS(SHS_OK, shs_alloc_room("y", 1, room, shs_self(), &handles[at]));
    }
    EXPECT_STATUS(SHS_E_LIMIT, shs_alloc_room("z", 1, room, shs_self(), &handles[count]));
}

static int take_every_number(size_t room) {
    size_t count;
    have_usual_descriptors();
    const shs_status status = fill(room, &count);
    if (status == SHS_E_NO_MEMORY) return NO_MEMORY;
    EXPECT_STATUS(SHS_E_LIMIT, status);
    EXPECT(count > NUMBERS - NUMBERS / 50 && count <= NUMBERS);
    expect_listed(count);
    use_again(room, count);
    for (size_t i = 0; i < count; i++)
        EXPECT_STATUS(SHS_OK, shs_free(handles[i], shs_self()));
    EXPECT_STATUS(SHS_OK, shs_alloc_room("x", 1, room, shs_self(), &handles[0]));
    EXPECT_STATUS(SHS_OK, shs_free(handles[0], shs_self()));
    return 0;
}

static int smallest_role(char **arguments) {
    (void)arguments;
    return take_every_number(1);
}

static int page_role(char **arguments) {
    (void)arguments;
    return take_every_number(PAGE_ROOM);
}

/* As many segments as a process may have mapped, where it may have more descriptors than that. */
static int segments_role(char **arguments) {
    struct rlimit limit;
    struct shs_options options = SHS_OPTIONS_INIT;
    size_t count;
    (void)arguments;
    EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    if (limit.rlim_max < DESCRIPTORS_MANY) return NO_DESCRIPTORS;
    limit.rlim_cur = DESCRIPTORS_MANY;
    EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    options.own_pages = 1;
    EXPECT_STATUS(SHS_OK, shs_start(&options));
    EXPECT_STATUS(SHS_E_LIMIT, fill(1, &count));
    EXPECT(count > SEGMENTS_MOST / 2 && count <= SEGMENTS_MOST);
    for (size_t i = 0; i < count; i++)
        EXPECT_STATUS(SHS_OK, shs_free(handles[i], shs_self()));
    return 0;
}

static void run(const char *role) {
    struct child *child = child_start(role, NULL);
    REQUIRE(child != NULL);
    const int ended = child_wait(child);
    if (ended == NO_MEMORY)
        skip("there is not 1 GiB of memory");
    else if (ended == NO_DESCRIPTORS)
        skip("there are not so many descriptors");
    else
        CHECK_NUMBER(0, (uint64_t)ended);
}

static void smallest_blocks(void) { run("smallest"); }

static void pages(void) { run("page"); }

static void segments(void) { run("segments"); }

static const struct test tests[] = {
    { "smallest blocks", smallest_blocks },
    { "blocks with the rest of their page", pages },
    { "as many segments as can be", segments },
};

static const struct role roles[] = {
    { "smallest", smallest_role },
    { "page", page_role },
    { "segments", segments_role },
};

SUITE_WITH_ROLES("every_number", tests, roles, LENGTH(roles))
