/*
 * The descriptors that the library keeps open. See fd_tracking.h.
 */
#include "os/fd_tracking.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/birth.h"
#include "os/errno_status.h"
#include "os/file_identity.h"
#include "os/poller.h"

#define DESCRIPTORS_MOST (1 << 18)
#define LOOKS_MOST 3

/*
 * What is noted of a descriptor. 0: nothing, it is not kept. By a file: a mark of it, in all bits but the topmost, and
 * a count in the lowest, which tells two descriptors apart that had one number and one file after another. By a
 * watch: WATCHES, and the number of the descriptor that is watched; or WATCHED, and the number of the poller. FOREIGN:
 * it came from elsewhere, and its mark is of what is known unasked. ASIDE and TAKEN: it is to be closed, and somebody
 * does so.
 */
typedef uint64_t note;
#define WATCHES (UINT64_C(1) << 63)
#define MARKED (UINT64_C(1) << 62) /* a mark is never 0 */
#define WATCHED (WATCHES | MARKED)
#define KIND WATCHED
#define FOREIGN UINT64_C(0)
#define ASIDE (UINT64_C(1) << 61)
#define TAKEN (UINT64_C(1) << 60)
#define COUNT UINT64_C(0xFF)
#define MARK (~(KIND | ASIDE | TAKEN | COUNT))

static _Atomic note kept[DESCRIPTORS_MOST];
static atomic_int highest = -1;
static atomic_int aside; /* and not taken */

static bool is_waiting(note noted) { return (noted & (ASIDE | TAKEN)) == ASIDE; }

/* Returns what was noted before. */
static note replace(int fd, note noted) {
    const note before = atomic_exchange(&kept[fd], noted);
    (void)atomic_fetch_add(&aside, is_waiting(noted) - is_waiting(before));
    return before;
}

/* Bits that differ wherever two numbers do, all over the word. */
static uint64_t mix(uint64_t number) {
    number = (number ^ number >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ number >> 27) * UINT64_C(0x94D049BB133111EB);
    return number ^ number >> 31;
}

static uint64_t mix_all(uint64_t device, uint64_t inode, uint64_t kind) {
    return mix(mix(inode) + mix(device + 1) + kind);
}

/* What is open can be looked at: any other failure is a want of the moment, by which nothing shall be lost. */
static bool look_at(int fd, struct stat *about) {
    for (int tries = 0; tries < LOOKS_MOST; tries++) {
        if (fstat(fd, about) == 0) return true;
        if (errno == EBADF) return false;
    }
    return false;
}

/* The mark of the file behind a descriptor. 0 where nothing tells it from another one: the kinds that have no file of
 * their own share one inode, whose type is none. */
static note mark_of(int fd) {
    struct stat about;
    if (!look_at(fd, &about) || (about.st_mode & S_IFMT) == 0) return 0;
    const uint64_t mixed = mix_all((uint64_t)about.st_dev, (uint64_t)about.st_ino, (uint64_t)(about.st_mode & S_IFMT));
    return (mixed & MARK) | MARKED;
}

static bool has_mark(int fd, note noted) { return noted != 0 && mark_of(fd) == (noted & (KIND | MARK)); }

/* One that came from elsewhere. */
static note foreign_mark_of(int fd) {
    struct file_identity file;
    if (!shs__file_identity_get(fd, &file)) return TAKEN; /* closed: no mark of any file */
    return (mix_all(file.device, file.inode, file.kind) & MARK) | FOREIGN;
}

static bool has_foreign_mark(int fd, note noted) {
    return noted != 0 && foreign_mark_of(fd) == (noted & (KIND | MARK));
}

/* A poller is known by what it watches, when that is still ours. */
static bool has_watch(int fd, note noted) {
    const int watched = (int)(noted & ~KIND);
    return has_mark(watched, atomic_load(&kept[watched])) && shs__poller_watches(fd, watched);
}

