/*
 * Bytes and at most one descriptor over a socket, against peers that send more, less, or too many descriptors.
 */
#include "posix/os/fdpass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix/os/newborn.h"
#include "posix/os/shm_object.h"
#include "raw.h"
#include "support/suite.h"
#include "support/system.h"

#define MOST 253 /* descriptors in one message, to the kernel */

struct line {
    int near, far;
};

static struct line line_open(void) {
    int pair[2];
    REQUIRE(shs__newborn_pair(pair));
    return (struct line){ pair[0], pair[1] };
}

static void line_close(struct line *line) {
    close(line->near);
    close(line->far);
}

static bool is_same_file(int one, int other) {
    struct stat a, b;
    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static int memory(void) {
    const struct shm_contents zeros = { .size = 4096 };
    int fd = -1;
    REQUIRE_STATUS(SHS_OK, shs__shm_object_make(&zeros, &fd));
    return fd;
}

static void bytes_and_a_descriptor(void) {
    struct line line = line_open();
    struct fdpass_extra extra;
    char bytes[16];
    const int sent = memory();
    CHECK(shs__fdpass_send(line.near, "hello", 5, sent) == 5);
    CHECK(shs__fdpass_receive(line.far, bytes, sizeof bytes, &extra) == 5);
    CHECK(memcmp(bytes, "hello", 5) == 0);
    CHECK(extra.fd >= 0 && !extra.lost && is_same_file(extra.fd, sent));
    CHECK((fcntl(extra.fd, F_GETFD) & FD_CLOEXEC) != 0);
    close(extra.fd);
    close(sent);
    CHECK(shs__fdpass_send(line.near, "bye", 3, -1) == 3);
    CHECK(shs__fdpass_receive(line.far, bytes, sizeof bytes, &extra) == 3);
    CHECK(extra.fd == -1);
    line_close(&line);
}

static void nothing_there_does_not_wait(void) {
    struct line line = line_open();
    struct fdpass_extra extra = { .fd = 4711 };
    char bytes[16];
    CHECK(shs__fdpass_receive(line.far, bytes, sizeof bytes, &extra) == -1 && errno == EAGAIN);
    CHECK(extra.fd == 4711);
    line_close(&line);
}

static void a_full_socket_does_not_wait(void) {
    static const char bytes[4096];
    struct line line = line_open();
    ssize_t sent = 1;
    for (int i = 0; i < 10000 && sent > 0; i++) {
        sent = shs__fdpass_send(line.near, bytes, sizeof bytes, -1);
    }
    CHECK(sent == -1 && errno == EAGAIN);
    line_close(&line);
}

/* SIGPIPE is as the system has it: it would end this program. */
static void a_closed_peer_raises_no_signal(void) {
    struct line line = line_open();
    struct fdpass_extra extra;
    char bytes[16];
    close(line.far);
    CHECK(shs__fdpass_send(line.near, "hello", 5, line.near) == -1 && errno == EPIPE);
    CHECK(shs__fdpass_receive(line.near, bytes, sizeof bytes, &extra) == 0);
    close(line.near);
}

static void more_than_one_descriptor_is_refused(void) {
    static const size_t counts[] = { 2, 3, 100, MOST };
    for (size_t i = 0; i < LENGTH(counts); i++) {
        struct line line = line_open();
        struct fdpass_extra extra = { .fd = 4711 };
        char bytes[16];
        const int sent = memory();
        CHECK(raw_send(line.near, "hello", 5, sent, counts[i]));
        CHECK(shs__fdpass_receive(line.far, bytes, sizeof bytes, &extra) == -1 && errno == EPROTO);
        CHECK(extra.fd == 4711);
        close(sent);
        line_close(&line);
    }
}

static void what_is_no_memory_is_refused(void) {
    static const size_t counts[] = { 1, 2, MOST };
    if (!system_seals_memory()) return;
    for (size_t i = 0; i < LENGTH(counts); i++) {
        struct line line = line_open();
        struct fdpass_extra extra = { .fd = 4711 };
        char bytes[16];
        CHECK(raw_send(line.near, "hello", 5, line.near, counts[i]));
        CHECK(shs__fdpass_receive(line.far, bytes, sizeof bytes, &extra) == -1 && errno == EPROTO);
        CHECK(extra.fd == 4711);
        line_close(&line);
    }
}

static void no_room_for_a_descriptor(void) {
    struct line line = line_open();
    struct fdpass_extra extra = { .fd = 4711 };
    struct rlimit plenty;
    char bytes[16];
    CHECK(shs__fdpass_send(line.near, "hello", 5, line.near) == 5);
    REQUIRE(getrlimit(RLIMIT_NOFILE, &plenty) == 0);
    const struct rlimit none = { .rlim_cur = 3, .rlim_max = plenty.rlim_max };
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    CHECK(shs__fdpass_receive(line.far, bytes, sizeof bytes, &extra) == 5 && memcmp(bytes, "hello", 5) == 0);
    CHECK(setrlimit(RLIMIT_NOFILE, &plenty) == 0);
    CHECK(extra.fd == -1 && extra.lost);
    line_close(&line);
}

static void sockets_are_prepared(void) {
    const int made = shs__fdpass_socket();
    REQUIRE(made >= 0);
    CHECK((fcntl(made, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((fcntl(made, F_GETFD) & FD_CLOEXEC) != 0);
    close(made);
}

static const struct test tests[] = {
    { "bytes and a descriptor", bytes_and_a_descriptor },
    { "nothing there does not wait", nothing_there_does_not_wait },
    { "a full socket does not wait", a_full_socket_does_not_wait },
    { "a closed peer raises no signal", a_closed_peer_raises_no_signal },
    { "more than one descriptor is refused", more_than_one_descriptor_is_refused },
    { "what is no memory is refused", what_is_no_memory_is_refused },
    { "no room for a descriptor", no_room_for_a_descriptor },
    { "sockets never wait and end with exec", sockets_are_prepared },
};

SUITE("fdpass", tests)
