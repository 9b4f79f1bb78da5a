/*
 * Options: what a caller's structure says, and what comes of several.
 *
 * The structure can grow, and a program may have been built with an older or a newer header than the library: so no
 * more bytes are read than its size says, and what is unknown here must be zero. A zero says nothing in any field; the
 * rule who wins is therefore one, for fields of today and of tomorrow, and the same for every backend.
 */
#include "options.h"

#include <stddef.h>
#include <string.h>

#define DEFAULT_TIMEOUT_MS 2000u

/* The structure as version 0.2 had it. */
#define SIZE_FIRST (offsetof(struct shs_options, admit_context) + sizeof(void *))

const struct shs_options shs__options_default = {
    .size = sizeof(struct shs_options),
    .service = SHS_SERVE_THREAD,
    .timeout_ms = DEFAULT_TIMEOUT_MS,
    .retain = SHS_RETAIN_DEFAULT,
    .take_limit = SHS_TAKE_ANY,
};

/* What a newer header knows and this library does not must say nothing. */
static int has_unknown(const struct shs_options *given) {
    const unsigned char *bytes = (const unsigned char *)given;
    for (size_t i = sizeof *given; i < given->size; i++) {
        if (bytes[i] != 0) return 1;
    }
    return 0;
}

shs_status shs__options_read(const struct shs_options *given, struct shs_options *read) {
    memset(read, 0, sizeof *read);
    if (given != NULL) {
        if (given->size < SIZE_FIRST || has_unknown(given)) return SHS_E_ARGUMENT;
        memcpy(read, given, given->size < sizeof *read ? given->size : sizeof *read);
        if (read->reserved != 0) return SHS_E_ARGUMENT;
    }
    read->size = sizeof *read;
    return read->service <= SHS_SERVE_APPLICATION ? SHS_OK : SHS_E_ARGUMENT;
}

void shs__options_merge(struct shs_options *set, const struct shs_options *given) {
    if (given->service != SHS_SERVE_DEFAULT) set->service = given->service;
    if (given->timeout_ms != 0) set->timeout_ms = given->timeout_ms;
    if (given->own_pages != 0) set->own_pages = given->own_pages;
    if (given->retain != 0) set->retain = given->retain == SHS_RETAIN_NOTHING ? 0 : given->retain;
    if (given->take_limit != 0) set->take_limit = given->take_limit;
    if (given->await_starting != 0) set->await_starting = given->await_starting;
    if (given->admit != NULL) {
        set->admit = given->admit;
        set->admit_context = given->admit_context;
    }
}
