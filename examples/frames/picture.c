/*
 * A frame as a PNG file, by libpng's simple interface.
 */
#include <png.h>
#include <stdio.h>

#include "frames.h"

bool picture_save(const uint8_t *frame, const char *path) {
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = FRAME_WIDTH, .height = FRAME_HEIGHT, .format = PNG_FORMAT_RGB
    };
    if (png_image_write_to_file(&image, path, 0, frame, 0, NULL) != 0) return true;
    fprintf(stderr, "frames: %s: %s\n", path, image.message);
    return false;
}
