/*
 * Bytes and at most one descriptor, of shared memory, over a stream socket.
 *
 * The only place where descriptors enter the process. Never read() or MSG_PEEK where one can arrive: a receive has room
 * for as many as a kernel passes, keeps one and discards the others, so that no peer can leave a descriptor behind.
 * What is no shared memory is never kept: so whatever is called on what is kept does not wait. And what was sent and
 * never received does not make a close wait (discard.h): no socket that others can write to is closed but by
 * shs__fdpass_close(). Sockets here never block and never raise SIGPIPE. Used by ipc/message_io.c and by the server's
 * connections. No state.
 */
#ifndef SHSHARED_OS_FDPASS_H
#define SHSHARED_OS_FDPASS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "os/sender.h"

/* What came with some bytes. */
struct fdpass_extra {
    int fd;     /* of shared memory, tracked, and the caller's to close; -1: none */
    bool lost;  /* one came that this process had no room for; the bytes are all there */
    bool named; /* who is the sender of the message, or who connected where no kernel names it */
    struct credentials who;
};

/* Send; fd goes with the first byte, -1 sends none. The number of bytes sent, or -1 with errno (EAGAIN: full). */
ssize_t shs__fdpass_send(int socket, const void *bytes, size_t length, int fd);

/*
 * Receive. The number of bytes, 0 at the end, or -1 with errno: EAGAIN, EMFILE (one comes, and too many wait to be
 * closed), EPROTO (more than one descriptor, or one that is no shared memory). On failure nothing is kept and extra is
 * untouched.
 */
ssize_t shs__fdpass_receive(int socket, void *bytes, size_t room, struct fdpass_extra *extra);

/* A tracked stream socket that never blocks, is closed on exec and raises no signal; -1 with errno. */
int shs__fdpass_socket(void);

/* The same for datagrams, as a name that others can write to. */
int shs__fdpass_datagram_socket(void);

/* A connection that waits at a listener, with the same properties; -1 with errno. */
int shs__fdpass_accept(int listener);

/* End it, though a child may hold a copy, and close it with what lies in it. -1 is ignored. */
void shs__fdpass_close(int socket);

/* The same for a listener, with those that nobody has accepted. */
void shs__fdpass_close_listener(int listener);

#endif
