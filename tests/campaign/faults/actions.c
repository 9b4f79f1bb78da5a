/*
 * What a process of the cast does in one step. See scenes.h.
 *
 * Every action is one call with errno and outputs marked before it, so that it shows what the call has touched.
 */
#include <errno.h>

#include "scenes.h"
#include "support/pattern.h"

#define MARK 4711
#define VIEWS_MOST 16
#define STARTS_MOST 50
#define SIZE_MOST (1 << 18)

static struct {
    void *view;
    uint32_t prop;
} views[VIEWS_MOST];

static bool is_started;

/* ---- views of this process ---- */

/* The place of a view of this prop; of none, an empty place. */
static void **view_of(uint32_t prop) {
    int empty = 0;
    for (int i = VIEWS_MOST - 1; i >= 0; i--) {
        if (views[i].view == NULL) empty = i;
        if (views[i].view != NULL && views[i].prop == prop) return &views[i].view;
    }
    views[empty].prop = prop;
    return &views[empty].view;
}

static void stop_all(void) {
    for (int i = 0; i < STARTS_MOST; i++)
        shs_stop();
}

void leave_stage(void) {
    for (int i = 0; i < VIEWS_MOST; i++) {
        if (views[i].view != NULL) (void)shs_unlock(views[i].view);
        views[i].view = NULL;
    }
    stop_all();
    is_started = false;
}

/* ---- actions ---- */

/* What came of a call that was just made. */
static struct outcome came(shs_status status, bool outputs_are_marked) {
    return (struct outcome){ status, errno == MARK, status == SHS_OK || outputs_are_marked, true };
}

static struct outcome start(const struct step *step, struct props *props) {
    struct shs_options options = SHS_OPTIONS_INIT;
    (void)props;
    options.timeout_ms = CALM_MS;
    if (step->number <= SHS_SERVE_APPLICATION) options.service = step->number;
    if (step->number == START_SPARING) {
        options.own_pages = 1;
        options.retain = SHS_RETAIN_NOTHING;
    }
    errno = MARK;
    return came(shs_start(&options), true);
}

static struct outcome stop(const struct step *step, struct props *props) {
    (void)step, (void)props;
    errno = MARK;
    stop_all();
    return came(SHS_OK, true);
}

static struct outcome self(const struct step *step, struct props *props) {
    errno = MARK;
    return came(shs_self() == props->pids[step->part] ? SHS_OK : SHS_E_SYSTEM, true);
}

static struct outcome alloc(const struct step *step, struct props *props) {
    static unsigned char data[SIZE_MOST];
    const shs_pid owner = props->pids[step->with];
    shs_handle handle = MARK;
    pattern_fill(data, step->number, step->prop);
    errno = MARK;
    const shs_status status = shs_alloc(data, step->number, owner, &handle);
    const struct outcome outcome = came(status, handle == MARK);
    if (status == SHS_OK) props->blocks[step->prop] = (struct prop){ handle, owner, step->number, step->prop };
    return outcome;
}

static struct outcome fill(const struct step *step, struct props *props) {
    const shs_pid owner = props->pids[step->with];
    shs_handle handle = MARK;
    void *view = &handle;
    errno = MARK;
    const shs_status status = shs_alloc_locked(step->number, owner, &handle, &view);
    const struct outcome outcome = came(status, handle == MARK && view == &handle);
    if (status != SHS_OK) return outcome;
    pattern_fill(view, step->number, step->prop);
    props->blocks[step->prop] = (struct prop){ handle, owner, step->number, step->prop };
    *view_of(step->prop) = view;
    return outcome;
}

static struct outcome lock(const struct step *step, struct props *props) {
    const struct prop *block = &props->blocks[step->prop];
    void *view = props;
    size_t size = MARK;
    errno = MARK;
    const shs_status status = shs_lock(block->handle, block->owner, SHS_READ, &view, &size);
    struct outcome outcome = came(status, view == props && size == MARK);
    if (status != SHS_OK) return outcome;
    outcome.right = size == block->size && pattern_matches(view, size, block->pattern);
    *view_of(step->prop) = view;
    return outcome;
}

