/*
 * The transcript: the whole family called in two processes, and what each call returned, line by line.
 *
 * This source is built for Windows, too, and transcript.txt is what it printed there (Wine 8.0); here it must print the
 * same. `transcript stricter` prints the calls in which this library is stricter on purpose, for stricter.txt.
 * No handle, address or process id is printed. The last error is UNTOUCHED before each call. It is not printed for an
 * allocation that succeeds: Windows sets it to 0 then, on its way; this library leaves it.
 */
#include <stdint.h>
#include <string.h>

#include "call.h"
#include "start.h"

#define EVERYTHING (FILE_MAP_READ | FILE_MAP_WRITE)

/* Who makes a call: this process, or one that was started. */
struct party {
    const char *name;
    DWORD pid;
    struct started *started;
};

static const char *program;
static struct started second_started;
static struct party first = { .name = "first" }, second = { .name = "second", .started = &second_started };
static const DWORD nobody = 0x7FFFFFFC;

static struct result ask(const struct party *by, const struct call *call) {
    if (by->started == NULL) return make_call(call);
    return send_call(call, by->started->to, by->started->from);
}

static const char *describe(enum verb verb, const struct result *result) {
    if (verb == READ) return result->text;
    if (verb == WRITE || verb == FILL) return "done";
    if (verb == UNLOCK || verb == FREE || verb == CLOSE || verb == FULL || verb == EMPTY)
        return result->value ? "TRUE" : "FALSE";
    return result->value ? "not NULL" : "NULL";
}

/* Have it made, print what it returned, and return that. */
static ULONG_PTR say(const struct party *by, const char *what, struct call call) {
    const struct result result = ask(by, &call);
    const char *quote = call.verb == READ ? "\"" : "";
    printf("%-7s%-50s%s%s%s", by->name, what, quote, describe(call.verb, &result), quote);
    if (call.verb < READ && (call.verb != ALLOC || result.value == 0)) {
        if (result.error == UNTOUCHED)
            printf(", untouched");
        else
            printf(", last error %u", (unsigned)result.error);
    }
    printf("\n");
    return result.value;
}

static ULONG_PTR alloc(const struct party *by, const char *what, const char *text, DWORD process) {
    return say(by, what, (struct call){ .verb = ALLOC, .text = text, .size = CALL_TEXT, .process = process });
}

static ULONG_PTR lock(const struct party *by, const char *what, ULONG_PTR handle, DWORD process) {
    return say(by, what, (struct call){ .verb = LOCK, .object = handle, .process = process });
}

static void unlock(const struct party *by, const char *what, ULONG_PTR view) {
    say(by, what, (struct call){ .verb = UNLOCK, .object = view });
}

static void release(const struct party *by, const char *what, ULONG_PTR handle, DWORD process) {
    say(by, what, (struct call){ .verb = FREE, .object = handle, .process = process });
}

static ULONG_PTR map(const struct party *by, const char *what, ULONG_PTR handle, DWORD from, DWORD to, DWORD access,
                     DWORD options) {
    return say(by, what, (struct call){ MAP, handle, from, to, access, options, 0, NULL });
}

static void look(const struct party *by, const char *what, ULONG_PTR view) {
    say(by, what, (struct call){ .verb = READ, .object = view });
}

static void change(const struct party *by, const char *what, ULONG_PTR view, const char *text) {
    say(by, what, (struct call){ .verb = WRITE, .object = view, .text = text });
}

static void give_and_take(void) {
    const ULONG_PTR handle = alloc(&first, "alloc in second", "hello", second.pid);
    const ULONG_PTR there = lock(&second, "lock", handle, second.pid);
    look(&second, "read", there);
    const ULONG_PTR here = lock(&first, "lock what lives in second", handle, second.pid);
    change(&second, "write", there, "world");
    look(&first, "read", here);
    release(&first, "free while locked", handle, second.pid);
    look(&first, "read after free", here);
    look(&second, "read after free", there);
    lock(&first, "lock after free", handle, second.pid);
    lock(&second, "lock after free", handle, second.pid);
    map(&first, "map after free", handle, second.pid, first.pid, EVERYTHING, 0);
    unlock(&first, "unlock", here);
    unlock(&second, "unlock", there);
    unlock(&second, "unlock twice", there);
}

