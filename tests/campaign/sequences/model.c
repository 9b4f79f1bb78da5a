/*
 * The model of handles, views and statuses. See model.h.
 */
#include "model.h"

#include <stddef.h>

#include "../campaign.h"

struct known_handle handles[HANDLES];
struct known_view views[VIEWS];
static struct bytes blocks[BLOCKS];

struct bytes *model_unused_bytes(void) {
    for (int i = 0; i < BLOCKS; i++) {
        if (blocks[i].users == 0) return &blocks[i];
    }
    return NULL;
}

/* At random, so that what is gone stays for a while. */
struct known_handle *model_unused_handle(uint64_t *random) {
    const uint32_t first = random_below(random, HANDLES);
    for (uint32_t i = 0; i < HANDLES; i++) {
        struct known_handle *handle = &handles[(first + i) % HANDLES];
        if (handle->bytes == NULL) return handle;
    }
    return NULL;
}

struct known_view *model_unused_view(void) {
    for (int i = 0; i < VIEWS; i++) {
        if (views[i].bytes == NULL) return &views[i];
    }
    return NULL;
}

bool model_add_handle(struct known_handle *at, struct known_handle made) {
    for (int i = 0; i < HANDLES; i++) {
        if (handles[i].handle == made.handle && handles[i].owner == made.owner) {
            if (handles[i].bytes != NULL) return false;
            handles[i].handle = 0; /* its number has come round */
        }
    }
    *at = made;
    made.bytes->users++;
    return made.handle != 0 && made.handle % 4 == 0 && made.handle < UINT32_C(1) << 31;
}

bool model_add_view(struct known_view *at, struct known_view made) {
    *at = made;
    made.bytes->users++;
    return made.address != 0 && made.address % 64 == 0;
}

static void end_handle(struct known_handle *handle, shs_status gone) {
    if (handle->bytes != NULL) handle->bytes->users--;
    handle->bytes = NULL;
    handle->gone = gone;
}

void model_free(struct known_handle *handle) { end_handle(handle, SHS_E_HANDLE); }

void model_unlock(struct known_view *view) {
    view->bytes->users--;
    view->bytes = NULL;
}

static void end_handles(uint32_t place, shs_status gone) {
    for (int i = 0; i < HANDLES; i++) {
        if (handles[i].handle != 0 && handles[i].place == place && handles[i].gone != SHS_E_NO_PROCESS)
            end_handle(&handles[i], gone);
    }
}

void model_stop(uint32_t place) { end_handles(place, SHS_E_HANDLE); }

void model_kill(uint32_t place) {
    end_handles(place, SHS_E_NO_PROCESS);
    for (int i = 0; i < VIEWS; i++) {
        if (views[i].bytes != NULL && views[i].place == place) model_unlock(&views[i]);
    }
}

shs_status model_status(const struct known_handle *handle, shs_access access) {
    if (handle->bytes == NULL) return handle->gone;
    return access == SHS_READ_WRITE && !handle->writable ? SHS_E_READ_ONLY : SHS_OK;
}

uint64_t model_count(uint32_t place) {
    uint64_t count = 0;
    for (int i = 0; i < HANDLES; i++)
        count += handles[i].bytes != NULL && handles[i].place == place;
    return count;
}
