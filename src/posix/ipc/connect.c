/*
 * Reaching a process for the first time. See connect.h.
 *
 * The proof: the connection is of the right user; the record lock of the lock file is held by the pid; what answers
 * knows the nonce in that file, and the kernel says that its message came from the pid; and after that the lock is
 * still held. A process that died, and one that only inherited its listener, fails one of these.
 */
#include "ipc/connect.h"

#include <errno.h>
#include <string.h>

#include "ipc/endpoint.h"
#include "ipc/message_io.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/identity.h"
#include "os/process_info.h"

/* An endpoint that was found, and the user whose it must be. */
struct target {
    const struct connect_request *request;
    struct endpoint_entry entry;
    uint32_t user;
    bool refused; /* it is there, and hung up on us */
    bool crowded; /* it is there, and had to make room before we had said anything */
};

static bool is_anothers(const struct process_info *info, uint32_t user) {
    return info->is_others || (info->user_told && info->user != user);
}

/* Why a process has no endpoint that counts. */
static shs_status explain_absence(shs_pid pid, uint32_t user) {
    const struct process_info info = shs__process_info_get(pid);
    if (!info.lives) return status_local(SHS_E_NO_PROCESS);
    if (is_anothers(&info, user)) return status_local(SHS_E_ACCESS);
    return status_local(SHS_E_NOT_ATTACHED);
}

/* Find the endpoint: of a process of this user, or of another's whom the application admits. */
static shs_status find(struct target *target) {
    const shs_pid pid = target->request->pid;
    const struct runtime_place *place = &target->request->place;
    target->user = shs__identity_user();
    const shs_status status = shs__endpoint_find(place, pid, target->user, &target->entry);
    if (status != SHS_E_NOT_ATTACHED) return status;
    const struct process_info info = shs__process_info_get(pid);
    const struct shs_admit_request who = { .pid = pid, .user = info.user, .direction = SHS_OUTGOING };
    if (!info.lives || !info.user_told || info.user == target->user ||
        !shs__admission_allows(&target->request->admission, &who))
        return explain_absence(pid, target->user);
    target->user = info.user;
    return shs__endpoint_find(place, pid, target->user, &target->entry);
}

/* A full backlog says EAGAIN, and no poll tells when it has room; a listener may just be replaced. */
static shs_status connect_socket(const struct endpoint_entry *entry, int socket, const struct waiting *wait) {
    uint32_t pause = 1;
    for (;;) {
        if (!shs__fd_is_ours(socket)) return shs__status_from_errno(EBADF);
        if (connect(socket, (const struct sockaddr *)&entry->address, sizeof entry->address) == 0) return SHS_OK;
        if (errno == EISCONN) return SHS_OK;
        const bool again = errno == EAGAIN || errno == EINTR || errno == EINPROGRESS || errno == EALREADY;
        const bool absent = errno == ECONNREFUSED || errno == ENOENT;
        if (!again && !absent) return shs__status_from_peer_errno(errno);
        if (absent && shs__endpoint_holder(entry) != entry->pid) return status_local(SHS_E_NOT_ATTACHED);
        const shs_status status = shs__wait_pause(wait, &pause);
        if (status != SHS_OK) return status;
    }
}

/* What it says itself is taken only where the kernel tells nothing: its lock and its nonce prove it then. */
static bool is_pid_of(const struct target *target, const struct message *response, const struct fdpass_extra *extra) {
    return (shs__peercred_tells_pid() ? extra->who.pid : response->pid) == target->entry.pid;
}

/* Does the process hold its lock? A descriptor that somebody sent it may have taken it, for a moment. */
static bool is_held_soon(const struct endpoint_entry *entry, const struct waiting *wait) {
    uint32_t pause = 0;
    for (;;) {
        const uint32_t holder = shs__endpoint_holder(entry);
        if (holder != 0) return holder == entry->pid;
        if (!shs__process_info_get(entry->pid).lives || shs__wait_pause(wait, &pause) != SHS_OK) return false;
    }
}

/* Does the response to HELLO come from the process itself? */
static bool is_proved(const struct target *target, const struct message *response, const struct fdpass_extra *extra,
                      const struct waiting *wait) {
    const struct endpoint_entry *entry = &target->entry;
    return extra->named && is_pid_of(target, response, extra) && extra->who.user == target->user &&
           memcmp(response->nonce, entry->nonce, WIRE_NONCE_SIZE) == 0 && is_held_soon(entry, wait);
}

