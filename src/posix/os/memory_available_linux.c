/*
 * How much memory is left, on Linux: /proc/meminfo, which counts what the kernel can take back from its caches; or, in
 * a root without /proc, all that the machine has. See memory_available.h.
 *
 * memfds are charged page by page and not when their size is set, so the kernel refuses no size by itself: measured, a
 * reservation of 1 TiB ended in the OOM killer, whose victims were other programs.
 */
#include "os/memory_available.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

/* The lines wanted come within the first of these bytes. */
#define MEMINFO_SIZE 2048

static uint64_t machine_memory(void) {
    struct sysinfo about;
    if (sysinfo(&about) != 0) return UINT64_MAX;
    return ((uint64_t)about.totalram + about.totalswap) * about.mem_unit;
}

/* Bytes in the line of this name; false when there is none. */
static bool read_line(const char *text, const char *name, uint64_t *bytes) {
    uint64_t kib;
    const char *line = strstr(text, name);
    if (line == NULL || sscanf(line + strlen(name), " %" SCNu64, &kib) != 1) return false;
    *bytes = kib * 1024;
    return true;
}

uint64_t shs__memory_available(void) {
    char text[MEMINFO_SIZE];
    uint64_t available = 0, swap = 0;
    const int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return machine_memory();
    const ssize_t length = read(fd, text, sizeof text - 1);
    (void)close(fd);
    text[length < 0 ? 0 : length] = '\0';
    if (!read_line(text, "\nMemAvailable:", &available)) return machine_memory();
    (void)read_line(text, "\nSwapFree:", &swap);
    return available + swap;
}