static void sizes_and_zeros(void) {
    struct call empty = { .verb = ALLOC, .process = first.pid };
    ULONG_PTR handle = say(&second, "alloc of size 0 in first", empty);
    ULONG_PTR view = lock(&first, "lock of size 0", handle, first.pid);
    unlock(&first, "unlock of size 0", view);
    release(&first, "free of size 0", handle, first.pid);
    handle = alloc(&second, "alloc without data in first", NULL, first.pid);
    view = lock(&first, "lock", handle, first.pid);
    look(&first, "read of zeros", view);
    unlock(&first, "unlock", view);
    release(&first, "free", handle, first.pid);
}

static void room(const struct party *by, enum verb verb, const char *what, ULONG_PTR view, DWORD size,
                 const char *text) {
    say(by, what, (struct call){ .verb = verb, .object = view, .size = size, .text = text });
}

/* Programs that write more than they asked for, and read what they did not give, live from this. */
static void room_behind(DWORD size, const char *text) {
    printf("-- two blocks of %u bytes\n", (unsigned)size);
    const struct call call = { .verb = ALLOC, .size = size, .process = second.pid, .text = text };
    const ULONG_PTR one = say(&first, "alloc in second", call), other = say(&first, "alloc in second", call);
    const ULONG_PTR view = lock(&second, "lock the one", one, second.pid);
    const ULONG_PTR beside = lock(&first, "lock the other", other, second.pid);
    room(&second, EMPTY, "is there nothing behind it", view, size, text);
    room(&first, EMPTY, "is there nothing behind it", beside, size, text);
    room(&second, FILL, "fill its page", view, size, "o");
    room(&first, FILL, "fill its page", beside, size, "b");
    room(&second, FULL, "is its page full", view, size, "o");
    room(&first, FULL, "is its page full", beside, size, "b");
    const ULONG_PTR copy = map(&first, "map to first", one, second.pid, first.pid, EVERYTHING, 0);
    const ULONG_PTR copied = lock(&first, "lock what was mapped", copy, first.pid);
    room(&first, FULL, "is its page full", copied, size, "o");
    unlock(&first, "unlock", copied);
    unlock(&first, "unlock", beside);
    unlock(&second, "unlock", view);
    release(&first, "free", copy, first.pid);
    release(&first, "free", one, second.pid);
    release(&second, "free", other, second.pid);
}

static void rooms(void) {
    for (int i = 0; i < 2; i++) { /* again in what was given back */
        room_behind(0, NULL);
        room_behind(5, "hello");
        room_behind(100, NULL);
        room_behind(4092, NULL);
        room_behind(4093, NULL);
        room_behind(65536, NULL);
    }
}

static void two_views(void) {
    const ULONG_PTR handle = alloc(&first, "alloc in first", "one", first.pid);
    const ULONG_PTR one = lock(&first, "lock", handle, first.pid);
    const ULONG_PTR other = lock(&first, "lock again", handle, first.pid);
    change(&first, "write to the one", one, "both");
    look(&first, "read from the other", other);
    unlock(&first, "unlock the one", one);
    look(&first, "read from the other", other);
    unlock(&first, "unlock the other", other);
    release(&first, "free", handle, first.pid);
    release(&first, "free twice", handle, first.pid);
    lock(&first, "lock after free", handle, first.pid);
}

static void no_such_process(DWORD pid, const char *name) {
    printf("-- process %s\n", name);
    alloc(&first, "alloc", "hello", pid);
    lock(&first, "lock NULL", 0, pid);
    lock(&first, "lock", 4, pid);
    release(&first, "free NULL", 0, pid);
    release(&first, "free", 4, pid);
    map(&first, "map NULL from it", 0, pid, first.pid, EVERYTHING, 0);
    map(&first, "map NULL to it", 0, first.pid, pid, EVERYTHING, 0);
    map(&first, "map no block from it", 0x7FF00000, pid, first.pid, EVERYTHING, 0);
    map(&first, "map no block to it", 0x7FF00000, first.pid, pid, EVERYTHING, 0);
    map(&first, "map no handle from it", 3, pid, first.pid, EVERYTHING, 0);
    const ULONG_PTR handle = alloc(&first, "alloc in first", "kept", first.pid);
    map(&first, "map to it", handle, first.pid, pid, EVERYTHING, 0);
    map(&first, "map to it, close the source", handle, first.pid, pid, EVERYTHING, DUPLICATE_CLOSE_SOURCE);
    unlock(&first, "unlock: the source was kept", lock(&first, "lock", handle, first.pid));
    release(&first, "free", handle, first.pid);
}

