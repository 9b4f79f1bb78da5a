/*
 * doctor: do the others answer that have an endpoint in the runtime folders? Each is asked, for so long as there is
 * time for all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doctor.h"
#include "places.h"

#define ABOUT "others"
#define SECONDS_MOST 8

static void report(struct findings *findings, shs_pid pid, shs_status status) {
    const unsigned long number = pid;
    const char *name = shs_status_name(status);
    if (status == SHS_E_TIMEOUT)
        finding(findings, WRONG, ABOUT,
                "see what holds it up (ps -o stat,wchan -p PID), let it go on (kill -CONT PID), or end it",
                "process %lu has attached and does not answer: %s", number, name);
    else
        finding(findings, WRONG, ABOUT, advice(status), "process %lu: %s: %s", number, name, shs_status_text(status));
}

/* Those that have ended, or are another namespace's, are nobody's trouble. */
static bool is_trouble(shs_status status) {
    return status != SHS_OK && status != SHS_E_NO_PROCESS && status != SHS_E_NOT_ATTACHED;
}

static size_t ask(struct findings *findings, const struct pids *found) {
    struct timespec begin = { 0 }, now = { 0 };
    size_t answered = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    for (size_t i = 0; i < found->count; i++) {
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - begin.tv_sec >= SECONDS_MOST) {
            finding(findings, NOTED, ABOUT, "shshared list asks them all", "%zu were not asked", found->count - i);
            break;
        }
        if (found->pids[i] == shs_self()) continue;
        const shs_status status = shs_probe(found->pids[i]);
        answered += status == SHS_OK;
        if (is_trouble(status)) report(findings, found->pids[i], status);
    }
    return answered;
}

void doctor_others(struct findings *findings) {
    struct places places;
    struct pids found;
    char path[PATH_MAX];
    places_find(&places);
    if (places_of(&places, shs_self(), path)) finding(findings, SOUND, "folder", "", "%s is where we meet", path);
    places_pids(&places, &found);
    if (found.error != 0)
        finding(findings, WRONG, ABOUT, "see the folder, or the limit of descriptors, above",
                "not all could be looked at: %s", strerror(found.error));
    const size_t answered = ask(findings, &found);
    finding(findings, SOUND, ABOUT, "", "%zu other process%s", answered, answered == 1 ? " answers" : "es answer");
    free(found.pids);
}
