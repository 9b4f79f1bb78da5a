/*
 * child, child HANDLE PID: print the text in a block that parent.c made, and free it.
 *
 * Without arguments the block is this process's: it starts the library, so that it can be given one, and reads the
 * handle from its standard input. With arguments the block is that process's.
 */
#include <stdio.h>
#include <stdlib.h>

#include <shshared/shshared.h>

static shs_status print(shs_handle handle, shs_pid owner) {
    void *view;
    size_t size;
    const shs_status status = shs_lock(handle, owner, SHS_READ, &view, &size);
    if (status != SHS_OK) return status;
    printf("%.*s\n", (int)size, (const char *)view);
    shs_unlock(view);
    return shs_free(handle, owner);
}

int main(int argc, char **argv) {
    unsigned long handle = 0;
    shs_status status = SHS_OK;
    if (argc == 3) {
        status = print((shs_handle)strtoul(argv[1], NULL, 10), (shs_pid)strtoul(argv[2], NULL, 10));
    } else {
        status = shs_start(NULL);
        if (status == SHS_OK && scanf("%lu", &handle) != 1) return EXIT_FAILURE; /* the parent says why */
        if (status == SHS_OK) status = print((shs_handle)handle, shs_self());
    }
    if (status != SHS_OK) fprintf(stderr, "child: %s\n", shs_status_text(status));
    return status == SHS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
