/*
 * What processes have: who is attached, with the blocks of each. Made for list, watch and doctor, which show it.
 */
#ifndef SHSHARED_TOOL_HOLDINGS_H
#define SHSHARED_TOOL_HOLDINGS_H

#include <stddef.h>
#include <stdint.h>

#include <shshared/shshared.h>

#define NAME_MOST 32

/* One process. */
struct holding {
    shs_pid pid;
    shs_status status; /* of the question; SHS_OK: the rest is known */
    char name[NAME_MOST];
    struct shs_block_info *blocks;
    size_t count;
    uint64_t bytes;
};

struct holdings {
    struct holding *each;
    size_t count;
    int error; /* errno, when not all could be looked at */
};

/* Ask one process. Its blocks are released by holding_release(). */
void holding_ask(shs_pid pid, struct holding *holding);
void holding_release(struct holding *holding);

/* Ask everybody in the runtime folders but this process, until a signal comes that is watched for; those who are
 * no more are left out. */
void holdings_ask(struct holdings *holdings);
void holdings_release(struct holdings *holdings);

/* Say that not all could be looked at, for this error. Returns EXIT_FAILED. */
int holdings_say(int error);

/* Start the library with this limit for each answer; what failed is said. */
shs_status holdings_start(uint32_t timeout_ms);

#endif
