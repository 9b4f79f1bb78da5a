/*
 * What segments use. See usage.h.
 */
#include "state/usage.h"

#include "block/handle.h"
#include "state/descriptor_shares.h"

/* Each is three mappings; a process that reaches the system's limit (65,530) cannot even start a thread. */
#define SEGMENTS_MOST 8192u

/* Of the segments, descriptors and numbers others may have all together so much, and one of them so much. */
#define PARTS 16u
#define PARTS_OF_OTHERS 15u
#define PARTS_OF_ONE 12u

/* The most bytes that others may have: what they give is mapped, and half of all addresses is for everything else. */
#define TAKEN_MOST (UINTPTR_MAX > UINT32_MAX ? UINT64_C(1) << 46 : UINT64_C(1) << 31)

static bool is_owned(const struct segment *segment) {
    return segment->role == SEGMENT_OWN || segment->role == SEGMENT_OWNER;
}

static bool is_given(const struct segment *segment, shs_pid self) {
    return segment->role == SEGMENT_OWNER && segment->giver != self;
}

static uint32_t descriptors_of(const struct segment *segment) {
    if (!is_owned(segment) || segment->words_fd < 0) return 0;
    return segment->words_fd == segment->data_fd ? 1 : 2;
}

static struct usage_sum sum_of(const struct segment *segment) {
    const uint32_t numbers = atomic_load(&segment->draining) ? 0 : segment->geometry.count;
    return (struct usage_sum){ 1, descriptors_of(segment), numbers };
}

static uint64_t bytes_of(const struct segment *segment) { return segment->geometry.count * segment->geometry.stride; }

static struct usage_sum *given_by(struct usage *usage, const struct segment *segment) {
    return &usage->given_by[segment->giver % USAGE_GIVERS];
}

/* Are both together no more than so many parts of what there is? */
static bool fits(const struct usage_sum *used, const struct usage_sum *more, unsigned parts) {
    const uint64_t descriptors = shs__descriptor_share_segments();
    return (uint64_t)used->segments + more->segments <= (uint64_t)SEGMENTS_MOST * parts / PARTS &&
           (uint64_t)used->descriptors + more->descriptors <= descriptors * parts / PARTS &&
           (uint64_t)used->numbers + more->numbers <= (uint64_t)INDEX_COUNT * parts / PARTS;
}

static bool may_be_taken(struct usage *usage, const struct segment *segment, uint64_t take_limit) {
    const uint64_t limit = take_limit < TAKEN_MOST ? take_limit : TAKEN_MOST, bytes = bytes_of(segment);
    const struct usage_sum more = sum_of(segment);
    return bytes <= limit && usage->taken <= limit - bytes && fits(&usage->given, &more, PARTS_OF_OTHERS) &&
           fits(given_by(usage, segment), &more, PARTS_OF_ONE);
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
}

static void subtract(struct usage_sum *sum, const struct usage_sum *less) {
    sum->segments -= less->segments;
    sum->descriptors -= less->descriptors;
    sum->numbers -= less->numbers;
}

void shs__usage_add(struct usage *usage, const struct segment *segment, shs_pid self) {
    const struct usage_sum more = sum_of(segment);
    add(&usage->all, &more);
    if (!is_given(segment, self)) return;
    add(&usage->given, &more);
    add(given_by(usage, segment), &more);
    usage->taken += bytes_of(segment);
}

void shs__usage_remove(struct usage *usage, const struct segment *segment, shs_pid self) {
    const struct usage_sum less = sum_of(segment);
    subtract(&usage->all, &less);
    if (!is_given(segment, self)) return;
    subtract(&usage->given, &less);
    subtract(given_by(usage, segment), &less);
    usage->taken -= bytes_of(segment);
}
