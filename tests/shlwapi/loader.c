/*
 * A program that does not link the library, but loads it: loading attaches the process, and unloading changes nothing.
 * argv[1] is the library. Exit code 0: each step worked.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define ROUNDS 50

typedef HANDLE(WINAPI *ALLOC)(const void *, DWORD, DWORD);
typedef void *(WINAPI *LOCK)(HANDLE, DWORD);
typedef BOOL(WINAPI *UNLOCK)(void *);
typedef BOOL(WINAPI *FREE)(HANDLE, DWORD);
typedef DWORD(WINAPI *SELF)(void);

static struct {
    ALLOC alloc;
    LOCK lock;
    UNLOCK unlock;
    FREE free;
    SELF self;
} api;

/* ISO C has no cast from dlsym()'s pointer to one to a function: copy it. */
static void find(void *library, const char *name, void *pointer) {
    void *found = dlsym(library, name);
    if (found == NULL) exit(printf("%s is missing\n", name));
    memcpy(pointer, &found, sizeof found);
}

static void load(const char *path, void **library) {
    *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (*library == NULL) exit(printf("%s\n", dlerror()));
    find(*library, "SHAllocShared", &api.alloc);
    find(*library, "SHLockShared", &api.lock);
    find(*library, "SHUnlockShared", &api.unlock);
    find(*library, "SHFreeShared", &api.free);
    find(*library, "GetCurrentProcessId", &api.self);
}

int main(int argc, char **argv) {
    void *library;
    if (argc != 2) return 1;
    load(argv[1], &library);
    HANDLE kept = api.alloc("kept", 5, api.self());
    char *view = api.lock(kept, api.self());
    if (view == NULL || strcmp(view, "kept") != 0) return puts("no view"), 1;
    for (int i = 0; i < ROUNDS; i++) {
        if (dlclose(library) != 0) return puts("not closed"), 1;
        if (strcmp(view, "kept") != 0) return puts("the view is gone"), 1;
        load(argv[1], &library);
        void *again = api.lock(kept, api.self());
        if (again == NULL || !api.unlock(again)) return puts("the handle is gone"), 1;
    }
    dlclose(library);
    return api.unlock(view) && api.free(kept, api.self()) ? 0 : (puts("not given back"), 1);
}
