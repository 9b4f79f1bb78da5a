/* See view.c. */
#ifndef SHSHARED_WIN32_VIEW_H
#define SHSHARED_WIN32_VIEW_H

#include <stdbool.h>
#include <stddef.h>

/* Note that view shows size bytes. False when there is no memory for the note. */
bool shs__view_add(const void *view, size_t size);

/* Forget the view. False when there is none at that address. */
bool shs__view_remove(const void *view);

/* The size of the view. False when there is none at that address. */
bool shs__view_find(const void *view, size_t *size);

#endif
