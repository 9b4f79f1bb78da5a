/*
 * Numbers as users write them. See numbers.h.
 */
#include "numbers.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

/* strtoull() alone takes spaces, signs, another 0x and what does not fit. */
static bool read_whole(const char *text, int base, uint32_t *number) {
    const char *digits = base == 16 ? "0123456789abcdefABCDEF" : "0123456789";
    if (text[0] == '\0' || text[strspn(text, digits)] != '\0') return false;
    errno = 0;
    const unsigned long long value = strtoull(text, NULL, base);
    if (errno != 0 || value > UINT32_MAX) return false;
    *number = (uint32_t)value;
    return true;
}

bool number_positive(const char *text, uint32_t *number) {
    uint32_t read = 0;
    if (!read_whole(text, 10, &read) || read == 0) return false;
    *number = read;
    return true;
}

bool number_pid(const char *text, shs_pid *pid) { return number_positive(text, pid); }

bool number_handle(const char *text, shs_handle *handle) {
    const bool is_hex = strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0;
    return read_whole(is_hex ? text + 2 : text, is_hex ? 16 : 10, handle);
}

bool number_seconds(const char *text, double most, double *seconds) {
    char *end = NULL;
    if (!isdigit((unsigned char)text[0]) && text[0] != '.') return false;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= most)) return false;
    *seconds = value;
    return true;
}

bool operand_pid(const char *text, shs_pid *pid) {
    if (number_pid(text, pid)) return true;
    say("'%s' is no pid", text);
    return false;
}

bool operand_block(char **operands, shs_handle *handle, shs_pid *owner) {
    if (!number_handle(operands[0], handle)) {
        say("'%s' is no handle", operands[0]);
        return false;
    }
    return operand_pid(operands[1], owner);
}
