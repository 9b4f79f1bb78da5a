/*
 * JSON on standard output, one value at a time. Keys are NULL in a list and for the outermost value; commas and the
 * last line end are put where they belong.
 */
#ifndef SHSHARED_TOOL_JSON_H
#define SHSHARED_TOOL_JSON_H

#include <stdbool.h>
#include <stdint.h>

void json_object(const char *key);
void json_list(const char *key);
void json_end(void); /* of the object or list that was begun last */

void json_text(const char *key, const char *value); /* bytes that are not ASCII become \u00XX */
void json_number(const char *key, uint64_t value);
void json_real(const char *key, double value);
void json_bool(const char *key, bool value);

#endif
