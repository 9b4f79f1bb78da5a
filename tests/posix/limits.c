/*
 * Limits of the system: a clear status, no signal, and work goes on when there is room again.
 *
 * Each scenario runs in a role, as limits can be lowered for a whole process only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/sizes.h"
#include "support/suite.h"

static struct rlimit limit;

/* Macros, as the type of a resource's name differs between systems. */
#define READ_LIMIT(resource) EXPECT(getrlimit((resource), &limit) == 0)
#define SET_LIMIT(resource, value)                                                            \
    do {                                                                                      \
        READ_LIMIT(resource);                                                                 \
        limit.rlim_cur = (rlim_t)(value) < limit.rlim_max ? (rlim_t)(value) : limit.rlim_max; \
        EXPECT(setrlimit((resource), &limit) == 0);                                           \
    } while (0)

/* A whole life of a block in pid, as far as there is room for it. */
static shs_status try_block(size_t size, shs_pid pid) {
    shs_handle handle = 0;
    void *view = NULL;
    shs_status status = checked_alloc(NULL, size, pid, &handle);
    if (status != SHS_OK) return status;
    status = checked_lock(handle, pid, SHS_READ, &view, NULL);
    if (status == SHS_OK) EXPECT_STATUS(SHS_OK, shs_unlock(view));
    EXPECT_STATUS(SHS_OK, shs_free(handle, pid));
    return status;
}

static bool is_want_of_room(shs_status status) {
    return status == SHS_OK || status == SHS_E_LIMIT || status == SHS_E_NO_MEMORY;
}

/* From not one descriptor to spare up to plenty. */
static int descriptors_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    READ_LIMIT(RLIMIT_NOFILE);
    const rlim_t plenty = limit.rlim_cur;
    struct leaks before;
    char left[256];
    leaks_measure(&before);
    for (rlim_t spare = 0; spare < 24; spare++) {
        SET_LIMIT(RLIMIT_NOFILE, 3 + spare);
        EXPECT(is_want_of_room(try_block(100, shs_self())));
        EXPECT(is_want_of_room(try_block(MIB, shs_self())));
        EXPECT(is_want_of_room(try_block(100, other)));
        EXPECT(is_want_of_room(try_block(MIB, other)));
        SET_LIMIT(RLIMIT_NOFILE, plenty);
        EXPECT_STATUS(SHS_OK, try_block(100, other));
        EXPECT_STATUS(SHS_OK, shs_probe(shs_self())); /* it is tried again to attach */
        shs_stop();
        EXPECT(leaks_settle(&before, left, sizeof left));
    }
    return EXIT_SUCCESS;
}

/* Large blocks until the descriptors of their owner are used up. */
static int full_role(char **arguments) {
    static shs_handle handles[200];
    size_t count = 0;
    shs_status status = SHS_OK;
    (void)arguments;
    SET_LIMIT(RLIMIT_NOFILE, 64);
    EXPECT_STATUS(SHS_OK, shs_alloc(NULL, 200, shs_self(), &handles[count++]));
    while (count < LENGTH(handles) && status == SHS_OK) {
        status = shs_alloc(NULL, 100 * KIB, shs_self(), &handles[count]);
        if (status == SHS_OK) count++;
    }
    EXPECT(count == LENGTH(handles) || (status == SHS_E_LIMIT && count > 10));
    EXPECT_STATUS(SHS_OK, try_block(1, shs_self()));   /* beside the first block */
    EXPECT_STATUS(status, try_block(KIB, shs_self())); /* which has no room for that */
    while (count > 0) {
        EXPECT_STATUS(SHS_OK, shs_free(handles[--count], shs_self()));
    }
    EXPECT_STATUS(SHS_OK, try_block(100 * KIB, shs_self()));
    return EXIT_SUCCESS;
}

/* A view of a block that is freed. */
static void *view_of_freed(shs_handle handle, shs_access access) {
    void *view = NULL;
    EXPECT_STATUS(SHS_OK, shs_lock(handle, shs_self(), access, &view, NULL));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
    return view;
}

/* Freed blocks of which views are kept need no more descriptors than the share for blocks, however many there are, and
 * of whatever kind: the application has the rest. */