/* And what it watches besides is known by the poller, when that one is. */
static bool is_watched(int fd, note noted) {
    const int poller = (int)(noted & ~KIND);
    const note of_poller = atomic_load(&kept[poller]);
    return (of_poller & KIND) == WATCHES && has_watch(poller, of_poller) && shs__poller_watches(poller, fd);
}

static bool is_as_noted(int fd, note noted) {
    switch (noted & KIND) {
        case WATCHED:
            return is_watched(fd, noted);
        case WATCHES:
            return has_watch(fd, noted);
        case MARKED:
            return has_mark(fd, noted);
        default:
            return has_foreign_mark(fd, noted);
    }
}

/* Where the program closed a standard stream in the moment of a birth, it shall not write its output to the library's
 * files. It may have put something else there since: that is looked at immediately before the close. */
static int move_up(int fd) {
    if (fd < 0 || fd > STDERR_FILENO) return fd;
    const int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (moved < 0) return fd;
    if (mark_of(fd) == mark_of(moved)) (void)close(fd);
    return moved;
}

/* Never 0, as no note is. */
static note next_count(void) {
    static atomic_uint count;
    return atomic_fetch_add(&count, 1) % COUNT + 1;
}

static void keep(int fd, note noted) {
    int seen = atomic_load(&highest);
    while (seen < fd && !atomic_compare_exchange_weak(&highest, &seen, fd)) {
    }
    (void)replace(fd, noted);
}

/* What cannot be noted could never be told from what the application opens. One without a mark is none that was just
 * opened here: the application has closed that, and has the number. */
static int refuse(int fd, bool is_marked) {
    if (is_marked) (void)close(fd);
    errno = EMFILE;
    return -1;
}

int shs__fd_track(int opened) {
    const int fd = move_up(opened);
    if (fd < 0) return fd;
    const note mark = mark_of(fd);
    if (mark == 0 || fd >= DESCRIPTORS_MOST) return refuse(fd, mark != 0);
    keep(fd, mark | next_count());
    return fd;
}

static int track_poller(int opened, int watched) {
    const int poller = move_up(opened);
    if (poller >= DESCRIPTORS_MOST) return refuse(poller, true);
    if (poller >= 0) keep(poller, WATCHES | (note)watched);
    return poller;
}

/* It watches before it is known by that: one that could not is closed here. */
int shs__fd_open_poller(int watched) {
    shs__poller_drop_lost();
    shs__birth_begin();
    int made = shs__poller_open();
    if (made >= 0 && shs__poller_watch(made, watched, NULL)) {
        made = track_poller(made, watched);
    } else if (made >= 0) {
        const int error = errno;
        shs__poller_end(made);
        (void)close(made);
        errno = error;
        made = -1;
    }
    shs__birth_end();
    return made;
}

int shs__fd_track_watched(int opened, int poller) {
    const int fd = move_up(opened);
    if (fd < 0) return fd;
    if (fd < DESCRIPTORS_MOST && shs__poller_watch(poller, fd, NULL)) {
        keep(fd, WATCHED | (note)poller);
        return fd;
    }
    (void)close(fd);
    return -1;
}

bool shs__fd_is_ours(int fd) {
    if (fd < 0 || fd >= DESCRIPTORS_MOST) return false;
    const note noted = atomic_load(&kept[fd]);
    return (noted & ASIDE) == 0 && is_as_noted(fd, noted);
}

