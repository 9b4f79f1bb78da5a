/*
 * A descriptor on its way is lost when its sender closes it, or the socket, before it was received. macOS.
 *
 * With each descriptor goes a second one, of a page that sender and receiver share, where the sender notes that it
 * closes. Whoever receives looks there: what was lost is closed, and not shown. A message of more than one descriptor
 * goes as it is.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "behaviour.h"

#define FLIGHTS_MOST 256
#define PAGE 4096
#define MARK "shs-flight"

NEXT(close)
NEXT(recvmsg)
NEXT(sendmsg)

/* What this process has sent, and not closed. */
static struct flight {
    pid_t sender; /* 0: none */
    int fd, socket;
    atomic_int *closed;
} flights[FLIGHTS_MOST];

/* Which process works on them. A forked child may have that of its parent, which holds up nobody there. */
static atomic_int holder;

static void hold(void) {
    const int self = (int)getpid();
    int seen = 0;
    while (!atomic_compare_exchange_weak(&holder, &seen, self)) {
        if (seen == self) seen = 0;
        (void)sched_yield();
    }
}

static void let_go(void) { atomic_store(&holder, 0); }

static void end_flights(int fd) {
    hold();
    for (struct flight *flight = flights; flight < flights + FLIGHTS_MOST; flight++) {
        if (flight->sender != getpid() || (flight->fd != fd && flight->socket != fd)) continue;
        atomic_store(flight->closed, 1);
        (void)munmap((void *)flight->closed, PAGE);
        flight->sender = 0;
    }
    let_go();
}

SHOWN int close(int fd) {
    if (fd >= 0) end_flights(fd);
    return next_close()(fd);
}

/* Note a flight. The descriptor of its page, or -1 where it cannot be followed. */
static int begin_flight(int socket, int fd) {
    const int page = memfd_create(MARK, MFD_CLOEXEC);
    if (page < 0 || ftruncate(page, PAGE) != 0) return page;
    void *mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
    if (mapped == MAP_FAILED) return page;
    hold();
    struct flight *free = flights;
    while (free < flights + FLIGHTS_MOST && free->sender != 0)
        free++;
    if (free < flights + FLIGHTS_MOST)
        *free = (struct flight){ getpid(), fd, socket, mapped };
    else
        (void)munmap(mapped, PAGE);
    let_go();
    return page;
}

static struct cmsghdr *find_rights(struct msghdr *message) {
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    while (header != NULL && header->cmsg_type != SCM_RIGHTS)
        header = CMSG_NXTHDR(message, header);
    return header;
}

SHOWN ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
    _Alignas(struct cmsghdr) unsigned char control[256] = { 0 };
    struct msghdr more = *message;
    struct cmsghdr *header = find_rights(&more);
    if (header == NULL || header->cmsg_len != CMSG_LEN(sizeof(int)) || more.msg_controllen > 128)
        return next_sendmsg()(socket, message, flags);
    int pair[2];
    memcpy(&pair[0], CMSG_DATA(header), sizeof(int));
    pair[1] = begin_flight(socket, pair[0]);
    if (pair[1] < 0) return next_sendmsg()(socket, message, flags);
    const size_t before = (size_t)((unsigned char *)header - (unsigned char *)more.msg_control);
    memcpy(control, message->msg_control, before + sizeof *header); /* a descriptor is the last, here */
    header = (struct cmsghdr *)(void *)(control + before);
    header->cmsg_len = CMSG_LEN(sizeof pair);
    memcpy(CMSG_DATA(header), pair, sizeof pair);
    more.msg_control = control;
    more.msg_controllen = before + CMSG_SPACE(sizeof pair);
    const ssize_t sent = next_sendmsg()(socket, &more, flags);
    (void)next_close()(pair[1]);
    return sent;
}

/* Is it such a page, and what does it say? */
static bool is_page(int fd, bool *lost) {
    char path[64], name[64] = "";
    int number = fd, length = 0;
    char digits[12];
    do {
        digits[length++] = (char)('0' + number % 10);
    } while ((number /= 10) > 0);
    char *end = stpcpy(path, "/proc/self/fd/");
    while (length > 0)
        *end++ = digits[--length];
    *end = '\0';
    if (readlink(path, name, sizeof name - 1) < 0 || strstr(name, MARK) == NULL) return false;
    int closed = 0;
    *lost = pread(fd, &closed, sizeof closed, 0) == (ssize_t)sizeof closed && closed != 0;
    return true;
}

SHOWN ssize_t recvmsg(int socket, struct msghdr *message, int flags) {
    const ssize_t got = next_recvmsg()(socket, message, flags);
    struct cmsghdr *header = got < 0 ? NULL : find_rights(message);
    int pair[2];
    bool lost = false;
    if (header == NULL || header->cmsg_len != CMSG_LEN(sizeof pair)) return got;
    memcpy(pair, CMSG_DATA(header), sizeof pair);
    if (!is_page(pair[1], &lost)) return got;
    (void)next_close()(pair[1]);
    header->cmsg_len = CMSG_LEN(sizeof(int));
    if (!lost) return got;
    (void)next_close()(pair[0]);
    message->msg_controllen = (size_t)((unsigned char *)header - (unsigned char *)message->msg_control);
    return got;
}
