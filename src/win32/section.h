/* See section.c. */
#ifndef SHSHARED_WIN32_SECTION_H
#define SHSHARED_WIN32_SECTION_H

#include <windows.h>

#include "backend.h"

/* The rights of a handle that serves for access, and no more. */
DWORD shs__section_rights(shs_access access);

/* Make the section of a block with a copy of data, or zeros where data is NULL. */
shs_status shs__section_create(const void *data, size_t size, HANDLE *section);

/* Is it the section of a block, and may it be mapped for access? SHS_E_HANDLE, SHS_E_READ_ONLY. */
shs_status shs__section_prove(HANDLE section, shs_access access);

/* Map all of a block: view is its first byte and size the bytes that it has. shs__section_unmap() gives it back. */
shs_status shs__section_map(HANDLE section, shs_access access, void **view, size_t *size);
void shs__section_unmap(const void *view);

#endif
