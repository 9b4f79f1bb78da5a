/*
 * What a handle is and may do, as Windows itself sees it; and what the library may not touch: the last error.
 */
#include <string.h>

#include "native.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/pattern.h"
#include "support/suite.h"

#define SIZE 100
#define ERROR_BEFORE 4711
#define STATUS_HANDLE_NOT_CLOSABLE ((LONG)0xC0000235)

static char *map(shs_handle handle, DWORD access) { return MapViewOfFile(native_of(handle), access, 0, 0, 0); }

static void a_handle_is_one_of_its_owner(void) {
    const shs_handle handle = block_new(1, SIZE, shs_self());
    DWORD flags = 4711;
    CHECK(GetHandleInformation(native_of(handle), &flags));
    CHECK(flags == 0);
    char *view = map(handle, FILE_MAP_READ | FILE_MAP_WRITE);
    REQUIRE(view != NULL);
    CHECK(pattern_matches(view + HEADER_SIZE, SIZE, 1));
    UnmapViewOfFile(view);
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    CHECK(!GetHandleInformation(native_of(handle), &flags));
}

static void a_handle_for_reading_cannot_write(void) {
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(1, SIZE, self);
    shs_handle reader = 0;
    REQUIRE_STATUS(SHS_OK, shs_map_handle(handle, self, self, SHS_READ, &reader));
    CHECK(map(reader, FILE_MAP_WRITE) == NULL);
    CHECK(GetLastError() == ERROR_ACCESS_DENIED);
    char *view = map(reader, FILE_MAP_READ);
    REQUIRE(view != NULL);
    UnmapViewOfFile(view);
    CHECK_STATUS(SHS_OK, shs_free(reader, self));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
}

/* Windows keeps such a handle, and says nothing of it to who closes it with a duplicate. */
static void a_handle_protected_from_close_is_not_freed(void) {
    const shs_pid self = shs_self();
    const shs_handle handle = block_new(1, SIZE, self);
    const HANDLE native = native_of(handle);
    REQUIRE(SetHandleInformation(native, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK_STATUS(SHS_E_SYSTEM, shs_free(handle, self));
    CHECK(shs_native_error() == (long)STATUS_HANDLE_NOT_CLOSABLE);
    CHECK(block_holds(handle, self, 1, SIZE));
    CHECK(SetHandleInformation(native, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(handle, self));
}

/* In the child: protect a block that the parent names, or protect it no more. */
static bool guard_turn(DWORD protection) {
    shs_handle handle = 0;
    if (!parent_receive(&handle, sizeof handle)) return false;
    const bool done = SetHandleInformation(native_of(handle), HANDLE_FLAG_PROTECT_FROM_CLOSE, protection);
    return parent_send(&done, sizeof done) && done;
}

static int guard(char **arguments) {
    char end = 0;
    (void)arguments;
    const bool done = guard_turn(HANDLE_FLAG_PROTECT_FROM_CLOSE) && guard_turn(0);
    parent_receive(&end, sizeof end);
    return done ? 0 : 1;
}

static bool ask_guard(struct child *owner, shs_handle handle) {
    bool done = false;
    return child_send(owner, &handle, sizeof handle) && child_receive(owner, &done, sizeof done) && done;
}

static void nor_is_one_of_another_process(void) {
    struct child *owner = child_start("guard", NULL);
    REQUIRE(owner != NULL);
    const shs_pid pid = child_pid(owner);
    const shs_handle handle = block_new(1, SIZE, pid);
    CHECK(ask_guard(owner, handle));
    CHECK_STATUS(SHS_E_SYSTEM, shs_free(handle, pid));
    CHECK(block_holds(handle, pid, 1, SIZE));
    CHECK(ask_guard(owner, handle));
    CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    CHECK(child_send(owner, "", 1) && child_wait(owner) == 0);
}

static void the_last_error_stays(void) {
    const shs_pid self = shs_self();
    shs_handle handle = 0;
    void *view = NULL;
    SetLastError(ERROR_BEFORE);
    CHECK_STATUS(SHS_OK, shs_alloc("data", 4, self, &handle));
    CHECK_STATUS(SHS_OK, shs_lock(handle, self, SHS_READ, &view, NULL));
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(handle, self));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(handle, self));
    CHECK(GetLastError() == ERROR_BEFORE);
    CHECK(shs_native_error() == ERROR_INVALID_HANDLE);
}

/* Two pages, of which the second may not be read. */
static void data_that_cannot_be_read_is_a_status(void) {
    shs_handle handle = 0;
    DWORD before = 0;
    char *pages = VirtualAlloc(NULL, 8192, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    REQUIRE(pages != NULL && VirtualProtect(pages + 4096, 4096, PAGE_NOACCESS, &before));
    CHECK_STATUS(SHS_E_ARGUMENT, shs_alloc(pages + 4000, 97, shs_self(), &handle));
    CHECK_STATUS(SHS_E_ARGUMENT, shs_alloc(pages + 4096, 1, shs_self(), &handle));
    CHECK_STATUS(SHS_OK, shs_alloc(pages + 4000, 96, shs_self(), &handle));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    VirtualFree(pages, 0, MEM_RELEASE);
}

static void nothing_is_served(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    CHECK(shs_poll_fd() == -1);
    CHECK_STATUS(SHS_OK, shs_dispatch());
    options.service = SHS_SERVE_APPLICATION;
    CHECK_STATUS(SHS_E_UNSUPPORTED, shs_start(&options));
}

static const struct test tests[] = {
    { "a handle is one of its owner", a_handle_is_one_of_its_owner },
    { "a handle for reading cannot write", a_handle_for_reading_cannot_write },
    { "a handle protected from close is not freed", a_handle_protected_from_close_is_not_freed },
    { "nor is one of another process", nor_is_one_of_another_process },
    { "the last error stays", the_last_error_stays },
    { "data that cannot be read is a status", data_that_cannot_be_read_is_a_status },
    { "nothing is served", nothing_is_served },
};

static const struct role roles[] = { { "guard", guard } };

SUITE_WITH_ROLES("rights", tests, roles, LENGTH(roles))
