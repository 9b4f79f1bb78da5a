/*
 * Memory objects: all of one is reserved where the system reserves nothing by itself, and how much is left is asked
 * seldom. The linker leads both questions here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/stat.h>

#include "posix/os/fd_tracking.h"
#include "posix/os/memory_available.h"
#include "posix/os/reserve.h"
#include "posix/os/shm_object.h"
#include "support/sizes.h"
#include "support/suite.h"

#define COUNTED 512 /* bytes, by which stat() counts */
#define OBJECTS 24  /* more than are made before somebody asks */

static atomic_bool refuses;

int __real_shs__reserve(int fd, uint64_t offset, uint64_t length);
int __wrap_shs__reserve(int fd, uint64_t offset, uint64_t length);

int __wrap_shs__reserve(int fd, uint64_t offset, uint64_t length) {
    return atomic_load(&refuses) ? EOPNOTSUPP : __real_shs__reserve(fd, offset, length);
}

static atomic_uint asked;

uint64_t __wrap_shs__memory_available(const char *root);

uint64_t __wrap_shs__memory_available(const char *root) {
    (void)root;
    (void)atomic_fetch_add(&asked, 1);
    return 1024 * MIB;
}

static int make_zeros(uint64_t size) {
    const struct shm_contents zeros = { .size = size };
    int fd = -1;
    REQUIRE_STATUS(SHS_OK, shs__shm_object_make(&zeros, &fd));
    return fd;
}

/* Zeros are written, page by page. */
static void all_is_reserved(void) {
    struct stat about;
    atomic_store(&refuses, true);
    const int fd = make_zeros(100 * KIB);
    atomic_store(&refuses, false);
    CHECK(fstat(fd, &about) == 0 && (uint64_t)about.st_size == 100 * KIB);
    CHECK((uint64_t)about.st_blocks * COUNTED >= 100 * KIB);
    shs__fd_close(fd);
}

/* To ask takes longer than to make a small one. */
static void many_small_ones_ask_once(void) {
    atomic_store(&asked, 0);
    for (int i = 0; i < OBJECTS; i++)
        shs__fd_close(make_zeros(100 * KIB));
    CHECK(atomic_load(&asked) <= 1);
}

static const struct test tests[] = {
    { "all is reserved", all_is_reserved },
    { "many small ones ask once", many_small_ones_ask_once },
};

SUITE("objects", tests)
