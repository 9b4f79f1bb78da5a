/*
 * The smallest program with Windows' names: a block of its own, made and freed.
 */
#include <windows.h>

#include <shlwapi.h>

int main(void) {
    HANDLE block = SHAllocShared("given", 6, GetCurrentProcessId());
    return block == NULL || !SHFreeShared(block, GetCurrentProcessId());
}
