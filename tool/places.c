/*
 * The runtime folders, and who is in them. See places.h.
 *
 * In each folder there is one for each pid namespace, with a number for a name; there an endpoint has the pid for a
 * name. Those of other namespaces are looked at, too: which is this process's own is the library's affair, and it
 * knows nobody by a pid of another one.
 */
#include "places.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "numbers.h"

static void put(struct places *places, const char *parent, const char *name) {
    if (places->count == PLACES_MOST) return;
    const int length = snprintf(places->paths[places->count], PATH_MAX, "%s%s", parent, name);
    if (length > 0 && length < PATH_MAX) places->count++;
}

/* The fresh folders: this user's, beside a name that another one has. */
static void put_fresh(struct places *places, const char *name) {
    DIR *folder = opendir("/tmp");
    const size_t length = strlen(name);
    if (folder == NULL) return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[PATH_MAX];
        struct stat about;
        if (strncmp(entry->d_name, name, length) != 0 || entry->d_name[length] != '.') continue;
        (void)snprintf(path, sizeof path, "/tmp/%s", entry->d_name);
        if (lstat(path, &about) == 0 && about.st_uid == geteuid()) put(places, "/tmp/", entry->d_name);
    }
    (void)closedir(folder);
}

void places_find(struct places *places) {
    const char *forced = getenv("SHSHARED_RUNTIME_DIR");
    char name[64];
    places->count = 0;
    places->forced = forced != NULL && forced[0] != '\0';
    if (places->forced) {
        put(places, forced, "");
        for (size_t end = strlen(places->paths[0]); end > 1 && places->paths[0][end - 1] == '/'; end--)
            places->paths[0][end - 1] = '\0';
    } else {
        (void)snprintf(name, sizeof name, "%lu/shshared", (unsigned long)geteuid());
        put(places, "/run/user/", name);
        (void)snprintf(name, sizeof name, "shshared-%lu", (unsigned long)geteuid());
        put(places, "/tmp/", name);
    }
    places->fixed = places->count;
    if (!places->forced) put_fresh(places, name);
}

/* ---- walking over the folders of the namespaces ---- */

struct walk {
    const struct places *places;
    size_t next;
    DIR *base;
    const char *base_path;
    int error;
};

static void note(int *kept, int error) {
    if (error != ENOENT && error != ENOTDIR) *kept = error;
}

static bool next_base(struct walk *walk) {
    while (walk->base == NULL && walk->next < walk->places->count) {
        walk->base_path = walk->places->paths[walk->next++];
        walk->base = opendir(walk->base_path);
        if (walk->base == NULL) note(&walk->error, errno);
    }
    return walk->base != NULL;
}

/* A name in the open folder that is all digits; NULL at the end. */
static const char *next_number(DIR *folder) {
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '\0' && entry->d_name[strspn(entry->d_name, "0123456789")] == '\0')
            return entry->d_name;
    return NULL;
}

/* The next such folder. It closes what it opened when there is none. */
static bool next_folder(struct walk *walk, char path[PATH_MAX]) {
    while (next_base(walk)) {
        const char *name = next_number(walk->base);
        if (name != NULL && snprintf(path, PATH_MAX, "%s/%s", walk->base_path, name) < PATH_MAX) return true;
        if (name != NULL) continue;
        (void)closedir(walk->base);
        walk->base = NULL;
    }
    return false;
}

/* ---- who is in them ---- */

static void add(struct pids *found, shs_pid pid) {
    if (found->count % 64 == 0) {
        shs_pid *larger = realloc(found->pids, (found->count + 64) * sizeof *larger);
        if (larger == NULL) {
            found->error = ENOMEM;
            return;
        }
        found->pids = larger;
    }
    found->pids[found->count++] = pid;
}

static void add_folder(struct pids *found, const char *path) {
    DIR *folder = opendir(path);
    shs_pid pid = 0;
    if (folder == NULL) {
        note(&found->error, errno);
        return;
    }
    for (const char *name; (name = next_number(folder)) != NULL && found->error != ENOMEM;)
        if (number_pid(name, &pid)) add(found, pid);
    (void)closedir(folder);
}

static int compare(const void *one, const void *other) {
    const shs_pid first = *(const shs_pid *)one, second = *(const shs_pid *)other;
    return (first > second) - (first < second);
}

static void make_unique(struct pids *found) {
    size_t kept = 0;
    if (found->count > 0) qsort(found->pids, found->count, sizeof *found->pids, compare);
    for (size_t i = 0; i < found->count; i++)
        if (kept == 0 || found->pids[i] != found->pids[kept - 1]) found->pids[kept++] = found->pids[i];
    found->count = kept;
}

void places_pids(const struct places *places, struct pids *found) {
    struct walk walk = { .places = places };
    char path[PATH_MAX];
    *found = (struct pids){ 0 };
    while (next_folder(&walk, path))
        add_folder(found, path);
    if (walk.error != 0 && found->error == 0) found->error = walk.error;
    make_unique(found);
}

bool places_of(const struct places *places, shs_pid pid, char path[PATH_MAX]) {
    struct walk walk = { .places = places };
    bool is_there = false;
    while (!is_there && next_folder(&walk, path)) {
        char name[PATH_MAX + 16];
        (void)snprintf(name, sizeof name, "%s/%lu", path, (unsigned long)pid);
        is_there = access(name, F_OK) == 0;
    }
    if (walk.base != NULL) (void)closedir(walk.base);
    return is_there;
}
