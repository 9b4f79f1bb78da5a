/*
 * The endpoint: the place at which a process can be reached by its pid, and the proof that it is that process.
 *
 * Two entries in the runtime directory: a socket named PID, and PID.lock, which holds a random nonce and on which the
 * process keeps a record lock. Such a lock dies with its process, is not inherited by fork, and the kernel names its
 * holder: so an inherited listener of a dead process, or a pid used again, is never taken for the process itself.
 * Nothing of the proof is a secret: in a shared folder (runtime_dir.h) other users read the nonce.
 *
 * Published by attach.c and by the server, looked for by connect.c. A struct endpoint owns its descriptors and
 * entries.
 */
#ifndef SHSHARED_IPC_ENDPOINT_H
#define SHSHARED_IPC_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ipc/runtime_dir.h"
#include "ipc/wire.h"
#include "status.h"

/* This process's own endpoint. */
struct endpoint {
    struct runtime_dir directory;
    int lock;
    int listener;
    uint32_t pid;
    uint8_t nonce[WIRE_NONCE_SIZE];
};

/* Publish; also sweeps what dead processes left. SHS_E_UNSUPPORTED: another copy of the library has published. */
shs_status shs__endpoint_publish(struct endpoint *endpoint, const struct runtime_place *place, uint32_t pid);

/* Is it still where others look? False after somebody removed the directory. */
bool shs__endpoint_is_in_place(const struct endpoint *endpoint);

/* Take the lock again. The system drops it when anything in this process closes the file: the application, which reads
 * every file that it finds, or the library itself, when a peer passed it. So before HELLO is answered, whenever what
 * came from a peer was closed, and now and then. */
void shs__endpoint_keep_lock(const struct endpoint *endpoint);

/* Remove the names only: for the end of the process, when other threads still run. */
void shs__endpoint_unlink(const struct endpoint *endpoint);

/* Remove the names and close everything. */
void shs__endpoint_withdraw(struct endpoint *endpoint);

/* Another process's endpoint, as found. */
struct endpoint_entry {
    struct sockaddr_un address;
    struct runtime_dir directory; /* held open: the address may lead through it */
    int lock;
    uint32_t pid;
    uint8_t nonce[WIRE_NONCE_SIZE];
};

/* Find the endpoint of a process of a user. SHS_E_NOT_ATTACHED when no living process has one. Its lock may be free:
 * whoever says HELLO there proves nothing by itself. */
shs_status shs__endpoint_find(const struct runtime_place *place, uint32_t pid, uint32_t user,
                              struct endpoint_entry *entry);

/* Whose the entry is at this moment: the process's own, or another's; 0: nobody's. */
uint32_t shs__endpoint_holder(const struct endpoint_entry *entry);

void shs__endpoint_release(struct endpoint_entry *entry);

#endif
