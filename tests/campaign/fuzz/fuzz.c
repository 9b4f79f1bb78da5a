/*
 * What the fuzz targets have in common. See fuzz.h.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix/os/birth.h"
#include "posix/os/fd_tracking.h"
#include "support/leaks.h"

#define LOOK_EVERY 512

uint8_t take_byte(struct input *input) {
    if (input->left == 0) return 0;
    input->left--;
    return *input->bytes++;
}

void take_bytes(struct input *input, void *into, size_t count) {
    const size_t there = count < input->left ? count : input->left;
    memset(into, 0, count);
    memcpy(into, input->bytes, there);
    input->bytes += there;
    input->left -= there;
}

uint32_t take_number(struct input *input) {
    uint32_t number;
    take_bytes(input, &number, sizeof number);
    return number;
}

void fuzz_must_be(bool condition, const char *what) {
    if (condition) return;
    fprintf(stderr, "must be: %s\n", what);
    abort();
}

static char folder[] = "/tmp/shs-fuzz-XXXXXX";
static void (*start_library)(void);
static struct leaks baseline;

static void end(void) {
    char command[64];
    shs_stop();
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    (void)!system(command); /* NOLINT(cert-env33-c): the path is our own */
}

void fuzz_begin(void (*start)(void)) {
    if (mkdtemp(folder) == NULL) abort();
    (void)setenv("SHSHARED_RUNTIME_DIR", folder, 1);
    (void)atexit(end);
    leaks_warm_up();
    start_library = start;
    start();
}

/* ---- descriptors ---- */

static int memory(unsigned flags, off_t size, int seals) {
    const int fd = memfd_create("fuzz", flags | MFD_CLOEXEC);
    if (fd < 0) return -1;
    (void)ftruncate(fd, size);
    if (seals != 0) (void)fcntl(fd, F_ADD_SEALS, seals);
    return fd;
}

static int read_only(void) {
    char path[64];
    const int fd = memory(MFD_ALLOW_SEALING, 65536, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const int reopened = open(path, O_RDONLY | O_CLOEXEC);
    (void)close(fd);
    return reopened;
}

static int one_end(int ends[2]) {
    (void)close(ends[1]);
    return ends[0];
}

int descriptor_of_kind(unsigned kind) {
    int ends[2];
    switch (kind % KINDS) {
        case 0:
            return memory(MFD_ALLOW_SEALING, 1 << 20, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
        case 1:
            return memory(MFD_ALLOW_SEALING, 8192, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
        case 2:
            return memory(MFD_ALLOW_SEALING, 1 << 20, 0);
        case 3:
            return memory(0, 1 << 20, 0);
        case 4:
            return memory(MFD_ALLOW_SEALING, 1 << 20, F_SEAL_SHRINK | F_SEAL_WRITE);
        case 5:
            return memory(MFD_HUGETLB, 0, 0);
        case 6:
            return read_only();
        case 7:
            return pipe(ends) == 0 ? one_end(ends) : -1;
        case 8:
            return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? one_end(ends) : -1;
        case 9:
            return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        case 10:
            return open("/tmp", O_PATH | O_CLOEXEC);
        default:
            return open("/dev/zero", O_RDWR | O_CLOEXEC);
    }
}

int fuzz_track(int opened) {
    shs__birth_begin();
    const int fd = shs__fd_track(opened);
    shs__birth_end();
    return fd;
}

/* ---- leaks ---- */

/* The second look is the first that counts: libFuzzer has opened all of its own by then. A thread that closed a last
 * descriptor may still have been there: each look is the measure for the next. */
void fuzz_check_leaks(void) {
    static unsigned inputs;
    char left[256];
    if (inputs++ % LOOK_EVERY != 0) return;
    shs_stop();
    if (inputs <= LOOK_EVERY + 1) leaks_measure(&baseline);
    const bool clean = leaks_fall_to(&baseline, left, sizeof left);
    if (!clean) leaks_describe();
    fuzz_must_be(clean, left);
    leaks_measure(&baseline);
    start_library();
}
