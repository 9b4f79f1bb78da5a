/*
 * Shared-memory objects: made, checked, mapped. See shm_object.h.
 *
 * shm_open is the portable way and always built; a SIGKILL between shm_open and shm_unlink leaves its name behind, so
 * names carry the pid of their maker and are swept by shm_names.c.
 */
#include "os/shm_object.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/birth.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/first_touch.h"
#include "os/identity.h"
#include "os/memfd.h"
#include "os/memory_available.h"
#include "os/process_info.h"
#include "os/reserve.h"
#include "os/shm_names.h"

/* fallocate starts again from zero when a signal interrupts it: small pieces end before the next signal. */
#define RESERVE_STEP ((uint64_t)1 << 20)

/* Whoever has a descriptor for reading can open the object once more, but if it is another user's, not for writing. */
#define OBJECT_MODE 0644

/* So much is made at most before somebody asks again how much memory is left; and of what is left, this part. What is
 * kept from blocks is for the tables of the kernel and of the process that grow with them. */
#define UNASKED_MOST ((uint64_t)64 << 20)
#define UNASKED_PART 8
#define UNASKED_AT_FIRST ((uint64_t)1 << 20)
#define KEPT_PART 32

bool shs__shm_object_size_is_allowed(uint64_t size) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return true;
    return size <= (uint64_t)limit.rlim_cur;
}

enum kind { KIND_ANY, KIND_MEMFD, KIND_SHM_OPEN };

static _Atomic enum kind forced_kind;

void shs__shm_object_choose_kind(void) {
    const char *forced = shs__process_info_environment("SHSHARED_OBJECT");
    enum kind kind = KIND_ANY;
    if (forced != NULL && strcmp(forced, "memfd") == 0) kind = KIND_MEMFD;
    if (forced != NULL && strcmp(forced, "shm_open") == 0) kind = KIND_SHM_OPEN;
    atomic_store(&forced_kind, kind);
}

/* A descriptor for an empty object of the kind that the environment or the kernel decides. */
static int make(void) {
    const enum kind forced = atomic_load(&forced_kind);
    if (forced == KIND_SHM_OPEN) return shs__shm_names_open();
    const int fd = shs__memfd_make();
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM && errno != EACCES)) return fd;
    return forced == KIND_MEMFD ? -1 : shs__shm_names_open();
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* Take from what may be made without asking. */
static bool take_unasked(_Atomic uint64_t *unasked, uint64_t size) {
    uint64_t seen = atomic_load(unasked);
    while (size <= seen) {
        if (atomic_compare_exchange_weak(unasked, &seen, seen - size)) return true;
    }
    return false;
}

/* To ask costs some tens of microseconds; small objects take from what was left when somebody asked last. */
static bool is_left(uint64_t size) {
    static _Atomic uint64_t unasked = UNASKED_AT_FIRST;
    if (take_unasked(&unasked, size)) return true;
    const uint64_t available = shs__memory_available("");
    const uint64_t left = available - available / KEPT_PART;
    if (size > left) return false;
    atomic_store(&unasked, least((left - size) / UNASKED_PART, UNASKED_MOST));
    return true;
}

/* Where the mode cannot be changed (macOS), it stays as narrow as it was made: nothing goes to another user. */
static bool set_mode(int fd) { return fchmod(fd, OBJECT_MODE) == 0 || errno == EINVAL; }

/* An object of this size, all zeros, nothing reserved yet. */
static shs_status create(uint64_t size, int *fd) {
    if (size > INT64_MAX || size > SIZE_MAX / 2) return status_local(SHS_E_NO_MEMORY);
    if (!shs__shm_object_size_is_allowed(size)) return shs__status_from_errno(EFBIG);
    if (!is_left(size)) return status_local(SHS_E_NO_MEMORY);
    shs__birth_begin();
    const int made = shs__fd_track(make());
    shs__birth_end();
    if (made < 0) return shs__status_from_errno(errno);
    if (!shs__fd_is_ours(made) || !set_mode(made) || ftruncate(made, (off_t)size) != 0) {
        const int error = shs__fd_is_ours(made) ? errno : EBADF; /* the application closed it */
        shs__fd_close(made);
        return error == EINVAL ? status_local(SHS_E_NO_MEMORY) : shs__status_from_errno(error);
    }
    *fd = made;
    return SHS_OK;
}

/* Is there no reserving of this kind of object, or none at all? A sandbox refuses it by EPERM. */
static bool is_refusal(int error) {
    return error == EINVAL || error == EOPNOTSUPP || error == ENODEV || error == ENOSYS || error == EPERM;
}

/* Writing zeros reserves as well. */
static int write_zeros(int fd, uint64_t offset, uint64_t length) {
    static const char zeros[4096];
    while (length > 0) {
        const size_t step = length < sizeof zeros ? (size_t)length : sizeof zeros;
        const ssize_t written = pwrite(fd, zeros, step, (off_t)offset);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == ENXIO) return 0; /* it is only mapped (macOS), and has zeros at the first touch */
        if (written <= 0) return written == 0 ? ENOSPC : errno;
        offset += (uint64_t)written;
        length -= (uint64_t)written;
    }
    return 0;
}

static shs_status reserve(int fd, uint64_t offset, uint64_t length) {
    while (length > 0) {
        const uint64_t step = length < RESERVE_STEP ? length : RESERVE_STEP;
        int error = shs__reserve(fd, offset, step);
        if (error == EINTR) continue;
        if (is_refusal(error)) error = write_zeros(fd, offset, step);
        if (error != 0) return shs__status_from_errno(error);
        offset += step;
        length -= step;
    }
    return SHS_OK;
}

