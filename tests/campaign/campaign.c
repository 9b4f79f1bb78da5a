/*
 * The frame of a campaign. See campaign.h.
 */
#include "campaign.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FAILURES_SHOWN 50

static uint64_t passed, failed;
static struct timespec began;

/* splitmix64: any seed will do, also 0. */
uint64_t random_next(uint64_t *state) {
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

static unsigned seconds_gone(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)(now.tv_sec - began.tv_sec);
}

static void read_option(struct campaign *campaign, const char *option, const char *value) {
    if (strcmp(option, "--seed") == 0)
        campaign->seed = strtoull(value, NULL, 0);
    else if (strcmp(option, "--seconds") == 0)
        campaign->seconds = (unsigned)strtoul(value, NULL, 0);
    else if (strcmp(option, "--count") == 0)
        campaign->count = strcmp(value, "all") == 0 ? CAMPAIGN_ALL : strtoull(value, NULL, 0);
    else if (strcmp(option, "--only") == 0)
        campaign->only = value;
    else
        exit((fprintf(stderr, "%s: unknown option %s\n", campaign->name, option), 2));
}

struct campaign campaign_begin(const char *name, unsigned seconds, int argc, char **argv) {
    struct campaign campaign = { .name = name, .seconds = seconds };
    clock_gettime(CLOCK_MONOTONIC, &began);
    campaign.seed = (uint64_t)began.tv_nsec ^ (uint64_t)getpid() << 32;
    for (int i = 1; i + 1 < argc; i += 2)
        read_option(&campaign, argv[i], argv[i + 1]);
    if (argc % 2 == 0) exit((fprintf(stderr, "%s: %s needs a value\n", name, argv[argc - 1]), 2));
    if (campaign.count != 0) campaign.seconds = 0;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    printf("%s: seed %llu\n", name, (unsigned long long)campaign.seed);
    return campaign;
}

bool campaign_goes_on(const struct campaign *campaign) {
    if (campaign->seconds != 0) return seconds_gone() < campaign->seconds;
    return passed + failed < campaign->count;
}

void campaign_passed(void) { passed++; }

void campaign_failed(const struct campaign *campaign, const char *format, ...) {
    va_list arguments;
    if (failed++ >= FAILURES_SHOWN) return;
    printf("failed: %s: ", campaign->name);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

int campaign_end(const struct campaign *campaign) {
    printf("%s: %u s\n", campaign->name, seconds_gone());
    printf("%llu passed, %llu failed, 0 skipped\n", (unsigned long long)passed, (unsigned long long)failed);
    return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
