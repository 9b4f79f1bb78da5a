/*
 * Measure: one process with blocks of its own, as measure-own, by the shell's functions of the porting layer. Each
 * block has the rest of its page, which is zeroed.
 */
#include <shlwapi.h>

#include "support.h"

static void *source;

static void use_block(size_t size) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = SHAllocShared(source, (DWORD)size, me);
    void *view = SHLockShared(shared, me);
    if (view == NULL || !SHUnlockShared(view) || !SHFreeShared(shared, me)) fail("a shell function failed");
}

static uint64_t use_blocks(size_t size, uint64_t count) {
    const uint64_t begin = clock_now();
    for (uint64_t i = 0; i < count; i++)
        use_block(size);
    return clock_now() - begin;
}

int main(int argc, char **argv) {
    if (argc < 2) fail("usage: measure-layer LARGEST");
    source = filled_memory((size_t)parse_number(argv[1]));
    return answer_runner(use_blocks);
}
