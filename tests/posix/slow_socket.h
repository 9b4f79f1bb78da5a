/*
 * Descriptors that are slow to close: sockets that hold back their end until all is sent, as long as they were told.
 */
#ifndef TESTS_SLOW_SOCKET_H
#define TESTS_SLOW_SOCKET_H

/* Its other end stays open in this process, and takes nothing. */
int slow_socket(int *other_end);

/* A socket in which such a one lies: nobody can tell it to be quick. This process has no part in its end any more. */
int slow_parcel(int *other_end);

/* Close what they were connected by. */
void slow_sockets_end(void);

#endif
