/*
 * A service that begins as root, opens what only root may, becomes another user for good, and then works with processes
 * of that user. Without the right to become somebody it says so and is skipped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"

#define USER 65534
#define SKIPPED 77 /* as CTest is told */

static struct channel letters;
static shs_pid service;

static void write_letter(void) { post(&letters, wrap("to the service", service)); }

/* What was there as root is left behind: the library is stopped, and starts anew as the user, in a folder of his. */
static void become_user(const char *folder) {
    program_start();
    MUST_OK(shs_probe(shs_self()));
    shs_stop();
    MUST(chown(folder, USER, USER) == 0);
    MUST(setgid(USER) == 0 && setuid(USER) == 0);
    MUST(setenv("SHSHARED_RUNTIME_DIR", folder, 1) == 0);
    program_start();
    service = shs_self();
}

static void serve(void) {
    char folder[] = "/tmp/shs-user-XXXXXX";
    struct parcel letter;
    char text[32];
    MUST(mkdtemp(folder) != NULL);
    letters = channel_new();
    become_user(folder);
    const pid_t writer = spawn(write_letter);
    MUST(fetch(&letters, &letter));
    unwrap(letter, text, sizeof text);
    MUST(strcmp(text, "to the service") == 0);
    join(writer);
    shs_stop();
}

int main(void) {
    if (geteuid() != 0) {
        printf("skipped: privileges: only root can become another user\n");
        return SKIPPED;
    }
    program_begin();
    join(spawn(serve));
    return 0;
}
