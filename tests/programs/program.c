/*
 * What the programs have in common. See program.h.
 */
#include "program.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIME_LIMIT 120 /* seconds */

static char folder[] = "/tmp/shs-program-XXXXXX";
static pid_t first;

void must_fail(const char *text, const char *file, int line) {
    fprintf(stderr, "%s:%d: process %d: must be: %s (native %ld)\n", file, line, (int)getpid(), text,
            shs_native_error());
    _exit(EXIT_FAILURE);
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static void remove_folder(void) {
    if (getpid() == first) (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

void program_begin(void) {
    MUST(mkdtemp(folder) != NULL);
    first = getpid();
    MUST(atexit(remove_folder) == 0);
    MUST(setenv("SHSHARED_RUNTIME_DIR", folder, 1) == 0);
    (void)alarm(TIME_LIMIT);
}

void program_start(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = TIME_LIMIT * 1000;
    MUST_OK(shs_start(&options));
}

pid_t spawn(void (*run)(void)) {
    const pid_t pid = fork();
    MUST(pid >= 0);
    if (pid > 0) return pid;
    (void)alarm(TIME_LIMIT);
    run();
    exit(EXIT_SUCCESS);
}

void join(pid_t pid) {
    int how = 0;
    MUST(waitpid(pid, &how, 0) == pid && how == 0);
}

struct channel channel_new(void) {
    int ends[2];
    MUST(pipe(ends) == 0);
    return (struct channel){ ends[0], ends[1] };
}

void post(const struct channel *channel, struct parcel parcel) {
    MUST(write(channel->out, &parcel, sizeof parcel) == sizeof parcel);
}

bool fetch(const struct channel *channel, struct parcel *parcel) {
    return read(channel->in, parcel, sizeof *parcel) == sizeof *parcel;
}

struct parcel wrap(const char *text, shs_pid owner) {
    struct parcel parcel = { 0, owner };
    MUST_OK(shs_alloc(text, strlen(text) + 1, owner, &parcel.handle));
    return parcel;
}

void unwrap(struct parcel parcel, char *text, size_t size) {
    void *view = NULL;
    MUST_OK(shs_lock(parcel.handle, parcel.owner, SHS_READ, &view, NULL));
    (void)snprintf(text, size, "%s", (const char *)view);
    MUST_OK(shs_unlock(view));
    MUST_OK(shs_free(parcel.handle, parcel.owner));
}
