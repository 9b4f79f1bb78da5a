/*
 * Peer: shm_open for each block anew, as POSIX has it. An object of a fresh name, unlinked at once, sized, mapped and
 * filled by memcpy; its descriptor sent beside the letter (SCM_RIGHTS), mapped by the taker. POSIX promises no write()
 * on such an object.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "descriptor.h"
#include "peer.h"
#include "support.h"

static int fresh_object(size_t size) {
    static unsigned serial;
    char name[48];
    snprintf(name, sizeof name, "/bench-%ld-%u", (long)getpid(), serial++);
    const int object = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (object < 0) fail("shm_open");
    shm_unlink(name);
    if (ftruncate(object, (off_t)size) != 0) fail("ftruncate");
    return object;
}

static void give_object(const void *data, size_t size, struct letter *letter) {
    letter->descriptor = fresh_object(size);
    void *view = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, letter->descriptor, 0);
    if (view == MAP_FAILED) fail("mmap");
    memcpy(view, data, size);
    munmap(view, size);
}

const struct bench_peer bench_peer = { .give = give_object, .take = take_descriptor, .settle = close_descriptor };
