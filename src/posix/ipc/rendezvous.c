/*
 * Rendezvous of those who wait for a process. See rendezvous.h.
 */
#include "ipc/rendezvous.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ipc/address.h"
#include "ipc/entry.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/process_info.h"

#define ENDING ".wait"
#define TOLD_MOST 4096 /* names that are looked at: anybody of this user can make some */
#define FOLDER_MODE 0700
#define SOCKET_MODE 0600
#define CLEARED_MOST 64 /* at once: whoever sends without end is not heard of the faster for it */

static void name_folder(char name[RENDEZVOUS_NAME], uint32_t pid) {
    (void)snprintf(name, RENDEZVOUS_NAME, "%u" ENDING, (unsigned)pid);
}

/* ---- waiting ---- */

static bool bind_socket(struct rendezvous *made, uint32_t pid) {
    char folder[RENDEZVOUS_NAME];
    struct sockaddr_un address;
    name_folder(folder, pid);
    const bool is_new = mkdirat(made->directory.fd, folder, FOLDER_MODE) == 0;
    if (!is_new && errno != EEXIST) return false;
    if (is_new) (void)fchmodat(made->directory.fd, folder, FOLDER_MODE, 0); /* whatever the umask says */
    return address_make(&made->directory, made->name, &address) &&
           bind(made->socket, (const struct sockaddr *)&address, sizeof address) == 0 &&
           fchmodat(made->directory.fd, made->name, SOCKET_MODE, 0) == 0;
}

bool shs__rendezvous_open(const struct runtime_place *place, uint32_t pid, uint32_t self, struct rendezvous *made) {
    static _Atomic uint32_t number;
    if (shs__runtime_dir_own(place, &made->directory) != SHS_OK) return false;
    (void)snprintf(made->name, sizeof made->name, "%u" ENDING "/%u.%u", (unsigned)pid, (unsigned)self,
                   (unsigned)atomic_fetch_add(&number, 1));
    made->socket = shs__fdpass_datagram_socket();
    if (made->socket >= 0 && bind_socket(made, pid)) return true;
    shs__fdpass_close(made->socket);
    shs__runtime_dir_close(&made->directory);
    return false;
}

void shs__rendezvous_clear(const struct rendezvous *rendezvous) {
    char byte;
    struct fdpass_extra extra;
    ssize_t got = 0;
    for (int i = 0; i < CLEARED_MOST && (got >= 0 || errno == EPROTO) && shs__fd_is_ours(rendezvous->socket); i++) {
        extra.fd = -1;
        got = shs__fdpass_receive(rendezvous->socket, &byte, sizeof byte, &extra);
        shs__fd_close(extra.fd);
    }
}

void shs__rendezvous_close(struct rendezvous *rendezvous) {
    char *const slash = strchr(rendezvous->name, '/');
    shs__fdpass_close(rendezvous->socket);
    if (shs__fd_is_ours(rendezvous->directory.fd)) {
        (void)unlinkat(rendezvous->directory.fd, rendezvous->name, 0);
        *slash = '\0';
        (void)unlinkat(rendezvous->directory.fd, rendezvous->name, AT_REMOVEDIR); /* fails while others wait */
    }
    shs__runtime_dir_close(&rendezvous->directory);
}

/* ---- telling ---- */

/* Call visit() for what is in the folder. */
static void visit(int parent, const char *name, void (*act)(void *argument, int folder, const char *entry),
                  void *argument) {
    DIR *folder = shs__fd_open_folder(parent, name, O_NOFOLLOW);
    if (folder == NULL) return;
    int looked = 0;
    for (const struct dirent *entry; looked < TOLD_MOST && (entry = readdir(folder)) != NULL; looked++)
        if (entry->d_name[0] != '.') act(argument, dirfd(folder), entry->d_name);
    shs__fd_close_folder(folder);
}

struct telling {
    const struct runtime_dir *directory;
    const char *folder;
    int socket;
};

/* A name at which nobody listens any more is removed: its waiter was killed, or could not. */
static void tell(void *argument, int folder, const char *entry) {
    const struct telling *telling = argument;
    char name[sizeof telling->directory->path];
    struct sockaddr_un address;
    if (snprintf(name, sizeof name, "%s/%s", telling->folder, entry) >= (int)sizeof name ||
        !address_make(telling->directory, name, &address))
        return;
    const ssize_t sent =
        sendto(telling->socket, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&address, sizeof address);
    if (sent < 0 && errno == ECONNREFUSED) (void)unlinkat(folder, entry, 0);
}

void shs__rendezvous_tell(const struct runtime_dir *directory, uint32_t pid) {
    char name[RENDEZVOUS_NAME];
    struct stat about;
    name_folder(name, pid);
    if (fstatat(directory->fd, name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(about.st_mode)) return;
    struct telling telling = { directory, name, shs__fdpass_datagram_socket() };
    if (telling.socket >= 0) visit(directory->fd, name, tell, &telling);
    shs__fdpass_close(telling.socket);
    (void)unlinkat(directory->fd, name, AT_REMOVEDIR); /* fails while somebody waits */
}

/* ---- sweeping ---- */

/* Who waits for one that is gone waits in vain. */
static void forget(void *argument, int folder, const char *entry) {
    (void)argument;
    (void)unlinkat(folder, entry, 0);
}

/* And who is gone waits for nobody. */
static void forget_dead(void *argument, int folder, const char *entry) {
    char *end = NULL;
    const uint32_t waiter = shs__entry_pid(entry, &end);
    if (waiter != 0 && process_info_is_gone(waiter)) forget(argument, folder, entry);
}

void shs__rendezvous_sweep(int folder, const char *name) {
    char *end = NULL;
    const uint32_t pid = shs__entry_pid(name, &end);
    if (pid == 0 || strcmp(end, ENDING) != 0) return;
    visit(folder, name, process_info_is_gone(pid) ? forget : forget_dead, NULL);
    (void)unlinkat(folder, name, AT_REMOVEDIR);
}
