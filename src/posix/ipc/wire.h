/*
 * Messages: requests and responses between a process that calls and the server of another.
 *
 * Pure: no system call, no state. A message has a fixed size and layout (told in wire.c), little-endian, without
 * pointers or longs, so that 32-bit and 64-bit processes understand each other. State words are shared in native byte
 * order, so a message also carries a native number, and a peer of the other order is refused. Nothing that decodes is
 * believed any further than its shape: ranges are the receiver's to check.
 */
#ifndef SHSHARED_IPC_WIRE_H
#define SHSHARED_IPC_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#define WIRE_SIZE 80
#define WIRE_NONCE_SIZE 16
#define WIRE_THIRDS_MOST 32
#define WIRE_ALL UINT32_MAX          /* EMPTIED: no index */
#define WIRE_ENTRIES_MOST (1u << 18) /* blocks in a list: as many as there are handles */

enum wire_kind {
    WIRE_HELLO = 1,       /* here is this life; who are you? The nonce, and the object of the liveness word */
    WIRE_PROBE,           /* are you there? */
    WIRE_LOOKUP,          /* where is the block of this handle? Its segment's geometry, and the object of its words */
    WIRE_EXPORT,          /* let me keep the block: the object of its data, and where it starts there */
    WIRE_ADD_SEGMENT,     /* take this segment, in which I shall allocate: its first handle index; where the block is
                             apart, the object of its words as well, which the owner makes */
    WIRE_IMPORT,          /* make a handle for this exported block: the handle, which ends if KEEP does not follow */
    WIRE_LIST,            /* what lives there? An object of struct wire_entry */
    WIRE_RELEASE_SEGMENT, /* a notification: I shall not allocate in the segment at this index any more */
    WIRE_FREE,            /* close this handle */
    WIRE_KEEP,            /* a notification: I have heard of the handle that you made */
    WIRE_UNHEARD,         /* a notification: I have waited in vain for the response to the request of this serial */
    WIRE_RELEASE_NUMBER,  /* a notification: I have no more of your segments, and need no number */
    WIRE_EMPTIED,         /* a notification, in either direction: the segment at this index has lost its last block;
                             from the owner, where there was no room to tell which: WIRE_ALL, any of them may have */
    WIRE_KINDS
};

struct message {
    enum wire_kind kind;
    int32_t status;  /* of a response; 0 in a request */
    uint32_t handle; /* LOOKUP, EXPORT, IMPORT, FREE */
    uint32_t base;   /* first handle index of a segment */
    uint32_t count;  /* slots of a segment; entries of a list */
    uint32_t pid;    /* LOOKUP, EXPORT: the giver; HELLO: who speaks */
    uint32_t access; /* 0 read, 1 read and write */
    uint32_t split;  /* LOOKUP, ADD_SEGMENT: non-zero when the data is in an object of its own */
    uint32_t third;  /* LOOKUP: the number of the third process that asks, from 1; 0: there is none left for it */
    uint32_t serial; /* of the request; its response and UNHEARD have the same */
    uint64_t stride; /* bytes from one slot to the next; EXPORT, IMPORT: that are the block's alone */
    uint64_t offset; /* LOOKUP, ADD_SEGMENT: where slot 0 starts in its object; EXPORT, IMPORT: where the block does */
    uint64_t size;   /* EXPORT, IMPORT: bytes of the block; LOOKUP: the segment's identity; HELLO: the life that asks;
                      * FREE:   the question's number */
    uint8_t nonce[WIRE_NONCE_SIZE]; /* HELLO */
};

/* One block in the object that answers WIRE_LIST. */
struct wire_entry {
    uint32_t handle, giver, writable, viewers, size_low, size_high;
};

void shs__wire_encode(const struct message *message, uint8_t bytes[WIRE_SIZE]);

/* False when the bytes are no message of this version and byte order. */
bool shs__wire_decode(const uint8_t bytes[WIRE_SIZE], struct message *message);

#endif
