/*
 * Numbers as users write them. Each function takes the whole text or refuses it; nothing is written on false.
 */
#ifndef SHSHARED_TOOL_NUMBERS_H
#define SHSHARED_TOOL_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include <shshared/shshared.h>

bool number_pid(const char *text, shs_pid *pid);
bool number_handle(const char *text, shs_handle *handle); /* decimal, or with 0x */
bool number_positive(const char *text, uint32_t *number);
bool number_seconds(const char *text, double most, double *seconds);

/* A process, or a block of it, as operands name them; says what is wrong with them. */
bool operand_pid(const char *text, shs_pid *pid);
bool operand_block(char **operands, shs_handle *handle, shs_pid *owner);

#endif
