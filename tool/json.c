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

/* Bytes of the character of UTF-8 that begins here; 0: none does. */
static size_t utf8_length(const unsigned char *text) {
    const size_t length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
    const bool surrogate = text[0] == 0xed && text[1] >= 0xa0;
    const bool overlong = (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90);
    if (text[0] < 0xc2 || text[0] > 0xf4 || surrogate || overlong || (text[0] == 0xf4 && text[1] > 0x8f)) return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80) return 0;
    return length;
}

static void write_byte(unsigned char byte) {
    if (byte == '"' || byte == '\\')
        (void)printf("\\%c", byte);
    else if (byte < 0x20 || byte > 0x7e)
        (void)printf("\\u%04x", byte);
    else
        (void)putchar(byte);
}

/* A byte that is no text is told as the number that it is. */
static void write_text(const char *text) {
    (void)putchar('"');
    while (*text != '\0') {
        const size_t length = utf8_length((const unsigned char *)text);
        if (length > 0)
            (void)fwrite(text, 1, length, stdout);
        else
            write_byte((unsigned char)*text);
        text += length > 0 ? length : 1;
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
