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

bool shs__admission_allows(const struct admission *admission, const struct shs_admit_request *request);

/* A request for what the kernel says of a connection that another process made. */
static inline struct shs_admit_request admission_incoming(const struct credentials *who) {
    return (struct shs_admit_request){
        .pid = who->pid, .user = who->user, .group = who->group, .group_known = 1, .direction = SHS_INCOMING
    };
}

#endif
