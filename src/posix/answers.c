/*
 * What the agent answers. See answers.h.
 *
 * Nothing here waits, and nothing that a question says is believed: descriptors are checked before they are mapped,
 * geometry before it is used, and state words are written by the owner itself.
 */
#include "answers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"
#include "failure.h"
#include "list.h"
#include "object.h"
#include "world.h"

static shs_status duplicate(int fd, int *copy) {
    if (!descriptor_is_kept(fd)) return failure(EBADF);
    *copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return *copy < 0 ? failure(errno) : SHS_OK;
}

static shs_status answer_hello(struct world *world, struct frame *answer, int *answer_fd) {
    answer->pid = world->pid;
    memcpy(answer->nonce, world->endpoint.nonce, WIRE_NONCE_SIZE);
    if (world->life_fd >= 0) (void)duplicate(world->life_fd, answer_fd);
    return SHS_OK;
}

/* The segment in which a handle is valid now. Under the world's lock. */
static struct segment *find_live(struct world *world, uint32_t handle) {
    const uint32_t index = handle_index(handle);
    struct segment *segment = handle_find(&world->own, index);
    if (segment == NULL) return NULL;
    return slot_names(atomic_load(&segment->words[index - segment->base]), handle_generation(handle)) ? segment : NULL;
}

static shs_status answer_find(struct world *world, const struct frame *question, struct frame *answer, int *answer_fd) {
    const struct segment *segment = find_live(world, question->handle);
    if (segment == NULL) return refusal(SHS_E_HANDLE);
    answer->base = segment->base;
    answer->count = segment->geometry.count;
    answer->stride = segment->geometry.stride;
    answer->offset = segment->geometry.offset;
    answer->pid = segment->giver;
    answer->access = segment->writable ? SHS_READ_WRITE : SHS_READ;
    answer->split = segment->words_fd != segment->data_fd;
    return duplicate(segment->words_fd, answer_fd);
}

shs_status answers_pass_on(struct world *world, shs_handle handle, struct mapping *passed, int *fd) {
    struct segment *segment = find_live(world, handle);
    if (segment == NULL) return refusal(SHS_E_HANDLE);
    const uint32_t slot = handle_index(handle) - segment->base;
    passed->offset = segment->geometry.offset + slot * segment->geometry.stride;
    passed->access = segment->writable ? SHS_READ_WRITE : SHS_READ;
    const shs_status status = segment_pass_on(segment, handle_index(handle), handle_generation(handle));
    if (status != SHS_OK) return status;
    passed->size = segment_size(segment, slot);
    return duplicate(segment->data_fd, fd);
}

static shs_status answer_data(struct world *world, const struct frame *question, struct frame *answer, int *answer_fd) {
    struct mapping passed;
    const shs_status status = answers_pass_on(world, question->handle, &passed, answer_fd);
    if (status != SHS_OK) return status;
    answer->offset = passed.offset;
    answer->size = passed.size;
    answer->access = passed.access;
    return SHS_OK;
}

/* Write the state of every slot: dead, at the generation from which its number goes on. */
static void prepare_words(struct world *world, struct segment *segment) {
    for (uint32_t i = 0; i < segment->geometry.count; i++) {
        const uint32_t generation = numbers_generation(&world->numbers, segment->base + i);
        atomic_store(&segment->words[i], generation << SLOT_GENERATION_SHIFT);
    }
}

/* What peers have freed, or left when they ended, makes room as soon as room is wanted. */
static bool take_numbers(struct world *world, const struct segment *segment, uint32_t *base) {
    const uint32_t count = segment->geometry.count;
    if (holdings_have_room(world, segment) && numbers_take(&world->numbers, count, base)) return true;
    holdings_give_back(world, NULL);
    return numbers_take(&world->numbers, count, base);
}

shs_status answers_take_in(struct world *world, struct segment *segment) {
    uint32_t base;
    if (!take_numbers(world, segment, &base)) {
        segment_close(segment);
        return refusal(SHS_E_LIMIT);
    }
    const uint32_t count = segment->geometry.count;
    segment->owner = world->pid;
    segment->base = base;
    prepare_words(world, segment);
    const shs_status status = holdings_add(world, segment);
    if (status != SHS_OK) numbers_give(&world->numbers, base, count);
    return status;
}

static shs_status answer_offer(struct world *world, const struct asker *asker, const struct frame *question, int fd,
                               struct frame *answer) {
    const struct geometry geometry = { question->count, question->stride, question->offset };
    struct segment *segment;
    shs_status status = geometry_is_sane(&geometry, false) ? SHS_OK : refusal(SHS_E_PROTOCOL);
    if (status == SHS_OK) status = object_check(fd, segment_extent(&geometry));
    if (status != SHS_OK) {
        descriptor_close(fd);
        return status;
    }
    status = segment_open(&geometry, SEGMENT_TAKEN, true, fd, fd, &segment);
    if (status != SHS_OK) return status;
    segment->giver = asker->who.pid;
    segment->link = asker->link;
    status = answers_take_in(world, segment);
    if (status == SHS_OK) answer->base = segment->base;
    return status;
}

