/*
 * What is asked of any kernel. See kernel.h.
 */
#include "kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "support/sandbox.h"
#include "support/suite.h"

#define LENGTH_MOST 100

static const char *beside(char path[LENGTH_MOST], const char *ending) {
    (void)snprintf(path, LENGTH_MOST, "%s.%s", sandbox_path(), ending);
    return path;
}

bool kernel_refuses_links(void) {
    char folder[LENGTH_MOST], link[LENGTH_MOST];
    CHECK(mkdir(beside(folder, "folder"), 0700) == 0 && symlink(folder, beside(link, "link")) == 0);
    const int fd = open(link, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) (void)close(fd);
    CHECK(unlink(link) == 0 && rmdir(folder) == 0);
    return or_skip(fd < 0, "this system opens a folder through a link, though it is asked not to");
}

static void read_all(DIR *folder) {
    while (readdir(folder) != NULL)
        continue;
}

bool kernel_leaves_times_ahead(void) {
    char path[LENGTH_MOST];
    struct stat about = { .st_atime = 0 };
    const struct timespec ahead[2] = { { .tv_sec = time(NULL) + 1000 }, { .tv_nsec = UTIME_OMIT } };
    CHECK(mkdir(beside(path, "folder"), 0700) == 0);
    DIR *const folder = opendir(path);
    REQUIRE(folder != NULL && futimens(dirfd(folder), ahead) == 0);
    read_all(folder);
    CHECK(fstat(dirfd(folder), &about) == 0 && closedir(folder) == 0 && rmdir(path) == 0);
    return or_skip(about.st_atime == ahead[0].tv_sec, "this system notes each reading of a folder as its last access");
}

static int bound(int type, const char *path, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    (void)snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
    const int made = socket(AF_UNIX, type, 0);
    REQUIRE(made >= 0 && bind(made, (const struct sockaddr *)address, sizeof *address) == 0);
    return made;
}

bool kernel_tells_of_dead_names(void) {
    char path[LENGTH_MOST];
    struct sockaddr_un address;
    (void)close(bound(SOCK_DGRAM, beside(path, "name"), &address));
    const int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
    const bool told =
        sendto(sender, "", 1, 0, (const struct sockaddr *)&address, sizeof address) < 0 && errno == ECONNREFUSED;
    (void)close(sender);
    CHECK(unlink(path) == 0);
    return or_skip(told, "this system does not tell that nobody listens at a name");
}

/* How many messages are sent whole before a connection is full, at most so many; and what the last send said. */
static unsigned send_until_full(unsigned most, size_t size, ssize_t *last) {
    static const char message[128];
    int ends[2];
    unsigned sent = 0;
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    while (sent < most && (*last = send(ends[0], message, size, 0)) == (ssize_t)size)
        sent++;
    (void)close(ends[0]);
    (void)close(ends[1]);
    return sent;
}

bool kernel_fills_connections(unsigned messages) {
    ssize_t last;
    return or_skip(send_until_full(messages, 64, &last) < messages,
                   "a connection of this system has room for all that is sent");
}

bool kernel_sends_whole(void) {
    ssize_t last;
    (void)send_until_full(UINT_MAX, 72, &last);
    return or_skip(last < 0, "this system sends a part of a message when a connection is nearly full");
}

/* To try, while there is no descriptor, must leave who has come where it is. */
static bool keeps(int listener) {
    struct rlimit plenty;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &plenty) == 0);
    const struct rlimit none = { .rlim_cur = 0, .rlim_max = plenty.rlim_max };
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    CHECK(accept(listener, NULL, NULL) < 0);
    CHECK(setrlimit(RLIMIT_NOFILE, &plenty) == 0);
    const int accepted = accept(listener, NULL, NULL);
    if (accepted >= 0) (void)close(accepted);
    return accepted >= 0;
}

bool kernel_keeps_arrivals(void) {
    char path[LENGTH_MOST];
    struct sockaddr_un address;
    const int listener = bound(SOCK_STREAM, beside(path, "name"), &address), comes = socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(fcntl(listener, F_SETFL, O_NONBLOCK) == 0 && listen(listener, 1) == 0);
    CHECK(connect(comes, (const struct sockaddr *)&address, sizeof address) == 0);
    const bool kept = keeps(listener);
    (void)close(comes);
    (void)close(listener);
    CHECK(unlink(path) == 0);
    return or_skip(kept, "this system drops who comes while there is no descriptor");
}
