/*
 * A bar on standard error for what takes a while, where that is a terminal and there is much to do. It owns nothing.
 */
#ifndef SHSHARED_TOOL_PROGRESS_H
#define SHSHARED_TOOL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
    size_t done, all; /* all 0: how much there is, is not known */
    size_t shown;     /* done, when the bar was drawn last */
    bool terminal;
};

void progress_begin(struct progress *progress, size_t all);
void progress_add(struct progress *progress, size_t bytes);
void progress_end(struct progress *progress);

#endif