static struct outcome view_size(const struct step *step, struct props *props) {
    size_t size = MARK;
    errno = MARK;
    struct outcome outcome = came(shs_view_size(*view_of(step->prop), &size), size == MARK);
    if (outcome.status == SHS_OK) outcome.right = size == props->blocks[step->prop].size;
    return outcome;
}

static struct outcome unlock(const struct step *step, struct props *props) {
    void **view = view_of(step->prop);
    (void)props;
    errno = MARK;
    const struct outcome outcome = came(shs_unlock(*view), true);
    if (outcome.status == SHS_OK) *view = NULL;
    return outcome;
}

static struct outcome free_block(const struct step *step, struct props *props) {
    const struct prop *block = &props->blocks[step->prop];
    errno = MARK;
    return came(shs_free(block->handle, block->owner), true);
}

/* The last word of shs_map_handle(), that its answer was heard, is not answered: a target whose connection breaks
 * before it has read that undoes what it did. The list comes behind it, on the same connection. */
static shs_status settle(shs_handle handle, shs_pid pid) {
    struct shs_block_info blocks[PROPS];
    size_t count = 0;
    const shs_status status = shs_list(pid, blocks, PROPS, &count);
    for (size_t i = 0; status == SHS_OK && i < count; i++) {
        if (blocks[i].handle == handle) return SHS_OK;
    }
    (void)shs_free(handle, pid);
    return status == SHS_OK ? SHS_E_NOT_ATTACHED : status;
}

static struct outcome map(const struct step *step, struct props *props) {
    const struct prop *from = &props->blocks[step->prop];
    const shs_pid to = props->pids[step->with];
    shs_handle handle = MARK;
    errno = MARK;
    const shs_status status = shs_map_handle(from->handle, from->owner, to, SHS_READ, &handle);
    struct outcome outcome = came(status, handle == MARK);
    if (status == SHS_OK) outcome.status = settle(handle, to);
    if (outcome.status == SHS_OK) props->blocks[step->number] = (struct prop){ handle, to, from->size, from->pattern };
    return outcome;
}

/* That the time is over is as good as that it has attached: what was tried before a repetition may have attached it. */
static struct outcome wait_for(const struct step *step, struct props *props) {
    errno = MARK;
    const shs_status status = shs_wait(props->pids[step->with], step->number);
    return came(status == SHS_E_TIMEOUT ? SHS_OK : status, true);
}

static struct outcome probe(const struct step *step, struct props *props) {
    errno = MARK;
    return came(shs_probe(props->pids[step->with]), true);
}

static struct outcome list(const struct step *step, struct props *props) {
    struct shs_block_info blocks[PROPS];
    size_t count = MARK;
    errno = MARK;
    struct outcome outcome = came(shs_list(props->pids[step->with], blocks, PROPS, &count), count == MARK);
    if (outcome.status == SHS_OK) outcome.right = count < PROPS;
    return outcome;
}

struct outcome perform(const struct step *step, struct props *props) {
    static struct outcome (*const actions[ACTION_COUNT])(const struct step *, struct props *) = {
        [START] = start, [STOP] = stop,           [SELF] = self,     [ALLOC] = alloc,     [FILL] = fill,
        [LOCK] = lock,   [VIEW_SIZE] = view_size, [UNLOCK] = unlock, [FREE] = free_block, [MAP] = map,
        [PROBE] = probe, [WAIT] = wait_for,       [LIST] = list,
    };
    is_started = step->action != STOP && (is_started || (step->action != UNLOCK && step->action != VIEW_SIZE));
    return actions[step->action](step, props);
}

/* Counted starts come and go; the options stay. */
void set_timeout(uint32_t milliseconds) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = milliseconds;
    if (is_started && shs_start(&options) == SHS_OK) shs_stop();
}
