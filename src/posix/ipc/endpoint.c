/*
 * The endpoint: published, looked for, withdrawn. See endpoint.h.
 */
#include "ipc/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ipc/address.h"
#include "ipc/entry.h"
#include "ipc/rendezvous.h"
#include "ipc/sweep.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/identity.h"
#include "os/process_info.h"
#include "os/random.h"
#include "os/record_lock.h"
#include "os/shm_object.h"
#include "os/wait.h"

#define BACKLOG 4096 /* as many as the system lets wait: a server may have room for few at a time */
#define LOCK_TRIES 100
#define LOCK_PAUSE_MS 1 /* a sweeper that holds the lock is done by then, or has lost its processor */

/* Whatever the umask says. Where other users are to find this process they read the nonce, see the lock, and connect;
 * whom the process admits is asked of what the kernel says. */
#define LOCK_FILE_MODE(shared) ((shared) ? 0644 : 0600)
#define SOCKET_MODE(shared) ((shared) ? 0666 : 0600)

/* ---- publish ---- */

static void wait_a_moment(void) {
    const struct waiting wait = { .until = deadline_in(LOCK_PAUSE_MS), .pump_fd = -1 };
    (void)shs__wait_ready(&wait, -1, 0);
}

/* A lock file that this process holds and that has its name. -1 with errno. */
static int take_lock_file(int folder, const char *name) {
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        const int fd = shs__fd_open(folder, name, LOCK_FILE_FLAGS | O_CREAT);
        const bool is_closed = fd < 0 && (errno == EACCES || errno == EWOULDBLOCK); /* left so */
        if (is_closed && tries == 0 && unlinkat(folder, name, 0) == 0) continue;
        if (fd < 0) return -1;
        if (record_lock_take(fd) && shs__entry_is_named(fd, folder, name)) return fd;
        /* where others may read the file, one of them may stand in the way: another file, then */
        if (record_lock_holder(fd) == 0) (void)unlinkat(folder, name, 0);
        shs__fd_close(fd);
        wait_a_moment();
    }
    errno = EBUSY;
    return -1;
}

/* Was what was just made, made as the user that this process is to others? It may be another one for a moment, which
 * can begin at any instant; nobody would believe what was made in it. */
static bool is_own_file(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && about.st_uid == shs__identity_user();
}

static bool is_own_listener(int listener) {
    struct credentials who;
    return shs__peercred_of_connection(listener, &who) && who.user == shs__identity_user();
}

/* A second copy of the library in this process holds the record lock together with the first; it is known by the file
 * that it has open, and of two that begin at once one has its open file alone. (The close here takes the lock from the
 * other, which takes it again.) */
static shs_status take_alone(struct endpoint *endpoint) {
    char name[ENTRY_NAME];
    char path[RUNTIME_PATH_MOST + ENTRY_NAME];
    shs__entry_name(name, endpoint->pid, ".lock");
    (void)snprintf(path, sizeof path, "%s/%s", endpoint->directory.path, name);
    for (int tries = 0; tries < LOCK_TRIES && !shs__process_info_has_open(path); tries++) {
        endpoint->lock = take_lock_file(endpoint->directory.fd, name);
        if (endpoint->lock < 0) return shs__status_from_errno(errno);
        if (record_lock_take_open_file(endpoint->lock)) return SHS_OK;
        shs__fd_close(endpoint->lock);
        endpoint->lock = -1;
        if (!shs__process_info_has_open(path)) (void)unlinkat(endpoint->directory.fd, name, 0); /* a dead one's child */
    }
    return status_local(SHS_E_UNSUPPORTED);
}

