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
    { "the last error stays", the_last_error_stays },
    { "data that cannot be read is a status", data_that_cannot_be_read_is_a_status },
    { "nothing is served", nothing_is_served },
};

SUITE("rights", tests)