static void no_such_handle(ULONG_PTR handle, const char *name) {
    printf("-- handle %s\n", name);
    lock(&first, "lock in first", handle, first.pid);
    lock(&first, "lock in second", handle, second.pid);
    release(&first, "free in first", handle, first.pid);
    release(&first, "free in second", handle, second.pid);
    map(&first, "map from first to first", handle, first.pid, first.pid, EVERYTHING, 0);
    map(&first, "map from first to second", handle, first.pid, second.pid, EVERYTHING, 0);
    map(&first, "map from second to first", handle, second.pid, first.pid, EVERYTHING, 0);
}

static void no_such_view(void) {
    int local = 0;
    unlock(&first, "unlock NULL", 0);
    unlock(&first, "unlock a variable", (ULONG_PTR)&local);
    unlock(&first, "unlock a low address", 0x10000);
    unlock(&first, "unlock the last address", ~(ULONG_PTR)0);
}

static void foreign_process(void) {
    const ULONG_PTR handle = alloc(&first, "alloc in first", "mine", first.pid);
    lock(&first, "lock it in second", handle, second.pid);
    lock(&second, "lock it in second", handle, second.pid);
    const ULONG_PTR view = lock(&second, "lock it in first", handle, first.pid);
    look(&second, "read", view);
    unlock(&second, "unlock", view);
    release(&second, "free it in first", handle, first.pid);
}

/* One mapping from first to second, and what became of the source. */
static void mapped(const char *what, DWORD access, DWORD options) {
    printf("-- map %s\n", what);
    const ULONG_PTR handle = alloc(&first, "alloc in first", "shared", first.pid);
    const ULONG_PTR copy = map(&first, "map to second", handle, first.pid, second.pid, access, options);
    ULONG_PTR view = lock(&second, "lock what was mapped", copy, second.pid);
    look(&second, "read", view);
    unlock(&second, "unlock", view);
    view = lock(&second, "lock the source", handle, first.pid);
    unlock(&second, "unlock", view);
    release(&first, "free the source", handle, first.pid);
    view = lock(&first, "lock what was mapped", copy, second.pid);
    look(&first, "read", view);
    unlock(&first, "unlock", view);
    release(&second, "free what was mapped", copy, second.pid);
}

static void map_rows(void) {
    mapped("for everything", EVERYTHING, 0);
    mapped("with all access", FILE_MAP_ALL_ACCESS, 0);
    mapped("for writing", FILE_MAP_WRITE, 0);
    mapped("for reading", FILE_MAP_READ, 0);
    mapped("for nothing", 0, 0);
    mapped("with the same access", 0, DUPLICATE_SAME_ACCESS);
    mapped("for reading with the same access", FILE_MAP_READ, DUPLICATE_SAME_ACCESS);
    mapped("and close the source", EVERYTHING, DUPLICATE_CLOSE_SOURCE);
    mapped("with both options", 0, DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS);
    mapped("for reading and close the source", FILE_MAP_READ, DUPLICATE_CLOSE_SOURCE);
    mapped("with an unknown option", EVERYTHING, 4);
    mapped("with all options", EVERYTHING, 0xFFFFFFFF);
    mapped("for unknown access", 0xFFFFFFFF, 0);
    mapped("with generic rights to read", GENERIC_READ, 0);
    mapped("with generic rights to write", GENERIC_WRITE, 0);
    mapped("with generic rights to both", GENERIC_READ | GENERIC_WRITE, 0);
    mapped("with all generic rights", GENERIC_ALL, 0);
    mapped("with generic rights to execute", GENERIC_EXECUTE, 0);
    mapped("for a copy", FILE_MAP_COPY, 0);
    mapped("for a copy and reading", FILE_MAP_COPY | FILE_MAP_READ, 0);
    mapped("to wait for", SYNCHRONIZE, 0);
    mapped("to wait for and reading", SYNCHRONIZE | FILE_MAP_READ, 0);
    mapped("to execute", SECTION_MAP_EXECUTE, 0);
}

static void map_by_others(void) {
    const ULONG_PTR handle = alloc(&first, "alloc in first", "moved", first.pid);
    const ULONG_PTR pulled = map(&second, "map from first to second", handle, first.pid, second.pid, EVERYTHING, 0);
    const ULONG_PTR reading = map(&first, "map that to first for reading", pulled, second.pid, first.pid, FILE_MAP_READ,
                                  DUPLICATE_CLOSE_SOURCE);
    const ULONG_PTR same = map(&first, "map that within first", reading, first.pid, first.pid, 0, 0);
    release(&first, "free the first", handle, first.pid);
    release(&first, "free the third", reading, first.pid);
    const ULONG_PTR view = lock(&first, "lock the fourth", same, first.pid);
    look(&first, "read", view);
    unlock(&first, "unlock", view);
    release(&first, "free the fourth", same, first.pid);
}

