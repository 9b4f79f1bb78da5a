/*
 * What the programs of this folder have in common: they end at once when something is not as it must be, and tell each
 * other of blocks through pipes.
 */
#ifndef TESTS_PROGRAM_H
#define TESTS_PROGRAM_H

#include <shshared/shshared.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What programs tell each other of a block. */
struct parcel {
    shs_handle handle;
    shs_pid owner;
};

_Noreturn void must_fail(const char *text, const char *file, int line);
#define MUST(condition) ((condition) ? (void)0 : must_fail(#condition, __FILE__, __LINE__))
#define MUST_OK(call) MUST((call) == SHS_OK)

/* First in main(): a folder of its own in which the processes of this program find each other, gone at its end. */
void program_begin(void);

/* Start the library, with a timeout that a busy machine does not reach. Forked children have it, too. */
void program_start(void);

/* A process that runs this and exits with 0. */
pid_t spawn(void (*run)(void));

/* Wait for its end, which must be a good one. */
void join(pid_t pid);

struct channel {
    int in, out;
};
struct channel channel_new(void);
void post(const struct channel *channel, struct parcel parcel);

/* False when all who could post have gone; then the writing end must be closed here, too. */
bool fetch(const struct channel *channel, struct parcel *parcel);

/* A block with a text, for another process; and what a block says, which is freed. */
struct parcel wrap(const char *text, shs_pid owner);
void unwrap(struct parcel parcel, char *text, size_t size);

#endif
