/*
 * The runtime directory of a test on POSIX: SHSHARED_RUNTIME_DIR.
 *
 * What a child leaves that was killed is not a leak: no one can tidy up after SIGKILL but the next process that
 * attaches. Entries begin with the pid of the process that they belong to.
 */
#include "sandbox.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"

#define VARIABLE "SHSHARED_RUNTIME_DIR"
#define MAX_DEPTH 8

static char own_path[128];
static char left_over[256];

void sandbox_enter(void) {
    const char *temporary = getenv("TMPDIR");
    snprintf(own_path, sizeof own_path, "%s/shs-test-XXXXXX", temporary == NULL ? "/tmp" : temporary);
    if (mkdtemp(own_path) == NULL) {
        perror(own_path);
        exit(EXIT_FAILURE);
    }
    sandbox_use(own_path);
}

const char *sandbox_path(void) { return own_path; }

void sandbox_use(const char *directory) {
    if (directory[0] == '\0')
        unsetenv(VARIABLE);
    else
        setenv(VARIABLE, directory, 1);
}

static int remove_entry(const char *entry, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    const char *name = entry + place->base;
    if (kind != FTW_DP && !child_was_killed((shs_pid)strtoul(name, NULL, 10))) {
        snprintf(left_over, sizeof left_over, "left in the runtime directory: %s", entry);
    }
    return remove(entry);
}

static int remove_below(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status, (void)kind;
    return place->level == 0 ? 0 : remove(path);
}

void sandbox_empty(void) { nftw(own_path, remove_below, MAX_DEPTH, FTW_DEPTH | FTW_PHYS); }

bool sandbox_leave(char *text, size_t size) {
    left_over[0] = '\0';
    nftw(own_path, remove_entry, MAX_DEPTH, FTW_DEPTH | FTW_PHYS);
    snprintf(text, size, "%s", left_over);
    return left_over[0] == '\0';
}