static shs_status publish_lock(struct endpoint *endpoint) {
    const shs_status status = take_alone(endpoint);
    if (status != SHS_OK) return status;
    if (!is_own_file(endpoint->lock)) return status_local(SHS_E_ACCESS);
    if (!shs__random_bytes(endpoint->nonce, sizeof endpoint->nonce)) return shs__status_from_errno(errno);
    if (!shs__shm_object_size_is_allowed(sizeof endpoint->nonce)) return shs__status_from_errno(EFBIG);
    if (!shs__fd_is_ours(endpoint->lock)) return shs__status_from_errno(EBADF); /* the application closed it */
    if (pwrite(endpoint->lock, endpoint->nonce, sizeof endpoint->nonce, 0) != (ssize_t)sizeof endpoint->nonce ||
        fchmod(endpoint->lock, LOCK_FILE_MODE(endpoint->directory.shared)) != 0)
        return shs__status_from_errno(errno);
    return SHS_OK;
}

/* Bound under another name and renamed when it listens: nobody finds a socket that refuses. */
static shs_status publish_socket(struct endpoint *endpoint) {
    char fresh[ENTRY_NAME], name[ENTRY_NAME];
    struct sockaddr_un address;
    shs__entry_name(fresh, endpoint->pid, ".new");
    shs__entry_name(name, endpoint->pid, "");
    if (!address_make(&endpoint->directory, fresh, &address)) return shs__status_from_errno(ENAMETOOLONG);
    (void)unlinkat(endpoint->directory.fd, fresh, 0);
    endpoint->listener = shs__fdpass_socket();
    if (endpoint->listener < 0 || !shs__sender_ask(endpoint->listener) ||
        bind(endpoint->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(endpoint->listener, BACKLOG) != 0 ||
        fchmodat(endpoint->directory.fd, fresh, SOCKET_MODE(endpoint->directory.shared), 0) != 0 ||
        renameat(endpoint->directory.fd, fresh, endpoint->directory.fd, name) != 0)
        return shs__status_from_errno(errno);
    return is_own_listener(endpoint->listener) ? SHS_OK : status_local(SHS_E_ACCESS);
}

static void close_all(struct endpoint *endpoint) {
    shs__fdpass_close_listener(endpoint->listener);
    shs__fd_close(endpoint->lock);
    shs__runtime_dir_close(&endpoint->directory);
    endpoint->listener = endpoint->lock = endpoint->directory.fd = -1;
}

shs_status shs__endpoint_publish(struct endpoint *endpoint, const struct runtime_place *place, uint32_t pid) {
    endpoint->pid = pid;
    endpoint->lock = endpoint->listener = -1;
    shs_status status = shs__runtime_dir_own(place, &endpoint->directory);
    if (status != SHS_OK) return status;
    shs__sweep(&endpoint->directory);
    status = publish_lock(endpoint);
    if (status == SHS_OK) status = publish_socket(endpoint);
    if (status == SHS_OK) {
        shs__rendezvous_tell(&endpoint->directory, pid);
        return SHS_OK;
    }
    if (endpoint->lock >= 0) shs__entry_remove_all(endpoint->directory.fd, pid);
    close_all(endpoint);
    return status;
}

/* Has the application closed any of its descriptors? Then what is at their numbers is none of ours. */
static bool is_whole(const struct endpoint *endpoint) {
    return shs__fd_is_ours(endpoint->lock) && shs__fd_is_ours(endpoint->directory.fd) &&
           shs__fd_is_ours(endpoint->listener);
}

bool shs__endpoint_is_in_place(const struct endpoint *endpoint) {
    char name[ENTRY_NAME];
    struct stat about;
    if (!is_whole(endpoint) || !shs__runtime_dir_is_in_place(&endpoint->directory)) return false;
    shs__entry_name(name, endpoint->pid, "");
    if (fstatat(endpoint->directory.fd, name, &about, AT_SYMLINK_NOFOLLOW) != 0) return false;
    shs__entry_name(name, endpoint->pid, ".lock");
    return shs__entry_is_named(endpoint->lock, endpoint->directory.fd, name);
}

/* Without descriptors of its own any more: like what somebody else left. */
static void unlink_lost(const struct endpoint *endpoint) {
    const int folder = shs__fd_open(AT_FDCWD, endpoint->directory.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (folder < 0) return;
    shs__entry_remove_dead(folder, endpoint->pid);
    shs__fd_close(folder);
}

void shs__endpoint_unlink(const struct endpoint *endpoint) {
    char name[ENTRY_NAME];
    shs__entry_name(name, endpoint->pid, ".lock");
    if (!is_whole(endpoint))
        unlink_lost(endpoint);
    else if (shs__entry_is_named(endpoint->lock, endpoint->directory.fd, name))
        shs__entry_remove_all(endpoint->directory.fd, endpoint->pid);
}

void shs__endpoint_keep_lock(const struct endpoint *endpoint) {
    if (shs__fd_is_ours(endpoint->lock)) (void)record_lock_take(endpoint->lock);
}

void shs__endpoint_withdraw(struct endpoint *endpoint) {
    shs__endpoint_unlink(endpoint);
    close_all(endpoint);
}

/* ---- find ---- */

/* What a search looks for, and what it meets. */
struct look {
    uint32_t user;
    bool takes_free; /* also a lock file whose lock nobody holds */
    bool met_free;   /* such a one */
    int want;        /* errno, when there was no descriptor to look with */
};

static bool is_wanted(const struct endpoint_entry *entry, struct look *look) {
    struct stat about;
    const uint32_t holder = record_lock_holder(entry->lock);
    if (holder == 0) look->met_free = true;
    const bool fits = holder == entry->pid || (holder == 0 && look->takes_free);
    return fits && fstat(entry->lock, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == look->user;
}

/* The lock file, where it is the wanted one; fills lock and nonce. */
static bool open_entry(const struct runtime_dir *directory, struct endpoint_entry *entry, struct look *look) {
    char name[ENTRY_NAME];
    shs__entry_name(name, entry->pid, ".lock");
    entry->lock = shs__fd_open(directory->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (entry->lock < 0) {
        if (errno != ENOENT) look->want = errno;
        return false;
    }
    if (is_wanted(entry, look) &&
        pread(entry->lock, entry->nonce, sizeof entry->nonce, 0) == (ssize_t)sizeof entry->nonce)
        return true;
    shs__fd_close(entry->lock);
    return false;
}

/* Search the user's directories; fills all of the entry but the address. */
static bool search(const struct runtime_place *place, struct endpoint_entry *entry, struct look *look) {
    struct runtime_dir_search walk;
    bool found = false;
    shs__runtime_dir_search(&walk, place, look->user);
    while (!found && shs__runtime_dir_next(&walk, &entry->directory)) {
        found = open_entry(&entry->directory, entry, look);
        if (!found) shs__runtime_dir_close(&entry->directory);
    }
    shs__runtime_dir_finish(&walk);
    if (walk.want != 0) look->want = walk.want;
    return found;
}

/* Its lock tells which is the one. A process that lost it for a moment takes it again before it says HELLO. */
static shs_status search_entry(const struct runtime_place *place, uint32_t user, struct endpoint_entry *entry) {
    struct look look = { .user = user };
    if (search(place, entry, &look)) return SHS_OK;
    look.takes_free = true;
    if (look.met_free && shs__process_info_get(entry->pid).lives && search(place, entry, &look)) return SHS_OK;
    return look.want == 0 ? status_local(SHS_E_NOT_ATTACHED) : shs__status_from_peer_errno(look.want);
}

shs_status shs__endpoint_find(const struct runtime_place *place, uint32_t pid, uint32_t user,
                              struct endpoint_entry *entry) {
    char name[ENTRY_NAME];
    entry->pid = pid;
    const shs_status status = search_entry(place, user, entry);
    if (status != SHS_OK) return status;
    shs__entry_name(name, pid, "");
    if (address_make(&entry->directory, name, &entry->address)) return SHS_OK;
    shs__endpoint_release(entry);
    return shs__status_from_errno(ENAMETOOLONG);
}

uint32_t shs__endpoint_holder(const struct endpoint_entry *entry) { return record_lock_holder(entry->lock); }

void shs__endpoint_release(struct endpoint_entry *entry) {
    shs__fd_close(entry->lock);
    shs__runtime_dir_close(&entry->directory);
}
