/*
 * render WIDTH HEIGHT PID: draw a picture straight into a block of another process.
 *
 * shs_alloc_locked() gives the block and a view of it in one step, so the picture is drawn where it will be: there is
 * no buffer here, and nothing is copied. The handle is printed when the picture is complete; receive.c takes it, and
 * what it writes is a PPM file.
 */
#include <stdio.h>
#include <stdlib.h>

#include <shshared/shshared.h>

#define SIDE_MOST 10000ul

struct picture {
    unsigned long width, height;
    char header[64]; /* of a PPM file */
    size_t header_length;
};

static size_t size_of(const struct picture *picture) {
    return picture->header_length + (size_t)picture->width * picture->height * 3;
}

/* Every byte of the block is written: what it held before is unspecified. */
static void draw(const struct picture *picture, unsigned char *at) {
    for (size_t i = 0; i < picture->header_length; i++)
        *at++ = (unsigned char)picture->header[i];
    for (unsigned long y = 0; y < picture->height; y++) {
        for (unsigned long x = 0; x < picture->width; x++) {
            *at++ = (unsigned char)(x * 255 / picture->width);
            *at++ = (unsigned char)(y * 255 / picture->height);
            *at++ = (unsigned char)((x ^ y) & 255);
        }
    }
}

static int give(const struct picture *picture, shs_pid owner) {
    shs_handle handle;
    void *view;
    const shs_status status = shs_alloc_locked(size_of(picture), owner, &handle, &view);
    if (status != SHS_OK) {
        fprintf(stderr, "render: process %lu: %s\n", (unsigned long)owner, shs_status_text(status));
        return EXIT_FAILURE;
    }
    draw(picture, view);
    shs_unlock(view);
    printf("%lu\n", (unsigned long)handle);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    struct picture picture = { 0 };
    if (argc == 4) {
        picture.width = strtoul(argv[1], NULL, 10);
        picture.height = strtoul(argv[2], NULL, 10);
    }
    if (picture.width - 1 >= SIDE_MOST || picture.height - 1 >= SIDE_MOST) {
        fprintf(stderr, "usage: render WIDTH HEIGHT PID\n");
        return EXIT_FAILURE;
    }
    picture.header_length =
        (size_t)snprintf(picture.header, sizeof picture.header, "P6\n%lu %lu\n255\n", picture.width, picture.height);
    return give(&picture, (shs_pid)strtoul(argv[3], NULL, 10));
}
