/*
 * Reaching a process for the first time. See connect_peer.h.
 *
 * The proof: the connection is of the right user; the record lock of the lock file is held by the pid; what answers
 * knows the nonce in that file, and the kernel says that its message came from the pid; and after that the lock is
 * still held. A process that died, and one that only inherited its listener, fails one of these.
 */
#include "ipc/connect.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "ipc/endpoint.h"
#include "os/errno_status.h"
#include "os/fd_tracking.h"
#include "os/fdpass.h"
#include "os/process_info.h"
#include "os/wait.h"
#include "process/context.h"

#define RETRY_MILLISECONDS 5

/* Why a process has no endpoint that counts. */
static shs_status explain_absence(shs_pid pid, uint32_t user) {
    const struct process_info facts = process_info_get(pid);
    if (!facts.lives) return status_local(SHS_E_NO_PROCESS);
    if (facts.user_told && facts.user != user) return status_local(SHS_E_ACCESS);
    return status_local(SHS_E_NOT_ATTACHED);
}

static bool is_admitted(struct context *context, const struct credentials *who) {
    (void)pthread_mutex_lock(&context->lock);
    const struct shs_options options = context->options;
    (void)pthread_mutex_unlock(&context->lock);
    const struct shs_admit_request request = { .pid = who->pid, .user = who->user, .direction = SHS_OUTGOING };
    return options.admit != NULL && options.admit(options.admit_context, &request) != 0;
}

/* Find the endpoint: of a process of this user, or of another's whom the application admits. */
static shs_status find(struct context *context, shs_pid pid, uint32_t *user, struct endpoint_entry *entry) {
    *user = (uint32_t)geteuid();
    const shs_status status = endpoint_find(pid, *user, entry);
    if (status != SHS_E_NOT_ATTACHED) return status;
    const struct process_info facts = process_info_get(pid);
    const struct credentials who = { .pid = pid, .user = facts.user };
    if (!facts.lives || !facts.user_told || facts.user == *user || !is_admitted(context, &who))
        return explain_absence(pid, *user);
    *user = facts.user;
    return endpoint_find(pid, *user, entry);
}

/* A full backlog says EAGAIN, and no poll tells when it has room; a listener may just be replaced. */
static shs_status connect_until(struct context *context, const struct endpoint_entry *entry, int socket,
                                deadline until) {
    for (;;) {
        if (connect(socket, (const struct sockaddr *)&entry->address, sizeof entry->address) == 0) return SHS_OK;
        if (errno == EISCONN) return SHS_OK;
        const bool again = errno == EAGAIN || errno == EINTR || errno == EINPROGRESS || errno == EALREADY;
        const bool absent = errno == ECONNREFUSED || errno == ENOENT;
        if (!again && !absent) return status_from_peer_errno(errno);
        if (absent && !endpoint_is_held(entry)) return status_local(SHS_E_NOT_ATTACHED);
        const deadline soon = deadline_in(RETRY_MILLISECONDS);
        if (soon >= until) return status_from_errno(ETIMEDOUT);
        const shs_status status = wait_ready(context, -1, 0, soon);
        if (status != SHS_E_TIMEOUT) return status;
    }
}

/* Ask who is there, and believe it only when everything agrees. */
static shs_status greet(struct context *context, const struct endpoint_entry *entry, int socket, deadline until,
                        int *liveness_fd) {
    const struct message hello = { .kind = WIRE_HELLO, .pid = context->pid };
    struct message response;
    struct fdpass_extra extra = { .fd = -1 };
    shs_status status = message_send(context, socket, &hello, -1, until);
    if (status == SHS_OK) status = message_receive(context, socket, &response, &extra, until);
    if (status != SHS_OK) return status;
    if (response.kind != WIRE_HELLO || response.status != SHS_OK)
        status = status_local(SHS_E_PROTOCOL);
    else if (!extra.named || extra.who.pid != entry->pid ||
             memcmp(response.nonce, entry->nonce, WIRE_NONCE_SIZE) != 0 || !endpoint_is_held(entry))
        status = status_local(SHS_E_NOT_ATTACHED);
    if (status == SHS_OK)
        *liveness_fd = extra.fd;
    else
        fd_close(extra.fd);
    return status;
}

static shs_status connect_entry(struct context *context, const struct endpoint_entry *entry, uint32_t user, int socket,
                                deadline until, int *liveness_fd) {
    struct credentials who;
    if (!peercred_ask(socket)) return status_from_errno(errno);
    const shs_status status = connect_until(context, entry, socket, until);
    if (status != SHS_OK) return status;
    if (!peercred_of_connection(socket, &who)) return status_from_errno(errno);
    if (who.user != user) return status_local(SHS_E_ACCESS);
    const shs_status greeted = greet(context, entry, socket, until, liveness_fd);
    const bool refused = greeted == SHS_E_NOT_ATTACHED && user != (uint32_t)geteuid() && endpoint_is_held(entry);
    return refused ? status_local(SHS_E_ACCESS) : greeted; /* we admit that user, but it does not admit us */
}

shs_status connect_peer(struct context *context, shs_pid pid, deadline until, int *fd, int *liveness_fd) {
    struct endpoint_entry entry;
    uint32_t user;
    shs_status status = find(context, pid, &user, &entry);
    if (status != SHS_OK) return status;
    const int made = fd_track(fdpass_socket());
    status = made < 0 ? status_from_errno(errno) : connect_entry(context, &entry, user, made, until, liveness_fd);
    endpoint_release(&entry);
    if (status == SHS_OK) {
        *fd = made;
        return SHS_OK;
    }
    fd_close(made);
    return status == SHS_E_NOT_ATTACHED ? explain_absence(pid, user) : status;
}