static shs_status check_hello(struct target *target, const struct message *response, const struct fdpass_extra *extra,
                              const struct waiting *wait) {
    if (response->kind != WIRE_HELLO) return status_local(SHS_E_PROTOCOL);
    target->crowded = response->status == SHS_E_TIMEOUT;
    if (target->crowded) return status_local(SHS_E_TIMEOUT);
    if (response->status == SHS_E_LIMIT) return status_local(SHS_E_LIMIT); /* it has no descriptor left for us */
    if (response->status != SHS_OK) return status_local(SHS_E_PROTOCOL);
    return is_proved(target, response, extra, wait) ? SHS_OK : status_local(SHS_E_NOT_ATTACHED);
}

/* Ask who is there, and believe it only when everything agrees. */
static shs_status greet(struct target *target, int socket, const struct waiting *wait, int *liveness_fd) {
    const struct connect_request *request = target->request;
    const struct message hello = { .kind = WIRE_HELLO, .pid = request->self, .size = request->life };
    struct message response;
    struct fdpass_extra extra = { .fd = -1 };
    shs_status status = shs__message_send(socket, &hello, -1, wait);
    if (status == SHS_OK || status == SHS_E_NOT_ATTACHED) /* who hung up before it was asked may have said why */
        status = shs__message_receive(socket, &response, &extra, wait);
    if (status != SHS_OK) return status;
    status = check_hello(target, &response, &extra, wait);
    if (status == SHS_OK)
        *liveness_fd = extra.fd;
    else
        shs__fd_close(extra.fd);
    return status;
}

/* The process lives, holds its endpoint, and hung up on us: it does not admit our user; or its library is another
 * version that does not even say so. */
static shs_status explain_refusal(const struct target *target) {
    const uint32_t user = shs__identity_user();
    const struct process_info info = shs__process_info_get(target->request->pid);
    return status_local(target->user != user || is_anothers(&info, user) ? SHS_E_ACCESS : SHS_E_PROTOCOL);
}

static shs_status prove(struct target *target, int socket, const struct waiting *wait, int *liveness_fd) {
    struct credentials who;
    if (!shs__sender_ask(socket)) return shs__status_from_errno(errno);
    shs_status status = connect_socket(&target->entry, socket, wait);
    if (status != SHS_OK) return status;
    if (!shs__peercred_of_connection(socket, &who)) return shs__status_from_errno(errno);
    if (who.user != target->user) return status_local(SHS_E_ACCESS);
    status = greet(target, socket, wait, liveness_fd);
    target->refused = status == SHS_E_NOT_ATTACHED && shs__endpoint_holder(&target->entry) == target->entry.pid;
    return status;
}

/* Find it, connect, and have it prove who it is. */
static shs_status reach(struct target *target, const struct waiting *wait, struct connected *connected) {
    target->refused = target->crowded = false;
    shs_status status = find(target);
    if (status != SHS_OK) return status;
    connected->user = target->user;
    connected->fd = shs__fdpass_socket();
    status =
        connected->fd < 0 ? shs__status_from_errno(errno) : prove(target, connected->fd, wait, &connected->liveness_fd);
    shs__endpoint_release(&target->entry);
    if (status == SHS_OK) return SHS_OK;
    shs__fdpass_close(connected->fd);
    return status == SHS_E_NOT_ATTACHED ? explain_absence(target->request->pid, target->user) : status;
}

/* Whoever hangs up may just be stopping: the second time it is meant. A process that is another user for a moment
 * begins nothing, in whose name ever. */
shs_status shs__connect_peer(const struct connect_request *request, const struct waiting *wait,
                             struct connected *connected) {
    struct target target = { .request = request };
    if (shs__identity_now() != IDENTITY_KEPT) return status_local(SHS_E_ACCESS);
    uint32_t pause = 0;
    unsigned refusals = 0;
    shs_status status;
    do {
        status = reach(&target, wait, connected);
        if (target.refused) refusals++;
        if (!target.crowded && (!target.refused || refusals > 1)) break;
        status = shs__wait_pause(wait, &pause);
    } while (status == SHS_OK);
    return target.refused ? explain_refusal(&target) : status;
}
