/*
 * The frame of a campaign: a program that tries very many cases, chosen by a seed, and says how each failure is had
 * again.
 *
 *     campaign                      the quick mode: what a seed chooses, for as long as the campaign says
 *     campaign --seconds N          the same for so long
 *     campaign --seed N             the same choice again
 *     campaign --count N            so many cases (long mode); --count all where they can be counted
 *     campaign --only CASE          one case, as a failure named it
 *
 * Each campaign is a main() that reads its options here, tries its cases, and ends with campaign_end(). Used by every
 * program in this folder; owns the counts.
 */
#ifndef TESTS_CAMPAIGN_H
#define TESTS_CAMPAIGN_H

#include <stdbool.h>
#include <stdint.h>

#define CAMPAIGN_ALL UINT64_MAX

struct campaign {
    const char *name;
    unsigned seconds; /* 0: until count cases were tried */
    uint64_t seed;
    uint64_t count;   /* 0: until the time is over */
    const char *only; /* NULL: all */
};

/* Read the options; seconds is what the quick mode takes. Prints the seed. Ends the program where there is nothing to
 * understand. */
struct campaign campaign_begin(const char *name, unsigned seconds, int argc, char **argv);

/* Is there time, or a count, for another case? */
bool campaign_goes_on(const struct campaign *campaign);

/* One case more that passed; and one that failed, with what must be typed to have it again. */
void campaign_passed(void);
__attribute__((format(printf, 2, 3))) void campaign_failed(const struct campaign *campaign, const char *format, ...);

/* The line of counts, and the exit code. */
int campaign_end(const struct campaign *campaign);

/* Numbers of a seed: each call gives the next one. */
uint64_t random_next(uint64_t *state);
static inline uint32_t random_below(uint64_t *state, uint32_t limit) { return (uint32_t)(random_next(state) % limit); }

#endif
