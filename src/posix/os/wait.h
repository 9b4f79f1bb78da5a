/*
 * Waiting for one descriptor, until a deadline.
 *
 * An application that serves from its own loop answers its own endpoint meanwhile: two such applications may wait for
 * each other's answer.
 */
#ifndef SHSHARED_OS_WAIT_H
#define SHSHARED_OS_WAIT_H

#include "backend.h"
#include "os/deadline.h"

struct context;

/* Until fd has one of poll()'s events, or its end came; fd -1 waits for the time only. SHS_E_TIMEOUT. */
shs_status wait_ready(struct context *context, int fd, short events, deadline until);

#endif
