/*
 * Handles of a process that are valid, and no blocks: none can be locked, mapped or freed, and all stay open.
 *
 * The original functions of the shell close whatever has the number that they are told.
 */
#include <stdio.h>
#include <string.h>

#include "native.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/suite.h"

static HANDLE new_event(void) { return CreateEventA(NULL, TRUE, FALSE, NULL); }

static HANDLE new_mutex(void) { return CreateMutexA(NULL, FALSE, NULL); }

static HANDLE new_process_handle(void) { return OpenProcess(SYNCHRONIZE, FALSE, GetCurrentProcessId()); }

static HANDLE new_file(void) {
    char folder[MAX_PATH];
    char path[MAX_PATH];
    GetTempPathA(sizeof folder, folder);
    GetTempFileNameA(folder, "shs", 0, path);
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

static HANDLE new_section(void) {
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 8192, NULL);
}

/* Memory that was never committed: to read a header there would be a fault. */
static HANDLE new_reserved_section(void) {
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, 1 << 20, NULL);
}

static HANDLE new_program_image(void) {
    char path[MAX_PATH];
    GetModuleFileNameA(NULL, path, sizeof path);
    const HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    const HANDLE section = CreateFileMappingA(file, NULL, PAGE_READONLY | SEC_IMAGE, 0, 0, NULL);
    CloseHandle(file);
    return section;
}

/* Begins as a block does, and could be cut by whoever has the file. */
static HANDLE new_forged_file(void) {
    const HANDLE file = new_file();
    const HANDLE section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 8192, NULL);
    const shs_handle block = block_new(1, 100, shs_self());
    char *view = block_lock(block, shs_self(), SHS_READ);
    char *forged = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    memcpy(forged, view - HEADER_SIZE, HEADER_SIZE);
    UnmapViewOfFile(forged);
    CloseHandle(file);
    CHECK_STATUS(SHS_OK, shs_unlock(view));
    CHECK_STATUS(SHS_OK, shs_free(block, shs_self()));
    return section;
}

static const struct {
    const char *name;
    HANDLE (*make)(void);
} impostors[] = {
    { "an event", new_event },
    { "a mutex", new_mutex },
    { "a process", new_process_handle },
    { "a file", new_file },
    { "another program's section", new_section },
    { "a section without memory", new_reserved_section },
    { "a program", new_program_image },
    { "a file that begins as a block does", new_forged_file },
};

static void refuse(shs_status actual, const char *call, const char *impostor) {
    char text[128];
    snprintf(text, sizeof text, "%s of %s: %s", call, impostor, shs_status_name(actual));
    check_true(actual == SHS_E_HANDLE, text, __FILE__, __LINE__, false);
}

static void check_impostor(size_t i, shs_pid pid) {
    const HANDLE object = impostors[i].make();
    REQUIRE(object != NULL && object != INVALID_HANDLE_VALUE);
    const shs_handle handle = native_give(object, pid);
    shs_handle mapped = 0;
    void *view = NULL;
    refuse(shs_lock(handle, pid, SHS_READ, &view, NULL), "lock", impostors[i].name);
    refuse(shs_map_handle(handle, pid, shs_self(), SHS_READ, &mapped), "map", impostors[i].name);
    refuse(shs_free(handle, pid), "free", impostors[i].name);
    const HANDLE left = native_take(handle, pid);
    check_true(left != NULL, impostors[i].name, __FILE__, __LINE__, false);
    CloseHandle(left);
    native_close(handle, pid);
    CloseHandle(object);
}

static void none_of_this_process(void) {
    for (size_t i = 0; i < LENGTH(impostors); i++) {
        check_impostor(i, shs_self());
    }
}

static void none_of_another(void) {
    struct child *owner = actor_start_attached();
    for (size_t i = 0; i < LENGTH(impostors); i++) {
        check_impostor(i, child_pid(owner));
    }
    actor_end(owner);
}

static void an_event_works_on(void) {
    struct child *owner = actor_start_attached();
    const HANDLE event = new_event();
    const shs_handle handle = native_give(event, child_pid(owner));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(handle, child_pid(owner)));
    CHECK_STATUS(SHS_E_HANDLE, actor_free(owner, handle, child_pid(owner)));
    CHECK(native_is_event(handle, child_pid(owner), event));
    native_close(handle, child_pid(owner));
    CloseHandle(event);
    actor_end(owner);
}

static void stop_closes_blocks_alone(void) {
    const HANDLE event = new_event();
    const HANDLE section = new_section();
    block_new(1, 100, shs_self());
    shs_stop();
    CHECK(native_is_event(handle_of(event), shs_self(), event));
    CHECK(CloseHandle(event) && CloseHandle(section));
}

/* A duplicate with more rights than the library gives is the application's own, to close when it likes. */
static void own_duplicates_are_left_alone(void) {
    HANDLE duplicate = NULL;
    size_t count = 4711;
    DWORD flags = 0;
    const shs_handle block = block_new(1, 100, shs_self());
    CHECK(DuplicateHandle(GetCurrentProcess(), native_of(block), GetCurrentProcess(), &duplicate,
                          SECTION_QUERY | SECTION_MAP_READ, FALSE, 0));
    CHECK_STATUS(SHS_OK, shs_list(shs_self(), NULL, 0, &count));
    CHECK_NUMBER(1, count);
    shs_stop();
    CHECK(!GetHandleInformation(native_of(block), &flags) && GetHandleInformation(duplicate, &flags));
    CHECK(CloseHandle(duplicate));
}

/* A handle with the very rights of a block's: only a look at the section tells. */
static HANDLE with_rights_of_block(HANDLE section) {
    HANDLE limited = NULL;
    CHECK(DuplicateHandle(GetCurrentProcess(), section, GetCurrentProcess(), &limited,
                          SECTION_MAP_READ | SECTION_MAP_WRITE, FALSE, DUPLICATE_CLOSE_SOURCE));
    return limited;
}

static void none_is_listed(void) {
    size_t count = 4711;
    void *view = NULL;
    const HANDLE section = with_rights_of_block(new_section());
    const HANDLE forged = with_rights_of_block(new_forged_file());
    CHECK_STATUS(SHS_E_HANDLE, shs_lock(0x7FFFFFFC, shs_self(), SHS_READ, &view, NULL));
    const long error = shs_native_error();
    CHECK_STATUS(SHS_OK, shs_list(shs_self(), NULL, 0, &count));
    CHECK_NUMBER(0, count);
    CHECK(error != 0 && shs_native_error() == error);
    CHECK(CloseHandle(section) && CloseHandle(forged));
}

static const struct test tests[] = {
    { "no impostor of this process passes", none_of_this_process },
    { "no impostor of another process passes", none_of_another },
    { "an event that somebody freed works on", an_event_works_on },
    { "stop closes blocks alone", stop_closes_blocks_alone },
    { "no impostor is listed", none_is_listed },
    { "the application's own duplicates are left alone", own_duplicates_are_left_alone },
};

SUITE("impostors", tests)