static int views_role(char **arguments) {
    static void *views[200], *mapped[200];
    struct leaks before, now;
    (void)arguments;
    SET_LIMIT(RLIMIT_NOFILE, 64);
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    leaks_measure(&before);
    for (size_t i = 0; i < LENGTH(views); i++) {
        shs_handle handle = 0, second = 0;
        EXPECT_STATUS(SHS_OK, shs_alloc(NULL, 100 * KIB, shs_self(), &handle));
        EXPECT_STATUS(SHS_OK, shs_map_handle(handle, shs_self(), shs_self(), SHS_READ, &second));
        mapped[i] = view_of_freed(second, SHS_READ);
        views[i] = view_of_freed(handle, SHS_READ_WRITE);
        leaks_measure(&now);
        EXPECT(now.descriptors <= before.descriptors + 64 / 2);
    }
    for (size_t i = 0; i < LENGTH(views); i++) {
        memset(views[i], 1, 100 * KIB);
        EXPECT(*(const char *)mapped[i] == 1);
        EXPECT_STATUS(SHS_OK, shs_unlock(views[i]));
        EXPECT_STATUS(SHS_OK, shs_unlock(mapped[i]));
    }
    return EXIT_SUCCESS;
}

/* A response comes with a descriptor for which there is no room. */
static int lost_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    const shs_handle theirs = (shs_handle)strtoul(arguments[1], NULL, 10);
    shs_handle mapped = 0;
    size_t count = 0;
    void *view = NULL;
    EXPECT_STATUS(SHS_OK, shs_list(other, NULL, 0, &count));
    const int lowest = dup(STDIN_FILENO);
    EXPECT(lowest >= 0 && close(lowest) == 0);
    READ_LIMIT(RLIMIT_NOFILE);
    const rlim_t plenty = limit.rlim_cur;
    SET_LIMIT(RLIMIT_NOFILE, (rlim_t)lowest);
    EXPECT_STATUS(SHS_E_LIMIT, checked_list(other, NULL, 0, &count));
    EXPECT(shs_native_error() == EMFILE);
    EXPECT_STATUS(SHS_E_LIMIT, checked_lock(theirs, other, SHS_READ, &view, NULL));
    EXPECT_STATUS(SHS_E_LIMIT, checked_map_handle(theirs, other, shs_self(), SHS_READ, &mapped));
    EXPECT_STATUS(SHS_E_LIMIT, checked_alloc_locked(MIB, other, &mapped, &view));
    SET_LIMIT(RLIMIT_NOFILE, plenty); /* for sanitizers, which look around at the end */
    return EXIT_SUCCESS;
}

static int file_size_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    SET_LIMIT(RLIMIT_FSIZE, MIB);
    EXPECT_STATUS(SHS_E_LIMIT, try_block(4 * MIB, shs_self()));
    EXPECT(shs_native_error() == EFBIG);
    EXPECT_STATUS(SHS_E_LIMIT, try_block(4 * MIB, other));
    EXPECT(shs_native_error() == EFBIG);
    EXPECT_STATUS(SHS_OK, try_block(MIB - (size_t)sysconf(_SC_PAGESIZE), shs_self())); /* and its words */
    EXPECT_STATUS(SHS_OK, try_block(100, shs_self()));
    EXPECT_STATUS(SHS_OK, try_block(100, other));
    SET_LIMIT(RLIMIT_FSIZE, 0);
    EXPECT(is_want_of_room(try_block(100, shs_self())));
    EXPECT(is_want_of_room(try_block(5000, other)));
    shs_stop();
    EXPECT_STATUS(SHS_E_LIMIT, checked_start(NULL)); /* not even the lock file may be written */
    return EXIT_SUCCESS;
}

/* A program that may open nothing more, not even wait for what it has: whom it knows it goes on to speak with. */
static int no_descriptor_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    READ_LIMIT(RLIMIT_NOFILE);
    const rlim_t plenty = limit.rlim_cur;
    EXPECT_STATUS(SHS_OK, try_block(100, other));
    for (rlim_t most = 0; most < 3; most++) {
        SET_LIMIT(RLIMIT_NOFILE, most);
        for (int i = 0; i < 50; i++) {
            EXPECT_STATUS(SHS_OK, shs_probe(other));
            EXPECT_STATUS(SHS_OK, try_block(100, other));
        }
    }
    SET_LIMIT(RLIMIT_NOFILE, plenty); /* for sanitizers, which look around at the end */
    return EXIT_SUCCESS;
}

