/*
 * shshared bench: the ways by which bytes get from one process to another, and the pair of processes that uses them.
 *
 * The giver (bench_giver.c) writes bytes, tells the taker (bench_taker.c) of them over a socket, and has an answer when
 * that has read every one: a cycle. What is told is a struct told; the answer is the sum of what was read, so that no
 * way can be quick by not doing it.
 */
#ifndef SHSHARED_TOOL_BENCH_H
#define SHSHARED_TOOL_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <shshared/shshared.h>

enum way {
    WAY_BLOCK,  /* a block of the library */
    WAY_OBJECT, /* a fresh memory object, passed by SCM_RIGHTS */
    WAY_SOCKET, /* the bytes go through the socket */
    WAY_CALLS,  /* alloc, lock, unlock and free alone, by the giver: nothing is told or read */
    WAYS
};

struct told {
    uint32_t way;
    shs_handle handle;
    uint64_t size;
};

struct pair {
    pid_t taker;
    int channel;
    unsigned char *bytes; /* what is given */
    size_t most;          /* bytes there */
};

/* Forks the taker: before the library has started. False with errno. */
bool bench_begin(struct pair *pair, size_t most);
void bench_end(struct pair *pair);

/* One cycle; false when anything in it failed. */
bool bench_cycle(struct pair *pair, enum way way, size_t size);

/* The taker's life: until the channel ends. */
void bench_take(int channel, size_t most);

/* A fresh memory object of this size, without a name; -1 with errno. Each system has a file for it. */
int bench_object(size_t size);

/* All of it, or false. */
bool bench_write(int channel, const void *from, size_t size);
bool bench_read(int channel, void *to, size_t size);

uint64_t bench_sum(const unsigned char *bytes, size_t size);

#endif
