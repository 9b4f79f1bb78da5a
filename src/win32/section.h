/* See section.c. */
#ifndef SHSHARED_WIN32_SECTION_H
#define SHSHARED_WIN32_SECTION_H

#include <windows.h>

#include "backend.h"

/* The rights of a handle that serves for access, and no more. */
DWORD shs__section_rights(shs_access access);

/* A section for size bytes, all zeros: no block yet, and so closed by nobody who frees. */
shs_status shs__section_create(size_t size, HANDLE *section);

/* Map its first bytes, to be written; shs__section_unmap() gives them back. */
shs_status shs__section_begin(HANDLE section, size_t bytes, void **view);

/* It is a block of size bytes from here on. */
void shs__section_finish(void *view, size_t size);

/*
 * Is it the section of a block, and may it be mapped for access? SHS_E_HANDLE, SHS_E_READ_ONLY. What is mapped for the
 * proof holds the memory until shs__section_unmap().
 */
shs_status shs__section_prove(HANDLE section, shs_access access, const void **proof);

/* Map all of a block: view is its first byte and size the bytes that it has. shs__section_unmap() gives it back. */
shs_status shs__section_map(HANDLE section, shs_access access, void **view, size_t *size);
void shs__section_unmap(const void *view);

#endif
