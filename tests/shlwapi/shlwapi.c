/*
 * What the transcript cannot show, as Windows has no such thing or its program could not print it: who is attached, and
 * when; views and handles for reading; the last error of each thread; handles as text.
 */
#include <shlwapi.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

#include "start.h"
#include "support/child.h"
#include "support/suite.h"

#define UNTOUCHED 0xBEEFu

static HANDLE make(const char *text, DWORD process) { return SHAllocShared(text, (DWORD)strlen(text) + 1, process); }

/* Does the view of the block hold the text? */
static BOOL holds(HANDLE shared, DWORD process, const char *text) {
    void *view = SHLockShared(shared, process);
    const BOOL same = view != NULL && strcmp(view, text) == 0;
    return SHUnlockShared(view) && same;
}

/* The call fails with this last error. */
#define CHECK_FAILS(error, call)               \
    do {                                       \
        SetLastError(UNTOUCHED);               \
        CHECK(!(call));                        \
        CHECK_NUMBER((error), GetLastError()); \
    } while (0)

static void test_success_leaves_the_last_error(void) {
    const DWORD me = GetCurrentProcessId();
    SetLastError(UNTOUCHED);
    HANDLE shared = make("quiet", me);
    HANDLE mapped = SHMapHandle(shared, me, me, FILE_MAP_READ, 0);
    void *view = SHLockSharedEx(mapped, me, FALSE);
    CHECK(shared != NULL && mapped != NULL && view != NULL);
    CHECK(SHUnlockShared(SHLockShared(mapped, me)));
    CHECK(SHUnlockShared(view) && SHFreeShared(shared, me) && SHFreeShared(mapped, me));
    CHECK(SHFreeShared(NULL, 0) && SHMapHandle(NULL, 0, 0, 0, 0) == NULL);
    CHECK_NUMBER(UNTOUCHED, GetLastError());
}

/* What a new thread has as its last error; then it makes one. */
static void *fail_elsewhere(void *before) {
    *(DWORD *)before = GetLastError();
    SHUnlockShared(NULL);
    return GetLastError() == ERROR_INVALID_ADDRESS ? before : NULL;
}

static void test_each_thread_has_a_last_error(void) {
    DWORD before = UNTOUCHED;
    void *failed = NULL;
    pthread_t thread;
    SetLastError(UNTOUCHED);
    REQUIRE(pthread_create(&thread, NULL, fail_elsewhere, &before) == 0);
    pthread_join(thread, &failed);
    CHECK(failed == &before);
    CHECK_NUMBER(0, before);
    CHECK_NUMBER(UNTOUCHED, GetLastError());
}

static void test_handles_survive_numbers_and_text(void) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = make("text", me);
    char text[40];
    void *pointer = NULL;
    snprintf(text, sizeof text, "%p", shared);
    CHECK(sscanf(text, "%p", &pointer) == 1 && holds(pointer, me, "text"));
    snprintf(text, sizeof text, "%u", (unsigned)(ULONG_PTR)shared);
    CHECK(holds((HANDLE)(ULONG_PTR)strtoul(text, NULL, 10), me, "text"));
    snprintf(text, sizeof text, "%d", (int)(LONG_PTR)shared);
    CHECK(holds((HANDLE)(LONG_PTR)strtol(text, NULL, 10), me, "text"));
    CHECK(holds(LongToHandle((LONG)(LPARAM)shared), me, "text"));
    CHECK(holds(UlongToHandle((DWORD)(WPARAM)shared), me, "text"));
    const ULONG_PTR beyond = (ULONG_PTR)(UINT64_C(1) << 32); /* 0 where a HANDLE has 32 bits */
    CHECK(beyond == 0 || SHLockShared((HANDLE)((ULONG_PTR)shared | beyond), me) == NULL);
    CHECK(beyond == 0 || GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(SHFreeShared(shared, me));
}

