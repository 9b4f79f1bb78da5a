/*
 * Who is talked to: processes of the same user, and those that the application's callback admits. Asked in either
 * direction, before a message is exchanged: by connect.c, and by the server for each connection.
 */
#ifndef SHSHARED_IPC_ADMISSION_H
#define SHSHARED_IPC_ADMISSION_H

#include <stdbool.h>

#include "os/peercred.h"
#include "status.h"

/* What the application said, as of now. */
struct admission {
    shs_admit admit; /* NULL: nobody else */
    void *context;
};

bool admission_allows(const struct admission *admission, const struct credentials *who);

#endif
