/*
 * JSON on standard output. See json.h.
 */
#include "json.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define DEEPEST 8

static char closing[DEEPEST];
static unsigned depth;
static bool wants_comma;

static void write_text(const char *text) {
    (void)putchar('"');
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            (void)printf("\\%c", byte);
        else if (byte < 0x20 || byte > 0x7e)
            (void)printf("\\u%04x", byte);
        else
            (void)putchar(byte);
    }
    (void)putchar('"');
}

static void begin_value(const char *key) {
    if (wants_comma) (void)putchar(',');
    wants_comma = true;
    if (key == NULL) return;
    write_text(key);
    (void)putchar(':');
}

static void open_with(const char *key, char opening, char end) {
    begin_value(key);
    (void)putchar(opening);
    if (depth < DEEPEST) closing[depth++] = end;
    wants_comma = false;
}

void json_object(const char *key) { open_with(key, '{', '}'); }

void json_list(const char *key) { open_with(key, '[', ']'); }

void json_end(void) {
    (void)putchar(depth == 0 ? ' ' : closing[--depth]);
    wants_comma = depth > 0;
    if (depth == 0) (void)putchar('\n');
}

void json_text(const char *key, const char *value) {
    begin_value(key);
    write_text(value);
}

void json_number(const char *key, uint64_t value) {
    begin_value(key);
    (void)printf("%" PRIu64, value);
}

void json_real(const char *key, double value) {
    begin_value(key);
    (void)printf("%.3f", value);
}

void json_bool(const char *key, bool value) {
    begin_value(key);
    (void)fputs(value ? "true" : "false", stdout);
}
