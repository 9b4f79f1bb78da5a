/*
 * How much memory is left, on Linux: to the machine, and to each control group that this process is in. See
 * memory_available.h.
 *
 * memfds are charged page by page and not when their size is set, so the kernel refuses no size by itself: measured, a
 * reservation of 1 TiB ended in the OOM killer, whose victims were other programs; in a container with a limit, this
 * one. Counted is what the kernel can take back: caches of files and, as far as there is room, what swap can hold.
 */
#include "os/memory_available.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "os/textfile.h"

/* The lines wanted come within the first of these bytes. */
#define TEXT_SIZE 4096
#define NUMBER_SIZE 64 /* of a file with one number */

#define PATH_SIZE 1024 /* deeper groups are not looked at: whoever calls may have a small stack */

static bool read_text(const char *folder, const char *name, char *text, size_t size) {
    char path[PATH_SIZE];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path) return false;
    return shs__textfile_read(path, text, size);
}

/* The number in the line that begins with this name; 0 when there is none. */
static uint64_t number_in(const char *text, const char *name) {
    uint64_t number = 0;
    const char *line = strstr(text, name);
    if (line != NULL) (void)sscanf(line + strlen(name), " %" SCNu64, &number);
    return number;
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* ---- the machine ---- */

/* In a root without /proc: all that it has. */
static uint64_t machine_memory(void) {
    struct sysinfo about;
    if (sysinfo(&about) != 0) return UINT64_MAX;
    return ((uint64_t)about.totalram + about.totalswap) * about.mem_unit;
}

/* What is left by all that was looked at so far, and of it what swap can hold. */
struct left {
    uint64_t bytes;
    uint64_t swap;
};

static struct left machine_left(const char *root) {
    char text[TEXT_SIZE];
    if (!read_text(root, "proc/meminfo", text, sizeof text)) return (struct left){ machine_memory(), 0 };
    const uint64_t available = number_in(text, "\nMemAvailable:") * 1024, swap = number_in(text, "\nSwapFree:") * 1024;
    return (struct left){ available == 0 ? machine_memory() : available + swap, swap };
}

/* ---- control groups ---- */

/* A hierarchy of groups, and the files of each group. Where it is mounted elsewhere, its limits are not known. */
struct hierarchy {
    const char *mount;
    const char *line; /* in /proc/self/cgroup, up to the path of this process's group */
    const char *limit, *used;
    const char *swap_limit, *swap_used;
    bool swap_includes_memory;
    const char *caches[2]; /* in memory.stat */
};

static const struct hierarchy hierarchies[] = {
    { "sys/fs/cgroup",
      "0::",
      "memory.max",
      "memory.current",
      "memory.swap.max",
      "memory.swap.current",
      false,
      { "\nactive_file", "\ninactive_file" } },
    { "sys/fs/cgroup/memory",
      ":memory:",
      "memory.limit_in_bytes",
      "memory.usage_in_bytes",
      "memory.memsw.limit_in_bytes",
      "memory.memsw.usage_in_bytes",
      true,
      { "\ntotal_active_file", "\ntotal_inactive_file" } },
};

/* What a limit leaves. UINT64_MAX: there is none; that is "max" or, in the first version, a giant number. */
static uint64_t room_in(const char *folder, const char *limit, const char *used) {
    char text[NUMBER_SIZE];
    uint64_t most, taken = 0;
    if (!read_text(folder, limit, text, sizeof text) || sscanf(text, "%" SCNu64, &most) != 1) return UINT64_MAX;
    if (most > INT64_MAX / 2) return UINT64_MAX;
    if (read_text(folder, used, text, sizeof text)) (void)sscanf(text, "%" SCNu64, &taken);
    return taken < most ? most - taken : 0;
}

/* Caches are slow to count: they are not where the group has room enough without. */
static void look_at_group(const char *folder, const struct hierarchy *files, struct left *left) {
    char text[TEXT_SIZE];
    uint64_t room = room_in(folder, files->limit, files->used);
    if (room >= left->bytes) return;
    uint64_t swap = room_in(folder, files->swap_limit, files->swap_used);
    if (files->swap_includes_memory && swap != UINT64_MAX) swap = swap > room ? swap - room : 0;
    room += least(swap, left->swap);
    if (read_text(folder, "memory.stat", text, sizeof text))
        room += number_in(text, files->caches[0]) + number_in(text, files->caches[1]);
    left->bytes = least(left->bytes, room);
}

/* The path of this process's group, "" when it has none. */
static void group_path(const char *root, const struct hierarchy *files, char path[PATH_SIZE]) {
    char text[TEXT_SIZE];
    path[0] = '\0';
    if (!read_text(root, "proc/self/cgroup", text, sizeof text)) return;
    const char *line = strstr(text, files->line);
    if (line != NULL)
        (void)snprintf(path, PATH_SIZE, "%.*s", (int)strcspn(line + strlen(files->line), "\n"),
                       line + strlen(files->line));
}

/* Its group and every group above. A container may see its own group as the top: what is missing on the way up is
 * passed over. */
static void look_at_hierarchy(const char *root, const struct hierarchy *files, struct left *left) {
    char path[PATH_SIZE], folder[PATH_SIZE];
    group_path(root, files, path);
    for (;;) {
        if ((size_t)snprintf(folder, sizeof folder, "%s/%s%s", root, files->mount, path) < sizeof folder)
            look_at_group(folder, files, left);
        char *end = strrchr(path, '/');
        if (end == NULL) return;
        *end = '\0';
    }
}

uint64_t shs__memory_available(const char *root) {
    struct left left = machine_left(root);
    for (size_t i = 0; i < sizeof hierarchies / sizeof hierarchies[0]; i++)
        look_at_hierarchy(root, &hierarchies[i], &left);
    return left.bytes;
}
