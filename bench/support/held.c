/*
 * Shared memory held by some processes: what /proc says of their descriptors and mappings. See held.h.
 */
#define _DEFAULT_SOURCE /* makedev, DIR */
#include "held.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "support.h"

#define OBJECTS_MOST 4096
#define BLOCK 512u              /* the unit of st_blocks, whatever the file system */
#define MEMORY_FILES 0x01021994 /* TMPFS_MAGIC: memfds and shm_open's objects, too */

struct object {
    dev_t device;
    ino_t inode;
};

static struct object objects[OBJECTS_MOST];
static size_t object_count;

static int is_known(dev_t device, ino_t inode) {
    for (size_t i = 0; i < object_count; i++)
        if (objects[i].device == device && objects[i].inode == inode) return 1;
    return 0;
}

static void remember(dev_t device, ino_t inode) {
    if (object_count == OBJECTS_MOST) fail("more objects than were reckoned with");
    objects[object_count++] = (struct object){ device, inode };
}

/* ---- what is open ---- */

static uint64_t object_bytes(const char *path) {
    struct statfs system;
    struct stat file;
    if (statfs(path, &system) != 0 || system.f_type != MEMORY_FILES) return 0;
    if (stat(path, &file) != 0 || file.st_nlink != 0 || is_known(file.st_dev, file.st_ino)) return 0;
    remember(file.st_dev, file.st_ino);
    return (uint64_t)file.st_blocks * BLOCK;
}

static uint64_t open_bytes(uint32_t pid) {
    char path[300];
    uint64_t bytes = 0;
    snprintf(path, sizeof path, "/proc/%" PRIu32 "/fd", pid);
    DIR *folder = opendir(path);
    if (folder == NULL) fail(path);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        snprintf(path, sizeof path, "/proc/%" PRIu32 "/fd/%.20s", pid, entry->d_name);
        if (entry->d_name[0] != '.') bytes += object_bytes(path);
    }
    closedir(folder);
    return bytes;
}

/* ---- what is only mapped ---- */

/* Where peers make objects with a name. What is shared and lies elsewhere is a file of the system. */
static int is_memory(const char *line) {
    return strstr(line, "(deleted)") != NULL || strstr(line, " /dev/shm/") != NULL || strstr(line, " /tmp/") != NULL;
}

/* The first line of a mapping: is it a shared one of an object that was not counted yet? */
static int is_only_mapped(const char *line) {
    char shared = 0;
    unsigned major_number = 0, minor_number = 0;
    uint64_t inode = 0;
    const int found =
        sscanf(line, "%*x-%*x %*c%*c%*c%c %*x %x:%x %" SCNu64, &shared, &major_number, &minor_number, &inode);
    return found == 4 && shared == 's' && is_memory(line) &&
           !is_known(makedev(major_number, minor_number), (ino_t)inode);
}

static uint64_t mapped_bytes(uint32_t pid) {
    char line[512];
    uint64_t kib = 0, one = 0;
    int counts = 0;
    snprintf(line, sizeof line, "/proc/%" PRIu32 "/smaps", pid);
    FILE *maps = fopen(line, "r");
    if (maps == NULL) fail(line);
    while (fgets(line, sizeof line, maps) != NULL) {
        if (strchr(line, '-') != NULL && strchr(line, '-') < strchr(line, ' ')) counts = is_only_mapped(line);
        if (counts && sscanf(line, "Pss: %" SCNu64, &one) == 1) kib += one;
    }
    fclose(maps);
    return kib * 1024;
}

uint64_t held_bytes(const uint32_t *pids, unsigned count) {
    uint64_t bytes = 0;
    object_count = 0;
    for (unsigned i = 0; i < count; i++)
        bytes += open_bytes(pids[i]);
    for (unsigned i = 0; i < count; i++)
        bytes += mapped_bytes(pids[i]);
    return bytes;
}
