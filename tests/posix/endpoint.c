/*
 * The runtime directory: what is refused, what is tidied up, what is put back.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"
#include "support/actor.h"
#include "support/block.h"
#include "support/checked.h"
#include "support/sandbox.h"
#include "support/suite.h"

#define OTHER_USER 54321u

static const char *in_sandbox(const char *name) {
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", sandbox_path(), name);
    return path;
}

static size_t entry_count;

static int count_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)path, (void)status, (void)place;
    if (kind != FTW_D) entry_count++;
    return 0;
}

/* Files, sockets and links anywhere below the sandbox. */
static size_t entries(void) {
    entry_count = 0;
    nftw(sandbox_path(), count_entry, 8, FTW_PHYS);
    return entry_count;
}

static void nothing_is_left_after_exit(void) {
    struct child *quick = actor_start_attached();
    const size_t attached = entries();
    CHECK(attached > 0);
    child_send(quick, &(struct actor_request){ .command = ACTOR_EXIT }, sizeof(struct actor_request));
    CHECK_NUMBER(0, (uint64_t)child_wait(quick));
    CHECK_NUMBER(0, entries());
}

static void next_process_sweeps(void) {
    struct child *dead[5];
    for (size_t i = 0; i < LENGTH(dead); i++) {
        dead[i] = actor_start_attached();
    }
    const size_t all = entries();
    for (size_t i = 0; i < LENGTH(dead); i++) {
        actor_kill(dead[i]);
    }
    CHECK_NUMBER(all, entries());
    struct child *next = actor_start_attached();
    CHECK_NUMBER(all / LENGTH(dead), entries());
    actor_end(next);
    CHECK_NUMBER(0, entries());
}

static void sweeping_spares_the_living(void) {
    struct child *living = actor_start_attached();
    struct child *dead = actor_start_attached();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(living)));
    actor_kill(dead);
    struct child *next = actor_start_attached();
    shs_stop();
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(living)));
    CHECK_STATUS(SHS_OK, shs_probe(child_pid(next)));
    actor_end(next);
    actor_end(living);
}

/* A cleaner came by. The owner notices at its next call, or by itself. */
static void directory_that_vanished_is_made_again(void) {
    struct child *owner = actor_start_attached();
    struct child *stranger = actor_start();
    sandbox_empty();
    CHECK_NUMBER(0, entries());
    shs_status status = SHS_E_NOT_ATTACHED;
    for (int tries = 0; tries < 1000 && status == SHS_E_NOT_ATTACHED; tries++) {
        const struct actor_request own_call = { .command = ACTOR_PROBE, .pid = child_pid(owner) };
        const struct actor_request probe = { .command = ACTOR_PROBE, .pid = child_pid(owner) };
        CHECK_STATUS(SHS_OK, (shs_status)actor_ask(owner, own_call).status);
        status = (shs_status)actor_ask(stranger, probe).status;
        if (status == SHS_E_NOT_ATTACHED) usleep(10000);
    }
    CHECK_STATUS(SHS_OK, status);
    actor_end(stranger);
    actor_end(owner);
}

/* Blocks of the own process need no endpoint. */
static void refused(const char *path) {
    sandbox_use(path);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_start(NULL));
    const uint64_t told = (uint64_t)shs_native_error();
    CHECK(told != 0);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_probe(shs_self()));
    CHECK_NUMBER(told, (uint64_t)shs_native_error());
    CHECK_STATUS(SHS_E_ARGUMENT, shs_view_size(NULL, NULL));
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_wait(shs_self(), 0));
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_probe(shs_self())); /* as it was found then */
    CHECK_NUMBER(told, (uint64_t)shs_native_error());
    const shs_handle handle = block_new(1, 100, shs_self());
    CHECK(block_holds(handle, shs_self(), 1, 100));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    shs_stop();
}

static void directory_open_to_others_is_refused(void) {
    static const mode_t modes[] = { 0777, 0755, 0701, 0770, 0710, 01777 };
    const char *path = in_sandbox("open");
    CHECK(mkdir(path, 0700) == 0);
    for (size_t i = 0; i < LENGTH(modes); i++) {
        CHECK(chmod(path, modes[i]) == 0);
        refused(path);
        CHECK_NUMBER(0, entries());
    }
    CHECK(rmdir(path) == 0);
}

static void link_is_refused(void) {
    char real[200];
    if (!kernel_refuses_links()) return;
    snprintf(real, sizeof real, "%s", in_sandbox("real"));
    CHECK(mkdir(real, 0700) == 0);
    const char *path = in_sandbox("link");
    CHECK(symlink(real, path) == 0);
    sandbox_use(path);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_start(NULL));
    CHECK(rmdir(real) == 0); /* it is empty */
    CHECK(unlink(path) == 0);
}

