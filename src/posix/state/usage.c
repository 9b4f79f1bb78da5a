/*
 * What segments use. See usage.h.
 */
#include "state/usage.h"

#include "block/handle.h"
#include "state/descriptor_shares.h"

/* Each is three mappings; a process that reaches the system's limit (65,530) cannot even start a thread. */
#define SEGMENTS_MOST 8192u

/* What others may have of the segments, descriptors and numbers, and how many times what it leaves to the others one
 * may have: so several that take all they get leave something, too. */
#define PART_OF_OTHERS(all) ((uint64_t)(all) / 16 * 15)
#define TIMES_LEFT 3

/* The most bytes that others may have: what they give is mapped, and half of all addresses is for everything else. */
#define TAKEN_MOST (UINTPTR_MAX > UINT32_MAX ? UINT64_C(1) << 46 : UINT64_C(1) << 31)

static bool is_given(const struct segment *segment, shs_pid self) {
    return segment->role == SEGMENT_OWNER && segment->giver != self;
}

static uint32_t descriptors_of(const struct segment *segment) {
    if (!segment_is_owned(segment) || segment->words_fd < 0 || segment->borrows) return 0;
    return segment->words_fd == segment->data_fd ? 1 : 2;
}

static struct usage_sum sum_of(const struct segment *segment) {
    const uint32_t numbers = atomic_load(&segment->draining) ? 0 : segment->geometry.count;
    const uint64_t bytes = segment->geometry.count * segment->geometry.stride;
    return (struct usage_sum){ segment->borrows ? 0 : 1, descriptors_of(segment), numbers, bytes };
}

static struct usage_sum *given_by(struct usage *usage, const struct segment *segment) {
    return &usage->given_by[segment->giver % USAGE_GIVERS];
}

static bool leaves_some(uint64_t given, uint64_t by_one, uint64_t more, uint64_t most) {
    return more <= most && given <= most - more && by_one + more <= TIMES_LEFT * (most - given - more);
}

static bool leaves_some_of_each(const struct usage_sum *given, const struct usage_sum *by_one,
                                const struct usage_sum *more) {
    const unsigned descriptors = shs__descriptor_share_segments();
    return leaves_some(given->segments, by_one->segments, more->segments, PART_OF_OTHERS(SEGMENTS_MOST)) &&
           leaves_some(given->descriptors, by_one->descriptors, more->descriptors, PART_OF_OTHERS(descriptors)) &&
           leaves_some(given->numbers, by_one->numbers, more->numbers, PART_OF_OTHERS(INDEX_COUNT)) &&
           leaves_some(given->bytes, by_one->bytes, more->bytes, TAKEN_MOST);
}

static bool may_be_taken(struct usage *usage, const struct segment *segment, uint64_t take_limit) {
    const struct usage_sum more = sum_of(segment);
    return more.bytes <= take_limit && usage->given.bytes <= take_limit - more.bytes &&
           leaves_some_of_each(&usage->given, given_by(usage, segment), &more);
}

bool shs__usage_has_room(struct usage *usage, const struct segment *segment, shs_pid self, uint64_t take_limit) {
    const uint32_t descriptors = descriptors_of(segment);
    if (usage->all.segments >= SEGMENTS_MOST) return false;
    if (is_given(segment, self) && !may_be_taken(usage, segment, take_limit)) return false;
    return descriptors == 0 || usage->all.descriptors + descriptors <= shs__descriptor_share_segments();
}

static void add(struct usage_sum *sum, const struct usage_sum *more) {
    sum->segments += more->segments;
    sum->descriptors += more->descriptors;
    sum->numbers += more->numbers;
    sum->bytes += more->bytes;
}

static void subtract(struct usage_sum *sum, const struct usage_sum *less) {
    sum->segments -= less->segments;
    sum->descriptors -= less->descriptors;
    sum->numbers -= less->numbers;
    sum->bytes -= less->bytes;
}

void shs__usage_add(struct usage *usage, const struct segment *segment, shs_pid self) {
    const struct usage_sum more = sum_of(segment);
    add(&usage->all, &more);
    if (!is_given(segment, self)) return;
    add(&usage->given, &more);
    add(given_by(usage, segment), &more);
}

void shs__usage_remove(struct usage *usage, const struct segment *segment, shs_pid self) {
    const struct usage_sum less = sum_of(segment);
    subtract(&usage->all, &less);
    if (!is_given(segment, self)) return;
    subtract(&usage->given, &less);
    subtract(given_by(usage, segment), &less);
}
