/*
 * A file of a real file system that answers no more once the file is open: mute_linux.c, but by the kernel.
 *
 * A child is the file system. It speaks as much of /dev/fuse as opening a file takes, and after that reads what is
 * asked and says nothing. When it is killed, the kernel answers for it. All this is in a mount namespace of the test's.
 */
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forked.h"
#include "raw.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/expect.h"
#include "support/sandbox.h"
#include "support/suite.h"
#include "support/system.h"
#include "target.h"

#define FILE_NODE 2
#define SOME 12  /* more than there are threads that wait */
#define MANY 300 /* more than a process lets wait */
#define REQUEST_MOST (FUSE_MIN_READ_BUFFER * 16)

/* ---- the file system ---- */

static void reply(int device, const struct fuse_in_header *request, const void *body, size_t size) {
    char bytes[sizeof(struct fuse_out_header) + sizeof(struct fuse_entry_out)];
    const struct fuse_out_header header = { .len = (uint32_t)(sizeof header + size), .unique = request->unique };
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + sizeof header, body, size);
    EXPECT(write(device, bytes, header.len) == (ssize_t)header.len);
}

static void answer(int device, const struct fuse_in_header *request) {
    const struct fuse_init_out hello = { .major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096 };
    const struct fuse_entry_out entry = { .nodeid = FILE_NODE,
                                          .attr = { .ino = FILE_NODE, .mode = S_IFREG | 0600, .nlink = 1 } };
    const struct fuse_open_out opened = { .fh = 1 };
    if (request->opcode == FUSE_INIT) reply(device, request, &hello, sizeof hello);
    if (request->opcode == FUSE_LOOKUP) reply(device, request, &entry, sizeof entry);
    if (request->opcode == FUSE_OPEN) reply(device, request, &opened, sizeof opened);
}

static int file_system_role(char **arguments) {
    static _Alignas(struct fuse_in_header) char request[REQUEST_MOST];
    char options[100];
    const int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
    bool mounted = device >= 0 && mount("mute", arguments[0], "fuse", MS_NOSUID | MS_NODEV, options) == 0;
    EXPECT(parent_send(&mounted, sizeof mounted));
    while (mounted && read(device, request, sizeof request) > 0)
        answer(device, (const struct fuse_in_header *)request);
    return EXIT_SUCCESS;
}

static struct child *file_system;

static char place[200];

/* In a namespace of this process and its children. False when the system does not let it. */
static bool file_system_start(void) {
    bool mounted = false;
    snprintf(place, sizeof place, "%s.fuse", sandbox_path());
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return false;
    if (mkdir(place, 0700) != 0) return false;
    file_system = child_start("file-system", (const char *const[]){ place, NULL });
    REQUIRE(file_system != NULL);
    CHECK(child_receive(file_system, &mounted, sizeof mounted));
    if (mounted) return true;
    CHECK_NUMBER(0, (uint64_t)child_wait(file_system));
    CHECK(rmdir(place) == 0);
    return false;
}

/* Who waits for an answer has one now. */
static void file_system_end(void) {
    child_kill(file_system);
    CHECK(child_wait(file_system) == CHILD_KILLED);
    CHECK(umount2(place, MNT_DETACH) == 0);
    CHECK(rmdir(place) == 0);
}

/* ---- what is sent ---- */

/* Not by this process, which would wait for its own close. */
static void send_files(int channel, void *context) {
    char path[220];
    const struct message offer = { .kind = WIRE_ADD_SEGMENT, .count = 8, .stride = 64, .offset = 4096 };
    const shs_pid *pid = context;
    snprintf(path, sizeof path, "%s/file", place);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    EXPECT(fd >= 0);
    for (int i = 0; i < SOME; i++)
        EXPECT(raw_say(raw_greet(*pid), &offer, fd));
    forked_tell(channel, SOME);
    const int count = (int)forked_hear(channel);
    for (int i = 0; i < count; i++)
        EXPECT(raw_say(raw_connect(*pid), &offer, fd));
    forked_tell(channel, MANY);
    (void)forked_hear(channel); /* until its close is answered */
}

static void an_owner_that_gets_some(void) {
    if (!system_seals_memory()) return;
    if (!file_system_start()) {
        skip("this process may not mount a file system");
        return;
    }
    owner_start();
    shs_pid pid = child_pid(owner);
    struct forked sender = forked_start(fork, send_files, &pid);
    CHECK_NUMBER(SOME, forked_hear(sender.channel));
    owner_still_serves();
    forked_tell(sender.channel, MANY);
    CHECK_NUMBER(MANY, forked_hear(sender.channel));
    CHECK(block_holds(treasure, pid, 1, TARGET_SIZE)); /* who was connected before */
    CHECK_STATUS(SHS_OK, shs_probe(pid));
    CHECK_STATUS(SHS_OK, shs_free(treasure, pid));
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, (struct actor_request){ .command = ACTOR_STOP }).status);
    file_system_end();
    forked_tell(sender.channel, 1);
    CHECK_NUMBER(0, (uint64_t)forked_wait(&sender));
    actor_end(owner);
}

static const struct test tests[] = { { "an owner that gets some", an_owner_that_gets_some } };

static const struct role roles[] = { { "file-system", file_system_role } };

SUITE_WITH_ROLES("fuse", tests, roles, LENGTH(roles))
