/*
 * While one thread fills a large block, nobody waits for it: not who frees, and not who comes after that.
 *
 * The fill is held in the middle, however fast the machine: what it copies cannot be read any more when the library has
 * seen that it can, so the copy faults, and its thread goes on when it is told to. Who waits for it waits for ever.
 */
#include "win32/memory.h"

#include "native.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/pattern.h"
#include "support/suite.h"

#define PAGE 4096

static struct {
    unsigned char *data;      /* two pages, of which the second is shut */
    HANDLE reached, released; /* events: the fill has reached it; it may go on */
    shs_status status;
    shs_handle handle;
} fill;

bool __real_shs__memory_is_readable(const void *data, size_t size);
bool __wrap_shs__memory_is_readable(const void *data, size_t size);

bool __wrap_shs__memory_is_readable(const void *data, size_t size) {
    DWORD before;
    const bool is_readable = __real_shs__memory_is_readable(data, size);
    if (data == fill.data && !VirtualProtect(fill.data + PAGE, PAGE, PAGE_NOACCESS, &before)) return false;
    return is_readable;
}

static LONG CALLBACK hold(EXCEPTION_POINTERS *fault) {
    DWORD before;
    const ULONG_PTR at = fault->ExceptionRecord->ExceptionInformation[1];
    if (fault->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION) return EXCEPTION_CONTINUE_SEARCH;
    if (at - (ULONG_PTR)fill.data >= (ULONG_PTR)2 * PAGE) return EXCEPTION_CONTINUE_SEARCH;
    SetEvent(fill.reached);
    WaitForSingleObject(fill.released, INFINITE);
    VirtualProtect(fill.data + PAGE, PAGE, PAGE_READWRITE, &before);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void fill_a_block(void *owner) {
    fill.status = shs_alloc(fill.data, (size_t)2 * PAGE, *(const shs_pid *)owner, &fill.handle);
}

static void prepare(void) {
    fill.data = VirtualAlloc(NULL, (size_t)2 * PAGE, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    fill.reached = CreateEventA(NULL, TRUE, FALSE, NULL);
    fill.released = CreateEventA(NULL, TRUE, FALSE, NULL);
    REQUIRE(fill.data != NULL && fill.reached != NULL && fill.released != NULL);
    pattern_fill(fill.data, (size_t)2 * PAGE, 7);
}

static void clear(void) {
    CloseHandle(fill.reached);
    CloseHandle(fill.released);
    VirtualFree(fill.data, 0, MEM_RELEASE);
}

/* Every call, while the block for owner is being filled. */
static void others_go_on(shs_pid owner) {
    const shs_handle freed = block_new(1, 100, shs_self());
    shs_handle mapped = 0;
    size_t count = 0;
    struct parallel *filler = parallel_start(fill_a_block, &owner);
    REQUIRE(filler != NULL);
    WaitForSingleObject(fill.reached, INFINITE);
    CHECK_STATUS(SHS_OK, shs_free(freed, shs_self()));
    CHECK_STATUS(SHS_E_HANDLE, shs_free(freed, shs_self()));
    const shs_handle made = block_new(2, 100, owner);
    CHECK(block_holds(made, owner, 2, 100));
    CHECK_STATUS(SHS_OK, shs_map_handle(made, owner, shs_self(), SHS_READ, &mapped));
    CHECK_STATUS(SHS_OK, shs_free(mapped, shs_self()));
    CHECK_STATUS(SHS_OK, shs_list(owner, NULL, 0, &count));
    CHECK_NUMBER(1, count);
    CHECK_STATUS(SHS_OK, shs_free(made, owner));
    SetEvent(fill.released);
    parallel_join(filler);
}

static void check_fill(shs_pid owner) {
    prepare();
    void *handler = AddVectoredExceptionHandler(TRUE, hold);
    others_go_on(owner);
    RemoveVectoredExceptionHandler(handler);
    CHECK_STATUS(SHS_OK, fill.status);
    CHECK(block_holds(fill.handle, owner, 7, (size_t)2 * PAGE));
    CHECK_STATUS(SHS_OK, shs_free(fill.handle, owner));
    clear();
}

static void in_this_process(void) { check_fill(shs_self()); }

static void in_another_process(void) {
    struct child *owner = actor_start_attached();
    check_fill(child_pid(owner));
    actor_end(owner);
}

/* What is being filled is no block yet, so that its number, one of this process for the time, can be freed by nobody.
 */
static void nobody_closes_what_is_filled(void) {
    const shs_pid self = shs_self();
    prepare();
    void *handler = AddVectoredExceptionHandler(TRUE, hold);
    struct parallel *filler = parallel_start(fill_a_block, (void *)&self);
    REQUIRE(filler != NULL);
    WaitForSingleObject(fill.reached, INFINITE);
    for (shs_handle number = 4; number < 4096; number += 4) {
        CHECK_STATUS(SHS_E_HANDLE, shs_free(number, self));
    }
    SetEvent(fill.released);
    parallel_join(filler);
    RemoveVectoredExceptionHandler(handler);
    CHECK_STATUS(SHS_OK, fill.status);
    CHECK(block_holds(fill.handle, self, 7, (size_t)2 * PAGE));
    CHECK_STATUS(SHS_OK, shs_free(fill.handle, self));
    clear();
}

static const struct test tests[] = {
    { "who fills a block of this process holds up nobody", in_this_process },
    { "who fills a block of another process holds up nobody", in_another_process },
    { "nobody closes what is being filled", nobody_closes_what_is_filled },
};

SUITE("fills", tests)
