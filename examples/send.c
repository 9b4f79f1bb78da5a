/*
 * send FILE PID: give the bytes of a file to a process that is known by nothing but its pid.
 *
 * It prints the handle of the block, which is valid in that process, and ends at once: the block is safe with its
 * owner. Standard output carries what must travel to the other side, the handle alone; standard error carries what
 * people read. The other side is receive.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include <shshared/shshared.h>

#include "clock.h"

/* Everything that the file holds, to be released with free(); NULL where it cannot be read. */
static char *read_all(FILE *file, size_t *size) {
    size_t capacity = 1 << 16;
    char *data = malloc(capacity);
    *size = 0;
    while (data != NULL && (*size += fread(data + *size, 1, capacity - *size, file)) == capacity) {
        capacity *= 2;
        char *larger = realloc(data, capacity);
        if (larger == NULL) free(data);
        data = larger;
    }
    if (!ferror(file)) return data;
    free(data);
    return NULL;
}

static char *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *data = read_all(file, size);
    fclose(file);
    return data;
}

static int give(const char *data, size_t size, shs_pid owner) {
    shs_handle handle;
    const double start = clock_ms();
    const shs_status status = shs_alloc(data, size, owner, &handle);
    const double end = clock_ms();
    if (status != SHS_OK) {
        fprintf(stderr, "send: process %lu: %s\n", (unsigned long)owner, shs_status_text(status));
        return EXIT_FAILURE;
    }
    printf("%lu\n", (unsigned long)handle);
    fprintf(stderr, "send: process %lu gave %zu bytes to process %lu in %.3f ms; the handle there is %lu\n",
            (unsigned long)shs_self(), size, (unsigned long)owner, end - start, (unsigned long)handle);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: send FILE PID\n");
        return EXIT_FAILURE;
    }
    size_t size;
    char *data = read_file(argv[1], &size);
    if (data == NULL) {
        perror(argv[1]);
        return EXIT_FAILURE;
    }
    const int result = give(data, size, (shs_pid)strtoul(argv[2], NULL, 10));
    free(data);
    return result;
}
