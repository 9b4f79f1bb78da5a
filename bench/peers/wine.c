/*
 * Peer: the original, SHAllocShared and its sisters, as Wine has them. A Windows program, built by MinGW.
 *
 * Its letters travel over Windows pipes (pair_win32.c), so its floor is not that of the native peers: pingpong.c is
 * built as a Windows program too, and shows how much of the time is Wine's pipes.
 */
#include <shlwapi.h>
#include <windows.h>

#include "peer.h"
#include "support.h"

static DWORD taker;

static void enter(enum role role, uint32_t other, size_t largest) {
    (void)largest;
    taker = role == GIVER ? other : GetCurrentProcessId();
}

static void give_block(const void *data, size_t size, struct letter *letter) {
    const HANDLE handle = SHAllocShared(data, (DWORD)size, taker);
    if (handle == NULL) fail("SHAllocShared");
    letter->handle = (uint64_t)(uintptr_t)handle;
}

static uint64_t take_block(const struct letter *letter) {
    const HANDLE handle = (HANDLE)(uintptr_t)letter->handle; /* NOLINT(performance-no-int-to-ptr): it came from one */
    void *view = SHLockShared(handle, taker);
    if (view == NULL) fail("SHLockShared");
    const uint64_t sum = sum_words(view, (size_t)letter->size);
    if (!SHUnlockShared(view) || !SHFreeShared(handle, taker)) fail("SHUnlockShared, SHFreeShared");
    return sum;
}

const struct bench_peer bench_peer = { .enter = enter, .give = give_block, .take = take_block };
