/*
 * How much memory is left, as the system's files tell it: of the machine, and of control groups of either version, at
 * any depth. The files are made for each case; one test asks a real group, where there is one to be made.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix/os/memory_available.h"
#include "support/actor.h"
#include "support/checked.h"
#include "support/expect.h"
#include "support/sandbox.h"
#include "support/sizes.h"
#include "support/suite.h"
#include "support/system.h"

#define CANNOT 77
#define FILES 8
#define V1 "sys/fs/cgroup/memory"
#define V2 "sys/fs/cgroup"

struct file {
    const char *name;
    const char *text;
};

/* Files below a root, and what they leave. */
struct system {
    const char *what;
    uint64_t left;
    struct file files[FILES];
};

static const struct file meminfo = { "proc/meminfo", "MemTotal: 9 kB\nMemAvailable: 1000 kB\nSwapFree: 24 kB\n" };

static const struct system systems[] = {
    { "no groups", 1024 * KIB, { { "proc/self/cgroup", "0::/\n" } } },
    { "a group without a limit",
      1024 * KIB,
      { { "proc/self/cgroup", "0::/a\n" }, { V2 "/a/memory.max", "max\n" }, { V2 "/a/memory.current", "5000\n" } } },
    { "a limit",
      50000,
      { { "proc/self/cgroup", "0::/a\n" },
        { V2 "/a/memory.max", "60000\n" },
        { V2 "/a/memory.current", "10000\n" },
        { V2 "/a/memory.swap.max", "0\n" } } },
    { "a limit further up",
      300,
      { { "proc/self/cgroup", "0::/a/b/c\n" },
        { V2 "/a/memory.max", "1000\n" },
        { V2 "/a/memory.current", "700\n" },
        { V2 "/a/memory.swap.max", "0\n" },
        { V2 "/a/b/c/memory.max", "5000\n" },
        { V2 "/a/b/c/memory.current", "100\n" } } },
    { "a container that sees its own group as the top",
      0,
      { { "proc/self/cgroup", "0::/docker/1\n" },
        { V2 "/memory.max", "1000\n" },
        { V2 "/memory.current", "1000\n" },
        { V2 "/memory.swap.max", "0\n" } } },
    { "a limit that was lowered below what is used",
      0,
      { { "proc/self/cgroup", "0::/a\n" },
        { V2 "/a/memory.max", "1000\n" },
        { V2 "/a/memory.current", "1700\n" },
        { V2 "/a/memory.swap.max", "0\n" } } },
    { "caches, and as much swap as the group may have",
      100 + 20 + 3 + 4,
      { { "proc/self/cgroup", "0::/a\n" },
        { V2 "/a/memory.max", "1000\n" },
        { V2 "/a/memory.current", "900\n" },
        { V2 "/a/memory.stat", "anon 9\nshmem 7\ninactive_file 3\nactive_file 4\n" },
        { V2 "/a/memory.swap.max", "30\n" },
        { V2 "/a/memory.swap.current", "10\n" } } },
    { "as much swap as there is",
      100 + 24 * KIB,
      { { "proc/self/cgroup", "0::/a\n" }, { V2 "/a/memory.max", "100\n" }, { V2 "/a/memory.swap.max", "max\n" } } },
    { "the first version",
      400 + 3 + 4,
      { { "proc/self/cgroup", "9:pids:/x\n4:memory:/a/b\n0::/\n" },
        { V1 "/a/memory.limit_in_bytes", "1000\n" },
        { V1 "/a/memory.usage_in_bytes", "600\n" },
        { V1 "/a/memory.memsw.limit_in_bytes", "1000\n" },
        { V1 "/a/memory.memsw.usage_in_bytes", "600\n" },
        { V1 "/a/memory.stat", "inactive_file 99\ntotal_inactive_file 3\ntotal_active_file 4\n" },
        { V1 "/a/b/memory.limit_in_bytes", "9223372036854771712\n" } } },
    { "the first version with room in swap",
      400 + 50,
      { { "proc/self/cgroup", "4:memory:/a\n" },
        { V1 "/a/memory.limit_in_bytes", "1000\n" },
        { V1 "/a/memory.usage_in_bytes", "600\n" },
        { V1 "/a/memory.memsw.limit_in_bytes", "1050\n" },
        { V1 "/a/memory.memsw.usage_in_bytes", "600\n" } } },
};

