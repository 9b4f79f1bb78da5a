/*
 * What the header promises, as a model: which handles are valid in which process, what they lead to, which views there
 * are, and so what each call must say. It knows no more of processes than their places and whether they live.
 *
 * Used by sequences.c; owns nothing but its tables.
 */
#ifndef TESTS_SEQUENCES_MODEL_H
#define TESTS_SEQUENCES_MODEL_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stdint.h>

#define PLACES 3
#define BLOCKS 40
#define HANDLES 60
#define VIEWS 60

/* The bytes of a block: they live while a handle or a view leads to them. */
struct bytes {
    uint32_t seed, users;
    uint64_t size;
};

/* One that was freed, or whose owner ended, is kept until its place is needed: it must stay an error. */
struct known_handle {
    shs_handle handle; /* 0: never used */
    shs_pid owner;
    uint32_t place;      /* of the owner */
    struct bytes *bytes; /* NULL: not valid any more */
    bool writable;
    shs_status gone; /* what it says then */
};

struct known_view {
    uint64_t address;
    uint32_t place;      /* of the process that sees it */
    struct bytes *bytes; /* NULL: it was given back */
    bool writable;
};

extern struct known_handle handles[HANDLES];
extern struct known_view views[VIEWS];

/* Something that can be used; NULL when there is no more of it. */
struct bytes *model_unused_bytes(void);
struct known_handle *model_unused_handle(uint64_t *random);
struct known_view *model_unused_view(void);

/* A call has made one. False where that cannot be: a handle that is valid already, an address that is none. */
bool model_add_handle(struct known_handle *at, struct known_handle made);
bool model_add_view(struct known_view *at, struct known_view made);

void model_free(struct known_handle *handle);
void model_unlock(struct known_view *view);

/* The library was stopped in a process: its handles are gone. Or the process was killed: its views, too. */
void model_stop(uint32_t place);
void model_kill(uint32_t place);

/* What a call with this handle says, and whether it may be used so. */
shs_status model_status(const struct known_handle *handle, shs_access access);

/* How many blocks a process has. */
uint64_t model_count(uint32_t place);

#endif