/* Role: lock as the arguments say and write; reading works before. */
static int write_role(char **arguments) {
    HANDLE shared = (HANDLE)(ULONG_PTR)strtoul(arguments[0], NULL, 10);
    const DWORD process = (DWORD)strtoul(arguments[1], NULL, 10);
    const BOOL extended = strcmp(arguments[2], "extended") == 0;
    volatile char *view = extended ? SHLockSharedEx(shared, process, FALSE) : SHLockShared(shared, process);
    if (view == NULL || view[0] != 's') return EXIT_FAILURE;
    child_expects_fault();
    view[0] = 'S';
    return EXIT_SUCCESS;
}

/* How a process ends that writes through the handle. */
static int write_elsewhere(HANDLE shared, const char *how) {
    char handle[20], process[20];
    snprintf(handle, sizeof handle, "%u", (unsigned)(ULONG_PTR)shared);
    snprintf(process, sizeof process, "%u", (unsigned)GetCurrentProcessId());
    const char *const arguments[] = { handle, process, how, NULL };
    struct child *child = child_start("write", arguments);
    REQUIRE(child != NULL);
    return child_wait(child);
}

static void test_a_view_for_reading_faults_when_written_to(void) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = make("solid", me);
    CHECK(write_elsewhere(shared, "extended") == CHILD_FAULTED);
    CHECK(holds(shared, me, "solid"));
    CHECK(write_elsewhere(shared, "plain") == EXIT_SUCCESS);
    CHECK(holds(shared, me, "Solid"));
    CHECK(SHFreeShared(shared, me));
}

static void test_a_handle_for_reading_stays_one(void) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = make("solid", me);
    HANDLE reading = SHMapHandle(shared, me, me, FILE_MAP_READ, 0);
    HANDLE same = SHMapHandle(reading, me, me, FILE_MAP_WRITE, DUPLICATE_SAME_ACCESS);
    HANDLE none = SHMapHandle(same, me, me, 0, 0);
    CHECK_FAILS(ERROR_ACCESS_DENIED, SHLockSharedEx(reading, me, TRUE));
    CHECK_FAILS(ERROR_ACCESS_DENIED, SHLockSharedEx(none, me, TRUE));
    CHECK_FAILS(ERROR_ACCESS_DENIED, SHMapHandle(reading, me, me, FILE_MAP_WRITE, 0));
    CHECK_FAILS(ERROR_ACCESS_DENIED, SHMapHandle(none, me, me, FILE_MAP_ALL_ACCESS, 0));
    CHECK(write_elsewhere(none, "plain") == CHILD_FAULTED);
    CHECK(holds(none, me, "solid"));
    CHECK(SHFreeShared(shared, me) && SHFreeShared(reading, me) && SHFreeShared(same, me) && SHFreeShared(none, me));
}

/* Every access that is asked for and has no right to write in it, by whatever name. */
static void test_only_what_asks_to_write_may_write(void) {
    static const DWORD to_read[] = { GENERIC_READ,       GENERIC_EXECUTE,
                                     FILE_MAP_COPY,      FILE_MAP_COPY | FILE_MAP_READ,
                                     SYNCHRONIZE,        SYNCHRONIZE | GENERIC_READ,
                                     SECTION_MAP_EXECUTE };
    static const DWORD to_write[] = { GENERIC_WRITE, GENERIC_ALL, GENERIC_READ | GENERIC_WRITE, FILE_MAP_WRITE,
                                      SYNCHRONIZE | FILE_MAP_WRITE };
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = make("solid", me), reading = SHMapHandle(shared, me, me, FILE_MAP_READ, 0);
    for (size_t i = 0; i < LENGTH(to_read); i++) {
        HANDLE mapped = SHMapHandle(shared, me, me, to_read[i], 0);
        CHECK(holds(mapped, me, "solid"));
        CHECK_FAILS(ERROR_ACCESS_DENIED, SHLockSharedEx(mapped, me, TRUE));
        CHECK_FAILS(ERROR_ACCESS_DENIED, SHMapHandle(mapped, me, me, FILE_MAP_WRITE, 0));
        CHECK(SHFreeShared(mapped, me));
    }
    for (size_t i = 0; i < LENGTH(to_write); i++) {
        HANDLE mapped = SHMapHandle(shared, me, me, to_write[i], 0);
        CHECK(SHUnlockShared(SHLockSharedEx(mapped, me, TRUE)));
        CHECK(SHFreeShared(mapped, me));
        CHECK_FAILS(ERROR_ACCESS_DENIED, SHMapHandle(reading, me, me, to_write[i], 0));
    }
    CHECK(SHFreeShared(shared, me) && SHFreeShared(reading, me));
}

