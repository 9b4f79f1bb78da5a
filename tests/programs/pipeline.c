/*
 * A pipeline of three processes: one makes pictures, one inverts them where they are, one sums them up. Each gives what
 * it made to the next one's process, and tells it through a pipe.
 */
#include <string.h>
#include <unistd.h>

#include "program.h"

#define PICTURES 200
#define PIXELS 30000
#define PATIENCE 60000 /* ms */

static struct channel to_inverter, to_summer, done;
static shs_pid inverter, summer;

static void invert(void) {
    struct parcel picture;
    unsigned char *pixels;
    shs_pid next = 0;
    (void)close(to_inverter.out);
    MUST(read(done.in, &next, sizeof next) == sizeof next);
    while (fetch(&to_inverter, &picture)) {
        struct parcel passed = { 0, next };
        MUST_OK(shs_lock(picture.handle, picture.owner, SHS_READ_WRITE, (void **)&pixels, NULL));
        for (int i = 0; i < PIXELS; i++)
            pixels[i] = (unsigned char)~pixels[i];
        MUST_OK(shs_unlock(pixels));
        MUST_OK(shs_map_handle(picture.handle, picture.owner, next, SHS_READ, &passed.handle));
        MUST_OK(shs_free(picture.handle, picture.owner));
        post(&to_summer, passed);
    }
}

static void sum_up(void) {
    struct parcel picture;
    const unsigned char *pixels;
    int seen = 0;
    (void)close(to_inverter.out);
    (void)close(to_summer.out);
    for (; fetch(&to_summer, &picture); seen++) {
        MUST_OK(shs_lock(picture.handle, picture.owner, SHS_READ, (void **)(void *)&pixels, NULL));
        for (int i = 0; i < PIXELS; i++)
            MUST(pixels[i] == (unsigned char)~seen);
        MUST_OK(shs_unlock(pixels));
        MUST_OK(shs_free(picture.handle, picture.owner));
    }
    MUST(seen == PICTURES);
}

static void make_pictures(void) {
    for (int number = 0; number < PICTURES; number++) {
        struct parcel picture = { 0, inverter };
        void *pixels = NULL;
        MUST_OK(shs_alloc_locked(PIXELS, inverter, &picture.handle, &pixels));
        memset(pixels, number, PIXELS);
        MUST_OK(shs_unlock(pixels));
        post(&to_inverter, picture);
    }
}

static void start_and_invert(void) {
    program_start();
    invert();
}

static void start_and_sum_up(void) {
    program_start();
    sum_up();
}

int main(void) {
    program_begin();
    to_inverter = channel_new();
    to_summer = channel_new();
    done = channel_new();
    inverter = (shs_pid)spawn(start_and_invert);
    summer = (shs_pid)spawn(start_and_sum_up);
    (void)close(to_summer.out);
    MUST_OK(shs_wait(inverter, PATIENCE)); /* a process that was just made has not attached yet */
    MUST_OK(shs_wait(summer, PATIENCE));
    MUST(write(done.out, &summer, sizeof summer) == sizeof summer);
    make_pictures();
    (void)close(to_inverter.out);
    join((pid_t)inverter);
    join((pid_t)summer);
    return 0;
}