/* Words for a block whose data is in another segment's object. */
static shs_status make_words(int *fd) {
    int made;
    shs_status status = object_create(segment_head(1), &made);
    if (status != SHS_OK) return status;
    status = object_reserve(made, 0, segment_head(1));
    if (status == SHS_OK) status = object_seal(made);
    if (status == SHS_OK)
        *fd = descriptor_keep(made);
    else
        descriptor_close(made);
    return status;
}

shs_status answers_map(struct world *world, const struct mapping *mapping, int fd, uint32_t *handle) {
    const uint64_t rounded = (mapping->size + SEGMENT_ALIGNMENT - 1) / SEGMENT_ALIGNMENT * SEGMENT_ALIGNMENT;
    const struct geometry geometry = { 1, rounded == 0 ? SEGMENT_ALIGNMENT : rounded, mapping->offset };
    struct segment *segment;
    int words_fd;
    shs_status status =
        mapping->size <= INT64_MAX && geometry_is_sane(&geometry, true) ? SHS_OK : refusal(SHS_E_PROTOCOL);
    if (status == SHS_OK) status = object_check(fd, segment_extent(&geometry));
    if (status == SHS_OK) status = make_words(&words_fd);
    if (status != SHS_OK) {
        descriptor_close(fd);
        return status;
    }
    status = segment_open(&geometry, SEGMENT_TAKEN, mapping->access == SHS_READ_WRITE, words_fd, fd, &segment);
    if (status != SHS_OK) return status;
    segment->giver = mapping->giver;
    segment->revoked = true; /* this one block, and no other after it */
    status = answers_take_in(world, segment);
    if (status != SHS_OK) return status;
    uint32_t generation = 0;
    segment_set_size(segment, 0, mapping->size);
    (void)slot_publish(&segment->words[0], atomic_load(&segment->words[0]), &generation);
    *handle = handle_make(segment->base, generation);
    return SHS_OK;
}

static shs_status answer_map(struct world *world, const struct asker *asker, const struct frame *question, int fd,
                             struct frame *answer) {
    const struct mapping mapping = { question->offset, question->size, (shs_access)question->access, asker->who.pid };
    return answers_map(world, &mapping, fd, &answer->handle);
}

static void answer_retire(struct world *world, const struct asker *asker, const struct frame *question) {
    struct segment *segment = question->base < INDEX_COUNT ? handle_find(&world->own, question->base) : NULL;
    if (segment == NULL || segment->role != SEGMENT_TAKEN || segment->link != asker->link) return;
    if (segment->base == question->base) holdings_revoke(world, segment);
    holdings_settle(world);
}

/* Questions that bring a descriptor, and those that do not. */
static bool is_well_formed(const struct frame *question, int fd) {
    const bool brings = question->kind == WIRE_OFFER || question->kind == WIRE_MAP;
    return brings == (fd >= 0);
}

static shs_status answer_locked(struct world *world, const struct asker *asker, const struct frame *question, int fd,
                                struct frame *answer, int *answer_fd) {
    switch (question->kind) {
        case WIRE_HELLO:
            return answer_hello(world, answer, answer_fd);
        case WIRE_PROBE:
            return SHS_OK;
        case WIRE_FIND:
            return answer_find(world, question, answer, answer_fd);
        case WIRE_DATA:
            return answer_data(world, question, answer, answer_fd);
        case WIRE_OFFER:
            return answer_offer(world, asker, question, fd, answer);
        case WIRE_MAP:
            return answer_map(world, asker, question, fd, answer);
        case WIRE_LIST:
            return list_to_object(world, &answer->count, answer_fd);
        case WIRE_RETIRE:
            answer_retire(world, asker, question);
            return SHS_OK;
        case WIRE_KINDS:
            break;
    }
    return refusal(SHS_E_PROTOCOL);
}

bool answer_question(struct world *world, const struct asker *asker, const struct frame *question, int fd,
                     struct frame *answer, int *answer_fd) {
    *answer = (struct frame){ .kind = question->kind, .serial = question->serial };
    *answer_fd = -1;
    if (!is_well_formed(question, fd)) {
        descriptor_close(fd);
        answer->status = SHS_E_PROTOCOL;
        return true;
    }
    (void)pthread_mutex_lock(&world->lock);
    answer->status = answer_locked(world, asker, question, fd, answer, answer_fd);
    (void)pthread_mutex_unlock(&world->lock);
    return question->kind != WIRE_RETIRE;
}
