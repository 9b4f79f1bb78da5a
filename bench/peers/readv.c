/*
 * Peer: no memory is shared, the taker reads the giver's own with process_vm_readv() into a buffer that it keeps. One
 * copy; the address travels in the letter. The giver must leave its bytes alone until the answer is there, so nobody
 * owns a block. It needs the right to trace the giver, which Yama (ptrace_scope), a container or another user may
 * deny: where this process may not be read by its child, the peer is left out.
 */
#define _GNU_SOURCE /* process_vm_readv */
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"
#include "support.h"

static char *buffer;
static pid_t giver;

static ssize_t read_giver(void *to, uint64_t address, size_t size) {
    const struct iovec local = { .iov_base = to, .iov_len = size };
    const struct iovec remote = { .iov_base = (void *)(uintptr_t)address, .iov_len = size };
    return process_vm_readv(giver, &local, 1, &remote, 1, 0);
}

/* Yama lets a child read its parent only when the parent says so; without Yama the call fails, and nothing is lost. */
static void allow(unsigned long reader) { (void)prctl(PR_SET_PTRACER, reader, 0, 0, 0); }

static void expect_permission(size_t largest) {
    (void)largest;
    int status = 0;
    uint64_t word = 0;
    giver = getpid();
    allow(PR_SET_PTRACER_ANY);
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) _exit(read_giver(&word, (uintptr_t)&word, sizeof word) == (ssize_t)sizeof word ? 0 : 1);
    if (waitpid(child, &status, 0) != child) fail("waitpid");
    if (status != 0) leave_out("process_vm_readv is not permitted here (ptrace_scope, or a container)");
}

static void make_buffer(enum role role, uint32_t other, size_t largest) {
    if (role == TAKER) buffer = filled_memory(largest);
    if (role == GIVER) allow(other);
}

static void tell_address(const void *data, size_t size, struct letter *letter) {
    (void)size;
    letter->handle = (uintptr_t)data;
}

static uint64_t read_block(const struct letter *letter) {
    for (size_t done = 0; done < letter->size;) {
        const ssize_t got = read_giver(buffer + done, letter->handle + done, letter->size - done);
        if (got <= 0) fail("process_vm_readv");
        done += (size_t)got;
    }
    return sum_words(buffer, letter->size);
}

const struct bench_peer bench_peer = {
    .prepare = expect_permission, .enter = make_buffer, .give = tell_address, .take = read_block
};
