/*
 * The birth of descriptors. See birth.h.
 */
#include "os/birth.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#define STREAMS (STDERR_FILENO + 1)

static pthread_mutex_t births = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local unsigned depth; /* of births in this thread: a signal handler may fork in one */

/* Under the lock. */
static int cancelable;
static bool filled[STREAMS];
static struct stat filling;

/* ---- standard streams ---- */

/* The root folder, which nobody can write to. The lowest number that is free is a stream's. */
static void fill_one(void) {
    const int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    if (fd < STREAMS && fstat(fd, &filling) == 0)
        filled[fd] = true;
    else
        (void)close(fd);
}

static void fill_streams(void) {
    for (int fd = 0; fd < STREAMS; fd++) {
        if (fcntl(fd, F_GETFD) < 0) fill_one();
    }
}

/* Unless the program has put something else there. */
static void empty_streams(void) {
    struct stat about;
    for (int fd = 0; fd < STREAMS; fd++) {
        if (!filled[fd]) continue;
        filled[fd] = false;
        if (fstat(fd, &about) == 0 && about.st_ino == filling.st_ino && about.st_dev == filling.st_dev) (void)close(fd);
    }
}

/* ---- births ---- */

void shs__birth_begin(void) {
    int before;
    if (depth++ > 0) return;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    (void)pthread_mutex_lock(&births);
    cancelable = before;
    fill_streams();
}

void shs__birth_end(void) {
    const int error = errno;
    if (--depth > 0) return;
    empty_streams();
    const int before = cancelable;
    (void)pthread_mutex_unlock(&births);
    (void)pthread_setcancelstate(before, NULL);
    errno = error;
}

/* ---- forks ---- */

void shs__birth_stop(void) {
    if (depth == 0) (void)pthread_mutex_lock(&births);
}

void shs__birth_go_on(void) {
    if (depth == 0) (void)pthread_mutex_unlock(&births);
}
