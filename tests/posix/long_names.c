/*
 * Folders whose names are as long as the library can hold, and longer: what does not fit is not taken for what does.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix/ipc/runtime_dir.h"
#include "posix/os/process_info.h"
#include "support/sandbox.h"
#include "support/suite.h"

#define NAME_MOST 200 /* of one folder in a path */

/* A folder, and those above it, below the sandbox; its path has this length. */
static void make_long(char path[RUNTIME_PATH_MOST], size_t length) {
    size_t at = (size_t)snprintf(path, RUNTIME_PATH_MOST, "%s", sandbox_path());
    REQUIRE(at < length && length < RUNTIME_PATH_MOST);
    while (at < length) {
        const size_t rest = length - at - 1, name = rest > NAME_MOST + 1 ? NAME_MOST : rest;
        path[at++] = '/';
        memset(path + at, 'x', name);
        path[at += name] = '\0';
        CHECK(mkdir(path, 0700) == 0);
    }
}

/* The user's folder below another one, with that of the pid namespace in it: what a search looks for. */
static void make_users(const char *parent) {
    char path[RUNTIME_PATH_MOST + 64];
    uint64_t number = 0;
    (void)shs__process_info_namespace(&number);
    snprintf(path, sizeof path, "%s/%u", parent, (unsigned)geteuid());
    CHECK(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/%u/%" PRIu64, parent, (unsigned)geteuid(), number);
    CHECK(mkdir(path, 0700) == 0);
}

/* Of "FOLDER/USER.", with which its fresh folders begin, the last character does not fit: without it, it would be
 * another name. */
static void a_name_too_long_by_one(void) {
    static struct runtime_place place;
    struct runtime_dir_search walk;
    struct runtime_dir found;
    char ending[20];
    place.shared = true;
    make_long(place.forced, RUNTIME_PATH_MOST - (size_t)snprintf(ending, sizeof ending, "/%u.", (unsigned)geteuid()));
    make_users(place.forced);
    shs__runtime_dir_search(&walk, &place, (uint32_t)geteuid());
    CHECK(!shs__runtime_dir_next(&walk, &found));
    shs__runtime_dir_finish(&walk);
    CHECK(shs__runtime_dir_own(&place, &found) != SHS_OK);
    sandbox_empty();
}

static const struct test tests[] = {
    { "a name too long by one", a_name_too_long_by_one },
};

SUITE("long_names", tests)
