/*
 * Folders that are full of other people's names: what a start and a search look at there is bounded, and whose a name
 * is comes before anything else. The linker leads the library's looks here, to be counted.
 *
 * The folders are a role's own, where this machine lets it have such.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "posix/os/process_info.h"
#include "support/actor.h"
#include "support/expect.h"
#include "support/suite.h"

#define CANNOT 77
#define OTHER_USER 54321u
#define NAMES 12000      /* of others in a folder */
#define NAMES_MOST 10000 /* that may be looked at by one call */

static atomic_uint names;     /* that were read */
static atomic_uint processes; /* that were asked for */

struct dirent *__real_readdir64(DIR *folder);
struct dirent *__wrap_readdir64(DIR *folder);
struct process_info __real_shs__process_info_get(uint32_t pid);
struct process_info __wrap_shs__process_info_get(uint32_t pid);

struct dirent *__wrap_readdir64(DIR *folder) {
    atomic_fetch_add(&names, 1);
    return __real_readdir64(folder);
}

struct process_info __wrap_shs__process_info_get(uint32_t pid) {
    atomic_fetch_add(&processes, 1);
    return __real_shs__process_info_get(pid);
}

/* A folder of this process alone, in which another user has names that look like the library's, of pid 1 and of none.
 */
static bool crowd(const char *folder) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return false;
    if (mount("tmpfs", folder, "tmpfs", 0, "mode=1777,size=64m") != 0) return false;
    for (int i = 0; i < NAMES; i++) {
        char path[100];
        snprintf(path, sizeof path, "%s/shs.%d.%x", folder, i % 2 == 0 ? 1 : 99999999, (unsigned)i);
        const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (fd < 0) return false;
        const bool theirs = fchown(fd, OTHER_USER, OTHER_USER) == 0;
        close(fd);
        if (!theirs) return false;
    }
    return true;
}

static void begin(void) {
    atomic_store(&names, 0);
    atomic_store(&processes, 0);
}

static int memory_role(char **arguments) {
    (void)arguments;
    if (!crowd("/dev/shm")) return CANNOT;
    begin();
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    EXPECT(atomic_load(&names) > 0 && atomic_load(&names) <= NAMES_MOST);
    EXPECT(atomic_load(&processes) == 0);
    return EXIT_SUCCESS;
}

/* It has a folder, and looks through all others for a process that has none. */
static int folder_role(char **arguments) {
    if (!crowd("/tmp") || unsetenv("SHSHARED_RUNTIME_DIR") != 0) return CANNOT;
    EXPECT_STATUS(SHS_OK, shs_start(NULL));
    begin();
    EXPECT_STATUS(SHS_E_NOT_ATTACHED, shs_probe((shs_pid)strtoul(arguments[0], NULL, 10)));
    EXPECT(atomic_load(&names) > 0 && atomic_load(&names) <= NAMES_MOST);
    return EXIT_SUCCESS;
}

static void check_role(const char *role) {
    char pid[16];
    struct child *idle = actor_start();
    snprintf(pid, sizeof pid, "%u", (unsigned)child_pid(idle));
    struct child *child = child_start(role, (const char *const[]){ pid, NULL });
    REQUIRE(child != NULL);
    const int code = child_wait(child);
    if (code == CANNOT) skip("this machine does not let a test have a folder of its own");
    CHECK(code == EXIT_SUCCESS || code == CANNOT);
    actor_end(idle);
}

static void names_of_memory(void) { check_role("memory"); }

static void names_where_folders_are(void) { check_role("folder"); }

static const struct test tests[] = {
    { "other people's names where those of memory are", names_of_memory },
    { "other people's names where folders are", names_where_folders_are },
};

static const struct role roles[] = {
    { "memory", memory_role },
    { "folder", folder_role },
};

SUITE_WITH_ROLES("crowds", tests, roles, LENGTH(roles))
