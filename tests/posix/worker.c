/*
 * A process at work. See worker.h.
 */
#include "worker.h"

#include <stdlib.h>
#include <string.h>

#include "support/child.h"
#include "support/expect.h"
#include "support/leaks.h"
#include "support/pattern.h"

#define KEPT 16
#define TIMEOUT_MS 30000 /* nobody is ever stopped here: a time limit that passes is a fault */

struct kept {
    void *view;
    struct label label;
};

static struct kept kept[KEPT];
static uint32_t lists; /* that ended with a look */

bool label_holds(const void *view, size_t size, struct label *label) {
    if (size < sizeof *label) return false;
    memcpy(label, view, sizeof *label);
    return label->size == size &&
           pattern_matches((const char *)view + sizeof *label, size - sizeof *label, label->pattern);
}

static shs_status make(struct item *item, shs_pid owner) {
    const struct label label = { item->pattern, item->size };
    char *data = malloc(item->size);
    if (data == NULL) return SHS_E_NO_MEMORY;
    memcpy(data, &label, sizeof label);
    pattern_fill(data + sizeof label, item->size - sizeof label, item->pattern);
    const shs_status status = shs_alloc(data, item->size, owner, &item->handle);
    free(data);
    return status;
}

static bool is_whole(const void *view, uint32_t pattern, uint32_t expected) {
    struct label label;
    size_t size = 0;
    return shs_view_size(view, &size) == SHS_OK && size == expected && label_holds(view, size, &label) &&
           label.pattern == pattern;
}

/* The view that was kept the longest goes, and this one is kept. */
static bool keep_instead(void *view, const struct item *item) {
    struct kept *place = &kept[lists++ % KEPT];
    const struct kept before = *place;
    *place = (struct kept){ view, { item->pattern, item->size } };
    if (before.view == NULL) return true;
    const bool whole = is_whole(before.view, before.label.pattern, before.label.size);
    return shs_unlock(before.view) == SHS_OK && whole;
}

static shs_status look(struct item *item, shs_pid owner, bool is_last) {
    void *view;
    const shs_status status =
        shs_lock(item->handle, owner, item->pattern % 2 == 0 ? SHS_READ : SHS_READ_WRITE, &view, NULL);
    if (status != SHS_OK) return status;
    item->torn = !is_whole(view, item->pattern, item->size);
    if (!is_last) return shs_unlock(view);
    if (!keep_instead(view, item)) item->torn = 1;
    return SHS_OK;
}

static void do_work(struct work *work) {
    for (uint32_t i = 0; i < work->count; i++) {
        struct item *item = &work->items[i];
        if (item->deed == DEED_MAKE)
            item->status = make(item, work->owner);
        else if (item->deed == DEED_LOOK)
            item->status = look(item, work->owner, i + 1 == work->count);
        else if (item->deed == DEED_FREE)
            item->status = shs_free(item->handle, work->owner);
    }
}

static int end(const struct leaks *at_start) {
    char left[256];
    for (size_t i = 0; i < KEPT; i++) {
        if (kept[i].view != NULL) EXPECT_STATUS(SHS_OK, shs_unlock(kept[i].view));
    }
    shs_stop();
    const bool back = leaks_settle(at_start, left, sizeof left);
    if (!back) leaks_describe();
    EXPECT(back);
    return EXIT_SUCCESS;
}

int worker_role(char **arguments) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct leaks at_start;
    struct work work = { .count = 0 };
    (void)arguments;
    leaks_measure(&at_start);
    options.timeout_ms = TIMEOUT_MS;
    EXPECT_STATUS(SHS_OK, shs_start(&options));
    while (parent_send(&work, sizeof work) && parent_receive(&work, sizeof work)) {
        if (work.count == 1 && work.items[0].deed == DEED_END) return end(&at_start);
        do_work(&work);
    }
    return EXIT_SUCCESS;
}