static void file_is_refused(void) {
    const char *path = in_sandbox("file");
    const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    close(fd);
    sandbox_use(path);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_start(NULL));
    CHECK(unlink(path) == 0);
}

static void directory_that_cannot_be_made_is_refused(void) {
    refused(in_sandbox("missing/folder"));
    refused("/proc/1/shshared");
}

/* And what is wrong with it is said. */
static void endless_path_is_refused(void) {
    static char path[6000];
    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    sandbox_use(path);
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_start(NULL));
    CHECK_NUMBER(ENAMETOOLONG, (uint64_t)shs_native_error());
}

/* Neither counts, nor is it remembered: when the folder is there, the next call finds it. */
static void start_that_failed_is_as_if_it_had_not_been(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.service = SHS_SERVE_APPLICATION;
    sandbox_use(in_sandbox("missing/folder"));
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_start(&options));
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_start(&options));
    sandbox_use(sandbox_path());
    CHECK_STATUS(SHS_OK, shs_probe(shs_self()));
    CHECK(shs_poll_fd() == -1); /* what was not started is not set */
    const shs_handle handle = block_new(1, 100, shs_self());
    shs_stop();
    CHECK_STATUS(SHS_E_HANDLE, block_status(handle, shs_self()));
}

/* A folder does not become better by itself: calls do not try again and again, and a start does. */
static void calls_try_once(void) {
    sandbox_use(in_sandbox("missing/folder"));
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_probe(shs_self()));
    sandbox_use(sandbox_path());
    CHECK_STATUS(SHS_E_RUNTIME_DIR, checked_probe(shs_self()));
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK_STATUS(SHS_OK, shs_probe(shs_self()));
}

static void directory_of_another_user_is_refused(void) {
    if (geteuid() != 0) {
        skip("only root can give a directory to another user");
        return;
    }
    const char *path = in_sandbox("theirs");
    CHECK(mkdir(path, 0700) == 0);
    CHECK(chown(path, OTHER_USER, OTHER_USER) == 0);
    refused(path);
    CHECK(rmdir(path) == 0);
}

/* Longer than the address of a socket can be. */
static void long_path_works(void) {
    char path[400];
    size_t length = (size_t)snprintf(path, sizeof path, "%s/", sandbox_path());
    memset(path + length, 'x', 150);
    path[length + 150] = '\0';
    CHECK(mkdir(path, 0700) == 0);
    sandbox_use(path);
    struct child *other = actor_start_attached();
    const shs_handle handle = block_new(1, 100, child_pid(other));
    CHECK(actor_sees(other, handle, child_pid(other), 1, 100));
    actor_end(other);
    shs_stop();
    sandbox_empty();
}

/* It is meant as it was when the process attached. */
static void relative_path_is_kept(void) {
    char before[200], path[200];
    snprintf(path, sizeof path, "%s", in_sandbox("relative"));
    REQUIRE(getcwd(before, sizeof before) != NULL && chdir(sandbox_path()) == 0);
    sandbox_use("relative");
    CHECK_STATUS(SHS_OK, shs_start(NULL));
    CHECK(chdir(before) == 0);
    sandbox_use(path);
    struct child *other = actor_start_attached();
    const shs_handle handle = block_new(1, 100, child_pid(other));
    CHECK(block_holds(handle, child_pid(other), 1, 100));
    const struct actor_request probe = { .command = ACTOR_PROBE, .pid = shs_self() };
    CHECK_STATUS(SHS_OK, (shs_status)actor_ask(other, probe).status);
    actor_end(other);
    shs_stop();
    CHECK_NUMBER(0, entries());
    sandbox_empty();
}

static const struct test tests[] = {
    { "nothing is left after exit", nothing_is_left_after_exit },
    { "the next process sweeps what the dead left", next_process_sweeps },
    { "sweeping spares the living", sweeping_spares_the_living },
    { "a directory that vanished is made again", directory_that_vanished_is_made_again },
    { "a directory open to others is refused", directory_open_to_others_is_refused },
    { "a link is refused", link_is_refused },
    { "a file is refused", file_is_refused },
    { "a directory that cannot be made is refused", directory_that_cannot_be_made_is_refused },
    { "an endless path is refused", endless_path_is_refused },
    { "a start that failed is as if it had not been", start_that_failed_is_as_if_it_had_not_been },
    { "calls try once", calls_try_once },
    { "a directory of another user is refused", directory_of_another_user_is_refused },
    { "a path longer than an address works", long_path_works },
    { "a relative path is kept", relative_path_is_kept },
};

SUITE("endpoint", tests)
