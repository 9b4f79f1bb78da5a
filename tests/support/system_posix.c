/*
 * POSIX: handles have generations, owners answer for themselves and know who called, memory is kept. What a system may
 * lack is told by the files that src/posix/os/systems.cmake chose for this build, by name in SYSTEM_FILES.
 */
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suite.h"

/* Does a file other than "none" do it? */
static bool has(const char *none, const char *reason) {
    if (strstr(SYSTEM_FILES, none) == NULL) return true;
    skip(reason);
    return false;
}

bool system_keeps_handles_apart(void) { return true; }

bool system_asks_owners(void) { return true; }

bool system_keeps_memory(void) { return true; }

bool system_tells_memory_left(void) {
    return has("memory_available_none", "this system does not tell how much memory is left");
}

bool system_seals_memory(void) {
    const char *wanted = getenv("SHSHARED_OBJECT");
    const bool others = wanted != NULL && strcmp(wanted, "shm_open") == 0;
    if (others) skip("the environment asks for memory objects that cannot be sealed");
    return !others && has("memfd_none", "this system has no memory objects that could be sealed");
}

bool system_marks_words(void) { return has("liveness_none", "the kernel marks no word of a dead thread's"); }

/* Zeros that are written reserve it, too, unless such an object can only be mapped. */
static bool objects_are_written(void) {
    char name[32];
    (void)snprintf(name, sizeof name, "/shs-test.%ld", (long)getpid());
    const int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0) return true;
    (void)shm_unlink(name);
    const bool written = ftruncate(fd, 1) != 0 || pwrite(fd, "", 1, 0) == 1 || errno != ENXIO;
    (void)close(fd);
    return written;
}

bool system_reserves_memory(void) {
    if (strstr(SYSTEM_FILES, "reserve_none") == NULL || objects_are_written()) return true;
    skip("this system gives an object memory at the first touch alone");
    return false;
}

/* Room for one descriptor. */
struct parcel {
    _Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof(int))];
    struct iovec part;
    struct msghdr message;
    char byte;
};

static struct msghdr *parcel_pack(struct parcel *parcel) {
    *parcel = (struct parcel){ .byte = 0 };
    parcel->part = (struct iovec){ &parcel->byte, 1 };
    parcel->message.msg_iov = &parcel->part;
    parcel->message.msg_iovlen = 1;
    parcel->message.msg_control = parcel->control;
    parcel->message.msg_controllen = sizeof parcel->control;
    return &parcel->message;
}

static void send_and_close(int socket, int fd) {
    struct parcel parcel;
    struct cmsghdr *header = CMSG_FIRSTHDR(parcel_pack(&parcel));
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    (void)sendmsg(socket, &parcel.message, 0);
    (void)close(fd);
}

static bool brings_descriptor(int socket) {
    struct parcel parcel;
    int fd = -1;
    if (recvmsg(socket, parcel_pack(&parcel), 0) != 1) return false;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&parcel.message);
    if (header != NULL && header->cmsg_type == SCM_RIGHTS) memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd >= 0 && close(fd) == 0;
}

bool system_keeps_what_is_sent(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return true;
    send_and_close(ends[0], dup(ends[0]));
    const bool kept = brings_descriptor(ends[1]);
    (void)close(ends[0]);
    (void)close(ends[1]);
    if (!kept) skip("this system loses a descriptor that its sender closes before it was received");
    return kept;
}

bool system_opens_closed_on_exec(void) {
    return has("newborn_none", "this system tells a descriptor only after its birth to be closed on exec");
}

bool system_names_senders(void) { return has("sender_none", "this system names no sender of a message"); }

bool system_tells_pids(void) {
    const char *reason = "this system does not tell which process has connected";
    return has("peercred_user", reason) && has("peercred_portable", reason);
}

bool system_tells_users(void) { return has("process_entry_none", "this system does not tell whose a process is"); }

bool system_tells_ages(void) {
    return has("process_entry_none", "this system does not tell since when a process lives");
}

bool system_tells_saved_users(void) {
    return has("process_info_posix", "this system does not tell which user a process can become again");
}

bool system_has_namespaces(void) {
    return has("process_info_posix", "this system has no namespaces, or tells of none");
}

bool system_polls_in_the_kernel(void) { return has("poller_poll", "this system's poller is a list of the library's"); }

bool system_wakes_loops(void) { return has("timer_none", "this system wakes no loop for what is due"); }

bool system_bounds_what_is_taken(void) { return true; }

bool system_knows_givers(void) { return true; }
