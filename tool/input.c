/*
 * Filling a new block. See input.h.
 *
 * A block whose bytes did not all come is freed before the process ends, whatever ends it: signals are noted while it
 * is filled, and raised again behind that.
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "interruption.h"
#include "progress.h"
#include "say.h"

#define PIECE ((size_t)1 << 20)
#define FIRST_CAPACITY ((size_t)1 << 16)

struct input {
    int fd;
    const char *name;
    struct progress progress;
};

/* Reads until there are size bytes or no more come. -1 with errno; EINTR when the user ended it. */
static ssize_t read_full(struct input *input, char *at, size_t size) {
    size_t done = 0;
    while (done < size) {
        const size_t wanted = size - done < PIECE ? size - done : PIECE;
        const ssize_t got = interruption_came() ? -1 : read(input->fd, at + done, wanted);
        if (got < 0 && errno == EINTR && !interruption_came()) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        done += (size_t)got;
        progress_add(&input->progress, (size_t)got);
    }
    return (ssize_t)done;
}

static int say_unread(const struct input *input, ssize_t got) {
    if (interruption_came()) return EXIT_FAILED;
    if (got < 0) return say_errno(input->name);
    say("%s: it became shorter while it was read", input->name);
    return EXIT_FAILED;
}

static int give_known(struct input *input, size_t size, shs_pid owner, shs_handle *handle) {
    void *view = NULL;
    shs_handle made = 0;
    const shs_status status = shs_alloc_locked(size, owner, &made, &view);
    if (status != SHS_OK) return say_process_status(owner, status);
    const ssize_t got = read_full(input, view, size);
    progress_end(&input->progress);
    const int result = got == (ssize_t)size ? EXIT_FINE : say_unread(input, got);
    (void)shs_unlock(view);
    if (result == EXIT_FINE)
        *handle = made;
    else
        (void)shs_free(made, owner);
    return result;
}

/* All that comes, to be released with free(); NULL with errno. */
static char *read_all(struct input *input, size_t *size) {
    size_t capacity = FIRST_CAPACITY;
    char *data = malloc(capacity);
    ssize_t got = 0;
    *size = 0;
    while (data != NULL && (got = read_full(input, data + *size, capacity - *size)) > 0) {
        *size += (size_t)got;
        if (*size < capacity) break;
        capacity *= 2;
        char *larger = realloc(data, capacity);
        if (larger == NULL) free(data);
        data = larger;
    }
    if (got >= 0) return data;
    free(data);
    return NULL;
}

static int give_unknown(struct input *input, shs_pid owner, shs_handle *handle) {
    size_t size = 0;
    char *data = read_all(input, &size);
    progress_end(&input->progress);
    if (data == NULL) return say_unread(input, -1);
    const shs_status status = shs_alloc(data, size, owner, handle);
    free(data);
    return status == SHS_OK ? EXIT_FINE : say_process_status(owner, status);
}

/* The bytes that are still to come of a file whose size is told; 0 where it is not (also of an empty one, and those of
 * /proc). */
static size_t told_size(int fd) {
    struct stat about;
    const off_t at = lseek(fd, 0, SEEK_CUR);
    if (at < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= at) return 0;
    const uintmax_t left = (uintmax_t)(about.st_size - at);
    return left <= SIZE_MAX ? (size_t)left : 0;
}

static int give_open(struct input *input, shs_pid owner, shs_handle *handle) {
    const size_t size = told_size(input->fd);
    interruption_watch();
    progress_begin(&input->progress, size);
    int result = size > 0 ? give_known(input, size, owner, handle) : give_unknown(input, owner, handle);
    if (result == EXIT_FINE && interruption_came()) { /* nobody will be told of it */
        (void)shs_free(*handle, owner);
        result = EXIT_FAILED;
    }
    interruption_take();
    return result;
}

/* Asked before the library is used, which takes care that nothing else is opened in its place. */
static bool has_input(void) {
    if (fcntl(STDIN_FILENO, F_GETFD) >= 0) return true;
    (void)say_errno("standard input");
    return false;
}

/* Before much is read for nobody. A block of this process's own can be had where no other can reach it. */
static bool is_reached(shs_pid owner) {
    const shs_status status = shs_probe(owner);
    if (status != SHS_OK && owner == shs_self())
        (void)say_status("no other process could reach the block", status);
    else if (status != SHS_OK)
        (void)say_process_status(owner, status);
    return status == SHS_OK;
}

int input_give(const char *path, shs_pid owner, shs_handle *handle) {
    struct input input = { .fd = STDIN_FILENO, .name = "standard input" };
    const bool piped = strcmp(path, "-") == 0;
    if (piped && !has_input()) return EXIT_FAILED;
    if (owner == INPUT_OWN) owner = shs_self();
    if (!is_reached(owner)) return EXIT_FAILED;
    if (piped) return give_open(&input, owner, handle);
    input.name = path;
    input.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (input.fd < 0) return say_errno(path);
    const int result = give_open(&input, owner, handle);
    (void)close(input.fd);
    return result;
}
