/*
 * doctor: what Linux has to look at: namespaces, users in them, free memory, control groups.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

#define LINE 512
#define LOW ((uint64_t)64 << 20)

/* The first line of a file that begins so, without its beginning. */
static bool read_line(const char *path, const char *beginning, char line[LINE]) {
    const size_t length = strlen(beginning);
    FILE *file = fopen(path, "re");
    bool found = false;
    if (file == NULL) return false;
    while (!found && fgets(line, LINE, file) != NULL)
        found = strncmp(line, beginning, length) == 0;
    (void)fclose(file);
    if (!found) return false;
    memmove(line, line + length, strlen(line + length) + 1);
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static void look_at_user(struct findings *findings) {
    uid_t real = 0, effective = 0, saved = 0;
    if (getresuid(&real, &effective, &saved) != 0) return;
    if (real == effective && effective == saved)
        finding(findings, SOUND, "user", "", "user %lu", (unsigned long)effective);
    else
        finding(findings, WRONG, "user", "let the three agree before the library starts (setresuid)",
                "real user %lu, effective %lu, saved %lu", (unsigned long)real, (unsigned long)effective,
                (unsigned long)saved);
}

/* Does the user namespace know the user? The map has lines of first, outside and count. */
static void look_at_user_namespace(struct findings *findings) {
    unsigned long first = 0, outside = 0, count = 0;
    bool known = false;
    FILE *map = fopen("/proc/self/uid_map", "re");
    if (map == NULL) return;
    while (!known && fscanf(map, "%lu %lu %lu", &first, &outside, &count) == 3)
        known = geteuid() >= first && geteuid() - first < count;
    (void)fclose(map);
    if (!known)
        finding(findings, WRONG, "namespaces", "map it (newuidmap, unshare --map-user): all unmapped users look alike",
                "the user namespace does not know user %lu", (unsigned long)geteuid());
}

/* Those who are to meet must have the same ones. */
static void look_at_namespaces(struct findings *findings) {
    static const char *const names[] = { "pid", "user", "mnt" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[32], is[64];
        (void)snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        const ssize_t length = readlink(path, is, sizeof is - 1);
        is[length < 0 ? 0 : length] = '\0';
        if (length > 0)
            finding(findings, SOUND, "namespaces", "", "%s", is);
        else
            finding(findings, NOTED, "namespaces", "mount /proc: it tells who is in which", "%s is not told", path);
    }
}

static void look_at_proc(struct findings *findings) {
    char number[16] = "";
    if (readlink("/proc/self", number, sizeof number - 1) > 0 && strtol(number, NULL, 10) == (long)getpid()) return;
    finding(findings, WRONG, "namespaces",
            "mount the /proc of this pid namespace: who sees it does not meet who does not",
            "/proc is not there, or is another pid namespace's");
}

static void look_at_memory(struct findings *findings) {
    char line[LINE];
    if (!read_line("/proc/meminfo", "MemAvailable:", line)) return;
    const uint64_t free_bytes = strtoull(line, NULL, 10) << 10;
    finding(findings, free_bytes < LOW ? WRONG : SOUND, "memory",
            free_bytes < LOW ? "end something, or free blocks: shshared watch" : "", "%" PRIu64 " MiB are available",
            free_bytes >> 20);
}

/* One group; false where it has no limit. */
static bool look_at_group(struct findings *findings, const char *group) {
    char path[PATH_MAX], line[LINE];
    (void)snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", group);
    if (!read_line(path, "", line) || line[0] < '0' || line[0] > '9') return false;
    const uint64_t most = strtoull(line, NULL, 10);
    (void)snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.current", group);
    if (!read_line(path, "", line)) return false;
    const uint64_t now = strtoull(line, NULL, 10), left = most > now ? most - now : 0;
    finding(findings, left < LOW ? WRONG : SOUND, "control group",
            left < LOW ? "raise its memory.max (MemoryMax= of the service); blocks count for who makes them" : "",
            "%s: %" PRIu64 " of %" PRIu64 " MiB are left", group[0] == '\0' ? "/" : group, left >> 20, most >> 20);
    return true;
}

/* The nearest limit of those above it. */
static void look_at_groups(struct findings *findings) {
    char group[LINE];
    if (!read_line("/proc/self/cgroup", "0::", group)) return;
    for (char *slash = group + strlen(group); slash != NULL; slash = strrchr(group, '/')) {
        *slash = '\0';
        if (look_at_group(findings, group)) return;
    }
    finding(findings, SOUND, "control group", "", "no limit of memory is seen");
}

void doctor_system(struct findings *findings) {
    look_at_user(findings);
    look_at_user_namespace(findings);
    look_at_proc(findings);
    look_at_namespaces(findings);
    look_at_memory(findings);
    look_at_groups(findings);
}
