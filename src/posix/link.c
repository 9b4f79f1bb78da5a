/*
 * Links. See link.h.
 */
#include "link.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "answers.h"
#include "descriptors.h"
#include "fdpass.h"
#include "poller.h"
#include "world.h"

struct link {
    struct link *next, *previous;
    int fd;
    struct asker asker;
    bool named, greeted; /* the kernel has said who speaks, and it itself has */
    uint32_t speaker;    /* the user id on its messages: the real one, where the connection has the effective one */
    deadline due;        /* when the frame in hand must be whole, in either direction; 0: none is */
    uint8_t in[WIRE_SIZE], out[WIRE_SIZE];
    size_t have; /* bytes of in */
    size_t sent; /* bytes of out; WIRE_SIZE: nothing to send */
    int in_fd, out_fd;
    bool lost; /* in_fd came, and there was no room for it */
};

static void take_out(struct agent *agent, struct link *link) {
    *(link->previous == NULL ? &agent->links : &link->previous->next) = link->next;
    if (link->next != NULL) link->next->previous = link->previous;
    agent->count--;
}

static void put_first(struct agent *agent, struct link *link) {
    link->previous = NULL;
    link->next = agent->links;
    if (link->next != NULL) link->next->previous = link;
    agent->links = link;
    agent->count++;
}

struct link *link_oldest(const struct agent *agent) {
    struct link *link = agent->links;
    while (link->next != NULL)
        link = link->next;
    return link;
}

static void close_link(struct agent *agent, struct link *link) {
    take_out(agent, link);
    poller_forget(agent->poller, link->fd);
    descriptor_close(link->in_fd);
    descriptor_close(link->out_fd);
    descriptor_hang_up(link->fd);
    free(link);
}

void link_end(struct world *world, struct link *link) {
    (void)pthread_mutex_lock(&world->lock);
    holdings_revoke_link(world, link->asker.link);
    (void)pthread_mutex_unlock(&world->lock);
    close_link(&world->agent, link);
}

void links_expire(struct world *world) {
    const deadline now = clock_now();
    for (struct link *link = world->agent.links, *next; link != NULL; link = next) {
        next = link->next;
        if (link->due != 0 && link->due < now) link_end(world, link);
    }
}

/* Before anything is received from it. */
static bool is_welcome(struct world *world, const struct credentials *who) {
    if (who->user == (uint32_t)geteuid()) return true;
    (void)pthread_mutex_lock(&world->lock);
    const struct shs_options options = world->options;
    (void)pthread_mutex_unlock(&world->lock);
    return options.admit != NULL && options.admit(options.admit_context, who->pid, who->user, who->group) != 0;
}

void link_open(struct world *world, int fd) {
    struct agent *agent = &world->agent;
    struct credentials who;
    struct link *link = NULL;
    if (fdpass_prepare(fd) && peercred_of_connection(fd, &who) && is_welcome(world, &who))
        link = calloc(1, sizeof *link);
    if (link == NULL || !poller_watch(agent->poller, fd, link)) {
        descriptor_close(fd);
        free(link);
        return;
    }
    link->fd = fd;
    link->in_fd = link->out_fd = -1;
    link->sent = WIRE_SIZE;
    link->asker = (struct asker){ .who = who, .link = ++agent->serial };
    link->due = world_deadline(world);
    put_first(agent, link);
}

/* Send what there is to send. False when the link is of no more use. */
static bool send_answer(struct world *world, struct link *link) {
    const ssize_t sent =
        fdpass_send(link->fd, link->out + link->sent, WIRE_SIZE - link->sent, link->sent == 0 ? link->out_fd : -1);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (sent > 0) link->sent += (size_t)sent;
    if (link->sent < WIRE_SIZE) return poller_want_write(world->agent.poller, link->fd, link);
    descriptor_close(link->out_fd);
    link->out_fd = -1;
    link->due = 0;
    return true;
}

/* A whole question is there. The first must be HELLO, from a process that the kernel names. */
static bool answer(struct world *world, struct link *link) {
    struct frame question, reply;
    const int fd = link->in_fd;
    const bool lost = link->lost;
    link->in_fd = -1;
    link->lost = false;
    link->have = 0;
    link->due = 0;
    if (!wire_decode(link->in, &question) || (question.kind == WIRE_HELLO) == link->greeted ||
        link->asker.who.pid == 0) {
        descriptor_close(fd);
        return false;
    }
    link->greeted = true;
    if (lost)
        reply = (struct frame){ .kind = question.kind, .serial = question.serial, .status = SHS_E_LIMIT };
    else if (!answer_question(world, &link->asker, &question, fd, &reply, &link->out_fd))
        return true;
    wire_encode(&reply, link->out);
    link->sent = 0;
    link->due = world_deadline(world);
    return send_answer(world, link);
}

/* Receive a part of a question. False when the link is of no more use. */
static bool receive(struct world *world, struct link *link) {
    struct fdpass_extra extra;
    const ssize_t got = fdpass_receive(link->fd, link->in + link->have, WIRE_SIZE - link->have, &extra);
    if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    const bool is_other = extra.named && link->named && extra.who.user != link->speaker;
    if (extra.named) {
        link->named = true;
        link->speaker = extra.who.user;
        link->asker.who.pid = extra.who.pid;
    }
    if (extra.fd >= 0 && (link->in_fd >= 0 || got == 0 || is_other)) {
        descriptor_close(extra.fd);
        return false;
    }
    if (extra.fd >= 0) link->in_fd = descriptor_keep(extra.fd);
    link->lost = link->lost || extra.lost;
    if (got == 0 || is_other) return false;
    link->have += (size_t)got;
    if (link->due == 0) link->due = world_deadline(world);
    return link->have < WIRE_SIZE || answer(world, link);
}

void link_serve(struct world *world, struct link *link) {
    bool fine;
    if (link->sent < WIRE_SIZE)
        fine = send_answer(world, link) &&
               (link->sent < WIRE_SIZE || poller_want_read(world->agent.poller, link->fd, link));
    else
        fine = receive(world, link);
    if (!fine) {
        link_end(world, link);
        return;
    }
    take_out(&world->agent, link);
    put_first(&world->agent, link);
}