/* Started without standard streams, as some daemons are: what is printed later must not reach the library's files. */
static int streams_role(char **arguments) {
    bool written = false;
    (void)arguments;
    shs_stop();
    const int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 64);
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        (void)close(stream);
    const shs_status status = try_block(100 * KIB, shs_self());
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        written = written || write(stream, "x", 1) == 1;
    EXPECT(dup2(kept, STDERR_FILENO) == STDERR_FILENO);
    EXPECT_STATUS(SHS_OK, status);
    EXPECT(!written);
    return EXIT_SUCCESS;
}

static size_t address_space(void) {
    size_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL || fscanf(file, "%zu", &pages) != 1) pages = SIZE_MAX / 65536;
    if (file != NULL) fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Shared mappings of another process. */
static size_t shared_mappings(shs_pid pid) {
    char path[40], line[512];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%u/maps", (unsigned)pid);
    FILE *file = fopen(path, "re");
    EXPECT(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        const char *rights = strchr(line, ' ');
        if (rights != NULL && rights[4] == 's') count++;
    }
    fclose(file);
    return count;
}

/* An owner keeps nothing of a segment that the giver found no room for after all. */
static void nothing_stays_with(shs_pid other) {
    const size_t before = shared_mappings(other);
    EXPECT_STATUS(SHS_E_NO_MEMORY, try_block(64 * MIB, other));
    EXPECT_STATUS(SHS_OK, shs_probe(other)); /* all that was told before has been heard */
    EXPECT(shared_mappings(other) <= before);
}

/* What is kept for blocks of other sizes makes room. */
static void what_is_kept_goes(shs_pid other) {
    READ_LIMIT(RLIMIT_AS);
    const rlim_t plenty = limit.rlim_cur;
    EXPECT_STATUS(SHS_OK, try_block(40 * MIB, other));
    SET_LIMIT(RLIMIT_AS, address_space() + 8 * MIB);
    EXPECT_STATUS(SHS_OK, try_block(18 * MIB, other));
    SET_LIMIT(RLIMIT_AS, plenty);
}

static int address_space_role(char **arguments) {
    const shs_pid other = (shs_pid)strtoul(arguments[0], NULL, 10);
    EXPECT_STATUS(SHS_OK, try_block(100, other));
    READ_LIMIT(RLIMIT_AS);
    const rlim_t plenty = limit.rlim_cur;
    SET_LIMIT(RLIMIT_AS, address_space() + 32 * MIB);
    EXPECT_STATUS(SHS_E_NO_MEMORY, try_block(64 * MIB, shs_self()));
    nothing_stays_with(other);
    EXPECT_STATUS(SHS_OK, try_block(100, shs_self()));
    EXPECT_STATUS(SHS_OK, try_block(100, other));
    SET_LIMIT(RLIMIT_AS, plenty);
    EXPECT_STATUS(SHS_OK, try_block(64 * MIB, other));
    what_is_kept_goes(other);
    return EXIT_SUCCESS;
}

/* Its arguments are the pid of an owner, and a block there. */
static void run(const char *role) {
    char pid[16], theirs[16];
    struct child *other = actor_start_attached();
    shs_handle handle = 0;
    CHECK_STATUS(SHS_OK, actor_alloc(other, 1, MIB, child_pid(other), &handle));
    snprintf(pid, sizeof pid, "%u", (unsigned)child_pid(other));
    snprintf(theirs, sizeof theirs, "%u", (unsigned)handle);
    struct child *child = child_start(role, (const char *const[]){ pid, theirs, NULL });
    REQUIRE(child != NULL);
    CHECK_NUMBER(0, (uint64_t)child_wait(child));
    CHECK_STATUS(SHS_OK, actor_free(other, handle, child_pid(other)));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(other)));
    actor_end(other);
}

static void few_descriptors(void) { run("descriptors"); }

static void no_room_for_a_response(void) { run("lost"); }

static void descriptors_used_up(void) { run("full"); }

static void views_of_freed_blocks(void) { run("views"); }

static void small_files(void) {
    if (kernel_lets_fill_a_limit()) run("file-size");
}

