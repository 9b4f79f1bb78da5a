/*
 * parent give CHILD TEXT, parent own CHILD TEXT: start a program and let it have a block with the text.
 *
 * "give" makes the child the owner. It can be given blocks when it has started the library, which takes it a moment:
 * shs_wait() sleeps until then, or until the child has ended. The handle goes to its standard input, and nothing else.
 *
 * "own" needs no waiting at all: the parent owns the block, and puts the handle and its own pid in the child's
 * arguments. It must live until the child has looked. The other side of both is child.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <shshared/shshared.h>

#include "spawn.h"

#define PATIENCE 60000 /* milliseconds */

static int fail(const char *what, shs_status status) {
    fprintf(stderr, "parent: %s: %s\n", what, shs_status_text(status));
    return EXIT_FAILURE;
}

static int give(char *program, const char *text) {
    char *arguments[] = { program, NULL };
    struct spawned child;
    shs_handle handle;
    if (!spawn(arguments, &child)) return fail(program, SHS_E_SYSTEM);
    shs_status status = shs_wait(child.pid, PATIENCE);
    if (status == SHS_OK) status = shs_alloc(text, strlen(text), child.pid, &handle);
    if (status == SHS_OK) fprintf(child.input, "%lu\n", (unsigned long)handle);
    const int code = spawn_wait(&child); /* and no handle, where there is none */
    return status == SHS_OK ? code : fail("the child", status);
}

static int own(char *program, const char *text) {
    char handle_text[16], pid_text[16];
    char *arguments[] = { program, handle_text, pid_text, NULL };
    struct spawned child;
    shs_handle handle;
    const shs_status status = shs_alloc(text, strlen(text), shs_self(), &handle);
    if (status != SHS_OK) return fail("the block", status);
    snprintf(handle_text, sizeof handle_text, "%lu", (unsigned long)handle);
    snprintf(pid_text, sizeof pid_text, "%lu", (unsigned long)shs_self());
    if (!spawn(arguments, &child)) return fail(program, SHS_E_SYSTEM);
    const int code = spawn_wait(&child);
    shs_free(handle, shs_self()); /* SHS_E_HANDLE where the child has done so */
    return code;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "give") == 0) return give(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "own") == 0) return own(argv[2], argv[3]);
    fprintf(stderr, "usage: parent give|own CHILD TEXT\n");
    return EXIT_FAILURE;
}