static void test_a_closed_source_is_closed_whatever_happens(void) {
    const DWORD me = GetCurrentProcessId();
    HANDLE shared = make("solid", me);
    HANDLE reading = SHMapHandle(shared, me, me, FILE_MAP_READ, DUPLICATE_CLOSE_SOURCE);
    CHECK_FAILS(ERROR_INVALID_HANDLE, SHFreeShared(shared, me));
    CHECK_FAILS(ERROR_ACCESS_DENIED, SHMapHandle(reading, me, me, FILE_MAP_WRITE, DUPLICATE_CLOSE_SOURCE));
    CHECK_FAILS(ERROR_INVALID_HANDLE, SHFreeShared(reading, me));
}

/* Give a block to a program that has been loaded and has called nothing. */
static void give_to(const char *program) {
    struct started idle;
    char line[20];
    REQUIRE(start(program, "idle", &idle) == 0);
    REQUIRE(fgets(line, sizeof line, idle.from) != NULL);
    HANDLE shared = make("gift", idle.pid);
    CHECK(shared != NULL && holds(shared, idle.pid, "gift"));
    CHECK(SHFreeShared(shared, idle.pid));
    end_started(&idle);
}

static void test_who_links_the_library_can_be_given_blocks(void) { give_to(IDLE_PROGRAM); }

static void test_who_links_it_statically_can_be_given_blocks(void) { give_to(IDLE_STATIC_PROGRAM); }

static void test_who_does_not_link_it_cannot(void) {
    struct started other;
    REQUIRE(start("/bin/cat", "-", &other) == 0);
    HANDLE shared = make("mine", GetCurrentProcessId());
    CHECK_FAILS(ERROR_NOT_SUPPORTED, make("gift", other.pid));
    CHECK_FAILS(ERROR_INVALID_HANDLE, SHLockShared(shared, other.pid));
    CHECK_FAILS(ERROR_INVALID_HANDLE, SHFreeShared(shared, other.pid));
    CHECK_FAILS(ERROR_NOT_SUPPORTED, SHMapHandle(shared, GetCurrentProcessId(), other.pid, FILE_MAP_READ, 0));
    CHECK(SHFreeShared(shared, GetCurrentProcessId()));
    end_started(&other);
}

static const struct role roles[] = { { "write", write_role } };

static const struct test tests[] = {
    { "success leaves the last error", test_success_leaves_the_last_error },
    { "each thread has a last error", test_each_thread_has_a_last_error },
    { "handles survive numbers and text", test_handles_survive_numbers_and_text },
    { "a view for reading faults when written to", test_a_view_for_reading_faults_when_written_to },
    { "a handle for reading stays one", test_a_handle_for_reading_stays_one },
    { "only what asks to write may write", test_only_what_asks_to_write_may_write },
    { "a closed source is closed whatever happens", test_a_closed_source_is_closed_whatever_happens },
    { "who links the library can be given blocks", test_who_links_the_library_can_be_given_blocks },
    { "who links it statically can be given blocks", test_who_links_it_statically_can_be_given_blocks },
    { "who does not link it cannot", test_who_does_not_link_it_cannot },
};

/* The library attached this process when it was loaded; the suite's leak check wants to begin with nothing. */
int main(int argc, char **argv) {
    static const struct suite suite = { "shlwapi", tests, LENGTH(tests), roles, LENGTH(roles) };
    shs_stop();
    return suite_main(&suite, argc, argv);
}
