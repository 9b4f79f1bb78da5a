/*
 * Speaking to the server of another process without the library between: messages that the library would never send.
 */
#ifndef TESTS_RAW_H
#define TESTS_RAW_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>

#include "posix/ipc/wire.h"

/* A connection to a process's endpoint, over which nothing was said yet. Ends the test when there is none. */
int raw_connect(shs_pid pid);

/* The same in a role, and to a process of this user; -1: none. */
int raw_reach(shs_pid pid, uint32_t user);

/* Have the library keep both ends of a pair, in a birth: a thread that closes one with the same number would forget it.
 */
void raw_track(int ends[2]);

/* Whoever comes to a listener, by a socket that waits: some systems have it inherit that the listener does not. */
int raw_accept(int listener);

/* A connection, and both sides have said HELLO. */
int raw_greet(shs_pid pid);

/* The same; the caller closes the object of its liveness word, -1 where it shows none. */
int raw_greet_for(shs_pid pid, int *liveness_fd);

/* Bytes as they are, with count copies of a descriptor. False when the other side has closed. */
bool raw_send(int socket, const void *bytes, size_t length, int fd, size_t count);

/* A message, with a descriptor where fd is not negative. */
bool raw_say(int socket, const struct message *message, int fd);

/* The response to a message; a descriptor that comes with it is closed. False when the other side closed instead. */
bool raw_ask(int socket, const struct message *message, int fd, struct message *response);

/* The same; the caller closes a descriptor that comes with it. */
bool raw_ask_for(int socket, const struct message *message, int fd, struct message *response, int *brought);

/* What comes next, where something was asked before. */
bool raw_hear(int socket, struct message *response);

/* Has the other side closed? Waits for what it does. */
bool raw_is_closed(int socket);

/* The same, after it has said why. */
bool raw_is_refused(int socket, shs_status status);

#endif