/* Where an object is mapped and never written (macOS). */
static shs_status copy_data(int fd, uint64_t offset, const void *data, uint64_t length) {
    void *mapped = NULL;
    const shs_status status = shs__shm_object_map(fd, 0, offset + length, true, &mapped);
    if (status != SHS_OK || mapped == NULL) return status;
    memcpy((char *)mapped + offset, data, (size_t)length);
    shs__shm_object_unmap(mapped, offset + length);
    return SHS_OK;
}

static shs_status write_data(int fd, uint64_t offset, const void *data, uint64_t length) {
    const char *from = data;
    while (length > 0) {
        const size_t step = length < SSIZE_MAX ? (size_t)length : SSIZE_MAX;
        const ssize_t written = pwrite(fd, from, step, (off_t)offset);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == ENXIO) return copy_data(fd, offset, from, length);
        if (written <= 0) return shs__status_from_errno(written == 0 ? ENOSPC : errno);
        from += written;
        offset += (uint64_t)written;
        length -= (uint64_t)written;
    }
    return SHS_OK;
}

static shs_status fill(int fd, const struct shm_contents *contents) {
    const uint64_t length = contents->data == NULL ? 0 : contents->length;
    const uint64_t behind = contents->offset + length;
    shs__first_touch_huge(fd, contents->size);
    shs_status status = reserve(fd, 0, contents->offset);
    if (status == SHS_OK) status = write_data(fd, contents->offset, contents->data, length);
    if (status == SHS_OK) status = reserve(fd, behind, contents->size - behind);
    if (status == SHS_OK && !shs__memfd_seal(fd)) status = shs__status_from_errno(errno);
    return status;
}

shs_status shs__shm_object_make(const struct shm_contents *contents, int *fd) {
    int made = -1;
    shs_status status = create(contents->size, &made);
    if (status != SHS_OK) return status;
    status = fill(made, contents);
    if (status == SHS_OK)
        *fd = made;
    else
        shs__fd_close(made);
    return status;
}

bool shs__shm_object_make_shown(uint64_t size, void **address, int *fd) {
    void *mapped = NULL;
    int made = -1;
    shs_status status = create(size, &made);
    if (status == SHS_OK) status = reserve(made, 0, size);
    if (status == SHS_OK) status = shs__shm_object_map(made, 0, size, true, &mapped);
    if (status == SHS_OK && shs__memfd_seal_shown(made)) {
        *address = mapped;
        *fd = made;
        return true;
    }
    shs__shm_object_unmap(mapped, size);
    shs__fd_close(made);
    return false;
}

static bool is_so_large(int fd, uint64_t size, struct stat *about) {
    return fstat(fd, about) == 0 && S_ISREG(about->st_mode) && about->st_size >= 0 && (uint64_t)about->st_size >= size;
}

bool shs__shm_object_has(int fd, uint64_t size) {
    struct stat about;
    return is_so_large(fd, size, &about);
}

/* Is nothing of it still to be found when it is touched? */
static bool is_whole(int fd, uint64_t size) {
    struct stat about;
    return is_so_large(fd, size, &about) && shs__memfd_is_reserved(&about);
}

bool shs__shm_object_is_shown(int fd, uint64_t size) {
    return shs__memfd_kind(fd) == MEMFD_SHOWN && is_whole(fd, size);
}

static shs_status check(int fd, uint64_t size, bool writable) {
    const enum memfd_kind kind = shs__memfd_kind(fd); /* before anything else is asked of it */
    const int flags = fcntl(fd, F_GETFL);
    const int mode = flags & O_ACCMODE;
    const bool known = kind == MEMFD_SEALED || kind == MEMFD_UNSEALED;
    if (kind == MEMFD_UNSEALED && atomic_load(&forced_kind) != KIND_SHM_OPEN) return status_local(SHS_E_UNSUPPORTED);
    const bool fits = known && flags >= 0 && (mode == O_RDWR || (mode == O_RDONLY && !writable));
    return fits && is_whole(fd, size) ? SHS_OK : status_local(SHS_E_PROTOCOL);
}

shs_status shs__shm_object_check(int fd, uint64_t size) { return check(fd, size, true); }

shs_status shs__shm_object_check_reading(int fd, uint64_t size) { return check(fd, size, false); }

uint32_t shs__shm_object_user(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 ? (uint32_t)about.st_uid : shs__identity_user();
}

shs_status shs__shm_object_make_reading(int *fd) {
    shs__birth_begin();
    const int reading = shs__fd_track(shs__memfd_reopen_reading(*fd));
    const int error = errno;
    shs__birth_end();
    shs__fd_close(*fd);
    *fd = reading;
    if (reading >= 0) return SHS_OK;
    return error == ENOSYS || error == ENOENT ? shs__backend_error(SHS_E_UNSUPPORTED, error)
                                              : shs__status_from_peer_errno(error);
}

shs_status shs__shm_object_map(int fd, uint64_t offset, uint64_t length, bool writable, void **address) {
    if (length > SIZE_MAX / 2) return status_local(SHS_E_NO_MEMORY);
    const int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    void *mapped = mmap(NULL, (size_t)length, protection, MAP_SHARED, fd, (off_t)offset);
    if (mapped == MAP_FAILED) return shs__status_from_errno(errno);
    *address = mapped;
    return SHS_OK;
}

void shs__shm_object_unmap(void *address, uint64_t length) {
    if (address != NULL) (void)munmap(address, (size_t)length);
}

void shs__shm_object_protect(void *address, uint64_t length) { (void)mprotect(address, (size_t)length, PROT_READ); }