static void small_address_space(void) {
    if (address_space() / MIB > 65536) {
        skip("a sanitizer has taken the address space");
        return;
    }
    run("address-space");
}

static void no_descriptor(void) { run("no-descriptor"); }

static void no_standard_streams(void) { run("streams"); }

/* More givers than descriptors, one after the other: what the dead ones left makes room for the next. */
static void givers_that_end(void) {
    READ_LIMIT(RLIMIT_NOFILE);
    const struct rlimit plenty = limit;
    SET_LIMIT(RLIMIT_NOFILE, 64);
    for (int i = 0; i < 60; i++) {
        struct child *giver = actor_start();
        const struct actor_request request = { .command = ACTOR_ALLOC_EXIT, .pid = shs_self(), .size = 100 };
        const struct actor_reply reply = actor_ask(giver, request);
        CHECK_STATUS(SHS_OK, (shs_status)reply.status);
        (void)child_wait(giver);
        CHECK_STATUS(SHS_OK, shs_free(reply.handle, shs_self()));
    }
    REQUIRE(setrlimit(RLIMIT_NOFILE, &plenty) == 0);
}

/* What one giver keeps for its next blocks makes room for another giver. */
static void freed_blocks_make_room(void) {
    READ_LIMIT(RLIMIT_NOFILE);
    const struct rlimit plenty = limit;
    static shs_handle handles[64];
    size_t count = 0;
    struct child *first = actor_start();
    struct child *second = actor_start();
    SET_LIMIT(RLIMIT_NOFILE, 64);
    while (count < LENGTH(handles) && actor_alloc(first, 1, 100 * KIB, shs_self(), &handles[count]) == SHS_OK)
        count++;
    CHECK(count > 10 && count < LENGTH(handles));
    while (count > 0) {
        CHECK_STATUS(SHS_OK, shs_free(handles[--count], shs_self()));
    }
    CHECK_STATUS(SHS_OK, actor_alloc(second, 2, 100, shs_self(), &handles[0]));
    CHECK_STATUS(SHS_OK, shs_free(handles[0], shs_self()));
    REQUIRE(setrlimit(RLIMIT_NOFILE, &plenty) == 0);
    actor_end(second);
    actor_end(first);
}

#define VIEWS 32767 /* of one kind, of one block */

static shs_status lock_one(shs_handle handle, shs_access access, void **view) {
    return shs_lock(handle, shs_self(), access, view, NULL);
}

/* Each kind for itself; and all of them can be given back. */
static void all_views(void) {
    void *views[2] = { NULL, NULL };
    const shs_handle handle = block_new(1, 100, shs_self());
    for (int access = SHS_READ; access <= SHS_READ_WRITE; access++) {
        shs_status status = SHS_OK;
        size_t count = 0;
        while (count <= VIEWS && status == SHS_OK) {
            status = lock_one(handle, (shs_access)access, &views[access]);
            if (status == SHS_OK) count++;
        }
        CHECK_STATUS(SHS_E_LIMIT, status);
        CHECK_NUMBER(VIEWS, count);
    }
    for (int access = SHS_READ; access <= SHS_READ_WRITE; access++) {
        size_t count = 0;
        while (count <= VIEWS && shs_unlock(views[access]) == SHS_OK)
            count++;
        CHECK_NUMBER(VIEWS, count);
    }
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
}

static const struct test tests[] = {
    { "few descriptors", few_descriptors },
    { "no room for a response", no_room_for_a_response },
    { "descriptors are used up", descriptors_used_up },
    { "views of freed blocks", views_of_freed_blocks },
    { "files must be small", small_files },
    { "little address space", small_address_space },
    { "all views of a block are taken", all_views },
    { "no descriptor", no_descriptor },
    { "no standard streams", no_standard_streams },
    { "givers that end", givers_that_end },
    { "freed blocks make room", freed_blocks_make_room },
};

static const struct role roles[] = {
    { "descriptors", descriptors_role },
    { "lost", lost_role },
    { "full", full_role },
    { "views", views_role },
    { "file-size", file_size_role },
    { "address-space", address_space_role },
    { "streams", streams_role },
    { "no-descriptor", no_descriptor_role },
};

SUITE_WITH_ROLES("limits", tests, roles, LENGTH(roles))