static int begin(struct party *party) {
    if (start(program, "second", party->started) != 0) return -1;
    party->pid = (DWORD)ask(party, &(struct call){ .verb = PROCESS }).value;
    return 0;
}

static void lives_and_deaths(void) {
    struct started started = { 0 };
    struct party third = { .name = "third", .started = &started };
    if (begin(&third) != 0) return;
    const ULONG_PTR left = alloc(&third, "alloc in first", "legacy", first.pid);
    const ULONG_PTR lost = alloc(&first, "alloc in third", "mortal", third.pid);
    const ULONG_PTR kept = lock(&first, "lock it", lost, third.pid);
    end_started(&started);
    printf("-- third has ended\n");
    look(&first, "read what lived in third", kept);
    lock(&first, "lock it again", lost, third.pid);
    release(&first, "free it", lost, third.pid);
    unlock(&first, "unlock it", kept);
    const ULONG_PTR view = lock(&first, "lock what third gave", left, first.pid);
    look(&first, "read", view);
    unlock(&first, "unlock", view);
    release(&first, "free", left, first.pid);
}

static void narrow_handles(void) {
    const ULONG_PTR handle = alloc(&second, "alloc in first", "narrow", first.pid);
    const ULONG_PTR widened = (ULONG_PTR)(LONG_PTR)(LONG)(DWORD)handle;
    const ULONG_PTR view = lock(&first, "lock after a DWORD and a sign extension", widened, first.pid);
    look(&first, "read", view);
    unlock(&first, "unlock", view);
    release(&first, "free", widened, first.pid);
}

static void close_handle(const struct party *by, const char *what, ULONG_PTR handle) {
    say(by, what, (struct call){ .verb = CLOSE, .object = handle });
}

/* In its own process a block's handle is one like others. */
static void closed_handles(void) {
    const ULONG_PTR handle = alloc(&second, "alloc in first", "closed", first.pid);
    const ULONG_PTR view = lock(&first, "lock", handle, first.pid);
    close_handle(&first, "close", handle);
    look(&first, "read", view);
    unlock(&first, "unlock", view);
    lock(&first, "lock what was closed", handle, first.pid);
    close_handle(&first, "close twice", handle);
    close_handle(&first, "close NULL", 0);
    close_handle(&first, "close what was never valid", 0x7FF00000);
}

static void common_rows(void) {
    give_and_take();
    sizes_and_zeros();
    rooms();
    two_views();
    no_such_process(0, "0");
    no_such_process(nobody, "that does not exist");
    no_such_process(0xFFFFFFFF, "-1");
    no_such_handle(0, "NULL");
    no_such_handle(0x7FF00000, "never valid");
    no_such_handle(1, "1");
    no_such_handle((ULONG_PTR)(UINT64_C(1) << 32), "beyond 32 bits");
    no_such_view();
    foreign_process();
    map_rows();
    map_by_others();
    lives_and_deaths();
    narrow_handles();
    closed_handles();
}

static void stricter_rows(void) {
    const ULONG_PTR handle = alloc(&first, "alloc in first", "hello", first.pid);
    const ULONG_PTR view = lock(&first, "lock", handle, first.pid);
    unlock(&first, "unlock an address inside a view", view + 1);
    unlock(&first, "unlock", view);
    lock(&first, "lock a handle with low bits", handle + 1, first.pid);
    map(&first, "map INVALID_HANDLE_VALUE", (ULONG_PTR)INVALID_HANDLE_VALUE, first.pid, first.pid, EVERYTHING, 0);
    release(&first, "free INVALID_HANDLE_VALUE", (ULONG_PTR)INVALID_HANDLE_VALUE, first.pid);
    release(&first, "free in a process in which it is not valid", handle, second.pid);
    const ULONG_PTR reading = map(&first, "map for reading", handle, first.pid, first.pid, FILE_MAP_READ, 0);
    map(&first, "map that for writing", reading, first.pid, first.pid, FILE_MAP_WRITE, 0);
    release(&first, "free both", reading, first.pid);
    release(&first, "free both", handle, first.pid);
}

int main(int count, char **arguments) {
    program = arguments[0];
    if (count > 1 && strcmp(arguments[1], "second") == 0) {
        serve_calls();
        return 0;
    }
    first.pid = GetCurrentProcessId();
    if (begin(&second) != 0) return 1;
    if (count > 1)
        stricter_rows();
    else
        common_rows();
    end_started(&second_started);
    return 0;
}
