/*
 * What is each thread's own: its number, and its last error.
 */
#include <pthread.h>
#include <shlwapi.h>

static void *other(void *result) {
    const DWORD number = GetCurrentThreadId();
    const BOOL is_first = GetLastError() == ERROR_SUCCESS;
    SetLastError(ERROR_INVALID_DATA);
    *(DWORD *)result = is_first && number == GetCurrentThreadId() ? number : 0;
    return NULL;
}

int main(void) {
    pthread_t thread;
    DWORD number = 0;
    const DWORD own = GetCurrentThreadId();
    SetLastError(ERROR_ACCESS_DENIED);
    if (pthread_create(&thread, NULL, other, &number) != 0 || pthread_join(thread, NULL) != 0) return 1;
    if (number == 0 || number == own || own != GetCurrentThreadId()) return 2;
    return GetLastError() == ERROR_ACCESS_DENIED ? 0 : 3;
}
