/*
 * Reaching a process for the first time. See peer_connect.h.
 *
 * The proof: the connection is of the right user; the record lock of the lock file is held by the pid; what answers
 * knows the nonce in that file, and the kernel says that its message came from the pid; and after that the lock is
 * still held. A process that died, and one that only inherited its listener, fails one of these.
 */
#include "peer_connect.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "endpoint.h"
#include "failure.h"
#include "fdpass.h"
#include "process.h"
#include "wait.h"
#include "world.h"

#define RETRY_MILLISECONDS 5

/* Why a process has no endpoint that counts. */
static shs_status explain_absence(shs_pid pid, uint32_t user) {
    const struct process_facts facts = process_look(pid);
    if (!facts.lives) return refusal(SHS_E_NO_PROCESS);
    if (facts.user_told && facts.user != user) return refusal(SHS_E_ACCESS);
    return refusal(SHS_E_NOT_ATTACHED);
}

static bool is_admitted(struct world *world, const struct credentials *who) {
    (void)pthread_mutex_lock(&world->lock);
    const struct shs_options options = world->options;
    (void)pthread_mutex_unlock(&world->lock);
    return options.admit != NULL && options.admit(options.admit_context, who->pid, who->user, who->group) != 0;
}

/* Find the endpoint: of a process of this user, or of another's whom the application admits. */
static shs_status find(struct world *world, shs_pid pid, uint32_t *user, struct endpoint_entry *entry) {
    *user = (uint32_t)geteuid();
    const shs_status status = endpoint_find(pid, *user, entry);
    if (status != SHS_E_NOT_ATTACHED) return status;
    const struct process_facts facts = process_look(pid);
    const struct credentials who = { .pid = pid, .user = facts.user, .group = UINT32_MAX };
    if (!facts.lives || !facts.user_told || facts.user == *user || !is_admitted(world, &who))
        return explain_absence(pid, *user);
    *user = facts.user;
    return endpoint_find(pid, *user, entry);
}

/* A full backlog says EAGAIN, and no poll tells when it has room; a listener may just be replaced. */
static shs_status connect_until(struct world *world, const struct endpoint_entry *entry, int socket, deadline until) {
    for (;;) {
        if (connect(socket, (const struct sockaddr *)&entry->address, sizeof entry->address) == 0) return SHS_OK;
        if (errno == EISCONN) return SHS_OK;
        const bool again = errno == EAGAIN || errno == EINTR || errno == EINPROGRESS || errno == EALREADY;
        const bool absent = errno == ECONNREFUSED || errno == ENOENT;
        if (!again && !absent) return failure(errno);
        if (absent && !endpoint_is_held(entry)) return refusal(SHS_E_NOT_ATTACHED);
        const deadline soon = deadline_in(RETRY_MILLISECONDS);
        if (soon >= until) return failure(ETIMEDOUT);
        const shs_status status = wait_for(world, -1, 0, soon);
        if (status != SHS_E_TIMEOUT) return status;
    }
}

/* Ask who is there, and believe it only when everything agrees. */
static shs_status greet(struct world *world, const struct endpoint_entry *entry, int socket, deadline until,
                        int *life_fd) {
    const struct frame hello = { .kind = WIRE_HELLO, .pid = world->pid };
    struct frame answer;
    struct fdpass_extra extra = { .fd = -1 };
    shs_status status = frame_send(world, socket, &hello, -1, until);
    if (status == SHS_OK) status = frame_receive(world, socket, &answer, &extra, until);
    if (status != SHS_OK) return status;
    if (answer.kind != WIRE_HELLO || answer.status != SHS_OK)
        status = refusal(SHS_E_PROTOCOL);
    else if (!extra.named || extra.who.pid != entry->pid || memcmp(answer.nonce, entry->nonce, WIRE_NONCE_SIZE) != 0 ||
             !endpoint_is_held(entry))
        status = refusal(SHS_E_NOT_ATTACHED);
    if (status == SHS_OK)
        *life_fd = extra.fd;
    else
        descriptor_close(extra.fd);
    return status;
}

static shs_status connect_entry(struct world *world, const struct endpoint_entry *entry, uint32_t user, int socket,
                                deadline until, int *life_fd) {
    struct credentials who;
    if (!peercred_ask(socket)) return failure(errno);
    const shs_status status = connect_until(world, entry, socket, until);
    if (status != SHS_OK) return status;
    if (!peercred_of_connection(socket, &who)) return failure(errno);
    if (who.user != user) return refusal(SHS_E_ACCESS);
    const shs_status greeted = greet(world, entry, socket, until, life_fd);
    const bool refused = greeted == SHS_E_NOT_ATTACHED && user != (uint32_t)geteuid() && endpoint_is_held(entry);
    return refused ? refusal(SHS_E_ACCESS) : greeted; /* we admit that user, but it does not admit us */
}

shs_status peer_connect(struct world *world, shs_pid pid, deadline until, int *fd, int *life_fd) {
    struct endpoint_entry entry;
    uint32_t user;
    shs_status status = find(world, pid, &user, &entry);
    if (status != SHS_OK) return status;
    const int made = descriptor_keep(fdpass_socket());
    status = made < 0 ? failure(errno) : connect_entry(world, &entry, user, made, until, life_fd);
    endpoint_release(&entry);
    if (status == SHS_OK) {
        *fd = made;
        return SHS_OK;
    }
    descriptor_close(made);
    return status == SHS_E_NOT_ATTACHED ? explain_absence(pid, user) : status;
}
