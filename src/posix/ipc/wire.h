/*
 * Frames: what travels between a process that asks and the agent that answers.
 *
 * Pure: no system call, no state. A frame has a fixed size and layout, little-endian, without pointers or longs, so
 * that 32-bit and 64-bit processes understand each other. State words are shared in native byte order, so a frame also
 * carries a native number, and a peer of the other order is refused. Nothing that decodes is believed any further than
 * its shape: ranges are the receiver's to check.
 */
#ifndef SHSHARED_IPC_WIRE_H
#define SHSHARED_IPC_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#define WIRE_SIZE 80
#define WIRE_NONCE_SIZE 16

enum wire_kind {
    WIRE_HELLO = 1,   /* who are you? answered with the nonce and the life word's object */
    WIRE_PROBE,       /* are you there? */
    WIRE_LOOKUP,      /* the segment of (handle): answered with its geometry and the object of its words */
    WIRE_EXPORT,      /* pass the block on: answered with the object of its data, and where the block starts in it */
    WIRE_ADD_SEGMENT, /* take this segment, in which I shall allocate: answered with its first handle index */
    WIRE_IMPORT,      /* make a handle for this block of another segment: answered with the handle */
    WIRE_LIST,        /* what lives there: answered with an object of struct wire_entry */
    WIRE_RELEASE_SEGMENT, /* no answer: I shall not allocate in the segment at this index any more */
    WIRE_KINDS
};

struct message {
    enum wire_kind kind;
    int32_t status;  /* of an answer; 0 in a question */
    uint32_t handle; /* FIND, DATA, MAP */
    uint32_t base;   /* first handle index of a segment */
    uint32_t count;  /* slots of a segment; entries of a list */
    uint32_t pid;    /* FIND: the giver; HELLO: who speaks */
    uint32_t access; /* 0 read, 1 read and write */
    uint32_t split;  /* FIND: non-zero when the data is in an object of its own */
    uint32_t serial; /* of the question; its answer has the same */
    uint64_t stride; /* bytes from one slot to the next */
    uint64_t offset; /* FIND, OFFER: where slot 0 starts in its object; DATA, MAP: where the block does */
    uint64_t size;   /* DATA, MAP: bytes of the block */
    uint8_t nonce[WIRE_NONCE_SIZE]; /* HELLO */
};

/* One block in the object that answers WIRE_LIST. */
struct wire_entry {
    uint32_t handle, giver, writable, size_low, size_high;
};

void wire_encode(const struct message *message, uint8_t bytes[WIRE_SIZE]);

/* False when the bytes are no frame of this version and byte order. */
bool wire_decode(const uint8_t bytes[WIRE_SIZE], struct message *message);

#endif