shs_status shs__fd_duplicate(int fd, int *copy) {
    if (!shs__fd_is_ours(fd)) return shs__status_from_errno(EBADF);
    shs__birth_begin();
    const int made = shs__fd_track(fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    shs__birth_end();
    if (made < 0) return shs__status_from_errno(errno);
    *copy = made;
    return SHS_OK;
}

/* What is noted of a descriptor that was closed. Not in the middle of a fork, which copies descriptors first and notes
 * later; and the number may be noted for the next one by now. */
static void forget(int fd, note noted) {
    shs__birth_hold();
    if (noted != 0 && atomic_load(&kept[fd]) == noted) (void)replace(fd, 0);
    shs__birth_end();
}

/* Closed first: until then a child would have to know of it. */
void shs__fd_close(int fd) {
    if (fd < 0 || fd >= DESCRIPTORS_MOST) return;
    const note noted = atomic_load(&kept[fd]); /* 0: another thread had this number, too, and has closed it */
    const bool is_ours = is_as_noted(fd, noted);
    if (is_ours && (noted & KIND) == WATCHES) shs__poller_end(fd);
    if (is_ours) (void)close(fd);
    forget(fd, noted);
}

int shs__fd_open(int folder, const char *path, int flags) {
    shs__birth_begin();
    const int fd = shs__fd_track(openat(folder, path, flags | O_CLOEXEC, 0600));
    shs__birth_end();
    return fd;
}

DIR *shs__fd_open_folder(int folder, const char *path, int flags) {
    const int fd = shs__fd_open(folder, path, O_RDONLY | O_DIRECTORY | flags);
    DIR *opened = fd < 0 ? NULL : fdopendir(fd);
    if (opened == NULL) shs__fd_close(fd);
    return opened;
}

void shs__fd_close_folder(DIR *opened) {
    const int fd = dirfd(opened);
    const note noted = fd < DESCRIPTORS_MOST ? atomic_load(&kept[fd]) : 0;
    (void)closedir(opened);
    forget(fd, noted);
}

void shs__fd_close_watched(int fd) {
    if (fd < 0) return;
    const note noted = replace(fd, 0);
    if (!is_as_noted(fd, noted)) return;
    shs__poller_forget((int)(noted & ~KIND), fd);
    (void)close(fd);
}

void shs__fd_unwatch(int poller, int fd) {
    if (shs__fd_is_ours(poller) && shs__fd_is_ours(fd)) shs__poller_forget(poller, fd);
}

/* ---- set aside ---- */

/* In no fork, whose child would count wrong. */
static bool set_aside(int fd, note noted) {
    if (fd >= DESCRIPTORS_MOST) return false;
    shs__birth_hold();
    keep(fd, noted | ASIDE);
    shs__birth_end();
    return true;
}

bool shs__fd_set_aside(int fd) { return set_aside(fd, fd < DESCRIPTORS_MOST ? atomic_load(&kept[fd]) : 0); }

bool shs__fd_set_aside_foreign(int fd) { return set_aside(fd, foreign_mark_of(fd) | next_count()); }

int shs__fd_count_aside(void) { return atomic_load(&aside); }

bool shs__fd_is_aside(int fd) {
    const note noted = fd < DESCRIPTORS_MOST ? atomic_load(&kept[fd]) : 0;
    return (noted & ASIDE) != 0 && is_as_noted(fd, noted);
}

/* In no fork, after which the child would not know which of the two closes it. */
int shs__fd_take_aside(void) {
    int found = -1;
    shs__birth_hold();
    for (int fd = 0; fd <= atomic_load(&highest) && found < 0 && atomic_load(&aside) > 0; fd++) {
        const note noted = atomic_load(&kept[fd]);
        if (!is_waiting(noted)) continue;
        (void)replace(fd, noted | TAKEN);
        found = fd;
    }
    shs__birth_end();
    return found;
}

/* ---- a new process ---- */

/* First those that are known by others. What a thread of the parent had taken waits again. */
void shs__fd_close_inherited(void) {
    static const note order[] = { WATCHED, WATCHES, MARKED, FOREIGN };
    const int last = atomic_exchange(&highest, -1);
    for (int i = 0; i < 4; i++) {
        for (int fd = 0; fd <= last; fd++) {
            const note noted = atomic_load(&kept[fd]);
            if (noted == 0 || (noted & KIND) != order[i]) continue;
            if ((noted & ASIDE) != 0)
                keep(fd, noted & ~TAKEN);
            else
                shs__fd_close(fd);
        }
    }
}