/* A file below the sandbox, with the folders that lead to it. */
static void write_file(const struct file *file) {
    char path[300];
    const size_t root = (size_t)snprintf(path, sizeof path, "%s/", sandbox_path());
    snprintf(path + root, sizeof path - root, "%s", file->name);
    for (char *slash = path + root; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    FILE *stream = fopen(path, "w");
    REQUIRE(stream != NULL);
    fputs(file->text, stream);
    fclose(stream);
}

static void every_group_is_looked_at(void) {
    if (!system_tells_memory_left()) return;
    for (size_t i = 0; i < LENGTH(systems); i++) {
        const struct system *system = &systems[i];
        write_file(&meminfo);
        for (size_t j = 0; j < FILES && system->files[j].name != NULL; j++)
            write_file(&system->files[j]);
        if (!check_number(system->left, shs__memory_available(sandbox_path()), system->what, __FILE__, __LINE__))
            fprintf(stderr, "%s\n", system->what);
        sandbox_empty();
    }
}

/* ---- a real group ---- */

/* Write a word into a file of a group of version 1 below this process's own. */
static bool tell_group(const char *group, const char *name, const char *word) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", group, name);
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool told = write(fd, word, strlen(word)) == (ssize_t)strlen(word);
    close(fd);
    return told;
}

/* In a group of 128 MiB that its parent has made. */
static int limited_role(char **arguments) {
    shs_handle handle = 0;
    void *view = NULL;
    if (!tell_group(arguments[0], "cgroup.procs", "0")) return CANNOT;
    EXPECT_STATUS(SHS_E_NO_MEMORY, checked_alloc(NULL, 256 * MIB, shs_self(), &handle));
    EXPECT_STATUS(SHS_E_NO_MEMORY, checked_alloc_locked(256 * MIB, shs_self(), &handle, &view));
    EXPECT_STATUS(SHS_OK, shs_alloc(NULL, 64 * MIB, shs_self(), &handle));
    EXPECT_STATUS(SHS_E_NO_MEMORY, checked_alloc(NULL, 96 * MIB, shs_self(), &handle));
    EXPECT_STATUS(SHS_OK, shs_free(handle, shs_self()));
    return EXIT_SUCCESS;
}

/* The same group, filled by blocks none of which is large. */
static int filling_role(char **arguments) {
    shs_handle handle = 0;
    shs_status status = SHS_OK;
    uint64_t given = 0;
    if (!tell_group(arguments[0], "cgroup.procs", "0")) return CANNOT;
    for (; status == SHS_OK && given < 256 * MIB; given += MIB)
        status = shs_alloc(NULL, MIB, shs_self(), &handle);
    EXPECT_STATUS(SHS_E_NO_MEMORY, status);
    EXPECT(given > 64 * MIB);
    return EXIT_SUCCESS;
}

static bool make_group(char group[500]) {
    char line[400] = "";
    FILE *stream = fopen("/proc/self/cgroup", "r");
    const char *path = NULL;
    while (stream != NULL && path == NULL && fgets(line, sizeof line, stream) != NULL)
        path = strstr(line, ":memory:");
    if (stream != NULL) fclose(stream);
    if (path == NULL) return false;
    line[strcspn(line, "\n")] = '\0';
    snprintf(group, 500, "/sys/fs/cgroup/memory%s/shs-test-%ld", path + strlen(":memory:"), (long)getpid());
    if (mkdir(group, 0755) != 0) return false;
    return tell_group(group, "memory.limit_in_bytes", "134217728");
}

static void run_in_group(const char *role) {
    char group[500];
    if (!system_tells_memory_left()) return;
    if (!make_group(group)) {
        skip("no control group of version 1 can be made here");
        return;
    }
    struct child *child = child_start(role, (const char *const[]){ group, NULL });
    REQUIRE(child != NULL);
    const int code = child_wait(child);
    CHECK(rmdir(group) == 0);
    if (code == CANNOT) skip("no control group can be entered here");
    CHECK(code == EXIT_SUCCESS || code == CANNOT);
}

static void a_block_beyond_the_limit_of_a_group_is_refused(void) { run_in_group("limited"); }

static void many_blocks_beyond_it_are_refused(void) { run_in_group("filling"); }

static const struct test tests[] = {
    { "every group is looked at", every_group_is_looked_at },
    { "a block beyond the limit of a group is refused", a_block_beyond_the_limit_of_a_group_is_refused },
    { "many blocks beyond it are refused", many_blocks_beyond_it_are_refused },
};

static const struct role roles[] = { { "limited", limited_role }, { "filling", filling_role } };

SUITE_WITH_ROLES("memory", tests, roles, LENGTH(roles))
