/*
 * Sizes up to the last that a DWORD can say: where a limit is in their way, that is what is said, and not that the
 * size is none. A limit it is so that the memory of the machine is left alone. Exit code 0: that is so.
 */
#include <shlwapi.h>
#include <stdio.h>
#include <sys/resource.h>

int main(void) {
    const struct rlimit limit = { 1 << 20, 1 << 20 };
    int wrong = 0;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    for (DWORD size = 0xFFFFFFF0u; size != 0; size++) {
        if (SHAllocShared(NULL, size, GetCurrentProcessId()) == NULL && GetLastError() != ERROR_INVALID_PARAMETER)
            continue;
        printf("size 0x%X: error %u\n", (unsigned)size, (unsigned)GetLastError());
        wrong++;
    }
    return wrong;
}
