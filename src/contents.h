/*
 * What a block holds at first. A backend gets it from the neutral half.
 */
#ifndef SHSHARED_CONTENTS_H
#define SHSHARED_CONTENTS_H

#include <stddef.h>

/* size bytes of data, or zeros where data is NULL; then zeros up to room, which is at least size. */
struct contents {
    const void *data;
    size_t size, room;
};

#endif
