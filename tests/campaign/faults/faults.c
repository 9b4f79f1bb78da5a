/*
 * The campaign of faults: each call to the system x each reason to refuse it, at each place where a step of a scene
 * makes that call, once and to the end of the step, in each process of the scene.
 *
 * A scene is played once without faults, to see which process makes which calls in which step. Each of these is then a
 * case: the scene is played up to that step by new processes, and the call fails. Then the status must be one that the
 * header documents, outputs and errno untouched; the same call must succeed when it is made again, blocks must come and
 * go, and nothing may be left in any process. Quick: cases that the seed chooses; --count all: every case.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../campaign.h"
#include "cast.h"

#define NTH_MOST 40 /* a call that a step makes more often than that is made in a loop */

struct fault_case {
    const struct scene *scene;
    uint32_t step;
    struct fault fault;
};

static const char *const part_names[PART_COUNT] = { "owner", "giver", "third", "child" };

static struct campaign campaign;
static struct cast *cast;
static struct fault_case *cases;
static uint64_t case_count, case_room, missed;

/* ---- all cases ---- */

static void add_case(const struct fault_case *added) {
    if (case_count == case_room) {
        case_room = 2 * case_room + 1024;
        cases = realloc(cases, (size_t)case_room * sizeof *cases);
        if (cases == NULL) abort();
    }
    cases[case_count++] = *added;
}

static void add_errors(struct fault_case *made) {
    uint32_t count;
    const int *errors = call_errors(made->fault.call, &count);
    for (uint32_t i = 0; i < 2 * count; i++) {
        made->fault.error = errors[i / 2];
        made->fault.lasts = i % 2 != 0;
        add_case(made);
    }
}

static void add_step(const struct scene *scene, uint32_t step) {
    for (int part = 0; part < PART_COUNT; part++) {
        for (int call = 0; call < CALL_COUNT; call++) {
            const uint32_t seen = cast_seen(cast, (enum part)part, (enum call)call);
            for (uint32_t nth = 1; nth <= seen && nth <= NTH_MOST; nth++) {
                struct fault_case made = { scene, step, { (enum part)part, (enum call)call, nth, 0, false } };
                add_errors(&made);
            }
        }
    }
}

/* Play it without a fault, and note what is called. */
static void add_scene(const struct scene *scene) {
    static const struct fault none = { .call = CALL_COUNT };
    bool fine = true;
    cast_begin(cast, scene);
    for (uint32_t i = 0; i < scene->length && fine; i++) {
        struct outcome outcome;
        fine = cast_step(cast, &scene->steps[i], &none, &outcome);
        if (fine && (outcome.status != scene->steps[i].expected || !outcome.right))
            campaign_failed(&campaign, "%s, step %u without a fault: %s", scene->name, i,
                            shs_status_name(outcome.status));
        if (fine) add_step(scene, i);
    }
    if (!fine || !cast_recovers(cast) || !cast_leaves(cast))
        campaign_failed(&campaign, "%s without a fault: %s", scene->name, cast_trouble(cast));
    cast_end(cast);
}

/* ---- one case ---- */

static void fail(const struct fault_case *tried, const char *what) {
    const struct fault *fault = &tried->fault;
    campaign_failed(&campaign, "--only %s/%u/%s/%s/%u/%d/%s: %s, %s: %s", tried->scene->name, tried->step,
                    part_names[fault->part], call_name(fault->call), fault->nth, fault->error,
                    fault->lasts ? "lasting" : "once", action_name(tried->scene->steps[tried->step].action),
                    strerror(fault->error), what);
}

/* Everything before the step of the fault. */
static bool play_up_to(const struct fault_case *tried) {
    for (uint32_t i = 0; i < tried->step; i++) {
        struct outcome outcome;
        const struct step *step = &tried->scene->steps[i];
        if (cast_step(cast, step, NULL, &outcome) && outcome.status == step->expected && outcome.right) continue;
        fail(tried, "a step before it failed");
        return false;
    }
    return true;
}

static const char *judge(const struct step *step, const struct outcome *outcome, int error) {
    const bool expected = outcome->status == step->expected;
    if (!expected && outcome->status == SHS_OK) return "SHS_OK, which cannot be";
    if (!expected && !is_documented(step->action, outcome->status, error)) return shs_status_name(outcome->status);
    if (!outcome->kept_errno) return "errno was changed";
    if (!outcome->kept_outputs) return "an output was written";
    return outcome->right ? NULL : "it shows something else";
}

/* Once more, when all are well: as it should have been. A block that could not be freed for sure may be freed. */
static const char *judge_again(const struct step *step, const struct outcome *outcome) {
    static char text[64];
    if (outcome->status == step->expected && outcome->right) return NULL;
    if (step->action == FREE && outcome->status == SHS_E_HANDLE) return NULL;
    (void)snprintf(text, sizeof text, "the next time %s", shs_status_name(outcome->status));
    return text;
}

static bool is_repeated(const struct step *step, const struct outcome *outcome) {
    return outcome->status != step->expected && step->action != FORK && step->action != DIE;
}

/* NULL, or what is wrong. */
static const char *play(const struct fault_case *tried) {
    const struct step *step = &tried->scene->steps[tried->step];
    struct outcome outcome;
    if (!cast_step(cast, step, &tried->fault, &outcome)) return cast_trouble(cast);
    if (!cast_was_struck(cast)) missed++;
    const char *wrong = judge(step, &outcome, tried->fault.error);
    if (wrong != NULL) return wrong;
    if (!cast_recovers(cast)) return cast_trouble(cast);
    if (is_repeated(step, &outcome)) {
        if (!cast_step(cast, step, NULL, &outcome)) return cast_trouble(cast);
        wrong = judge_again(step, &outcome);
        if (wrong != NULL) return wrong;
    }
    return cast_leaves(cast) ? NULL : cast_trouble(cast);
}

static void try(const struct fault_case *tried) {
    cast_begin(cast, tried->scene);
    if (play_up_to(tried)) {
        const char *wrong = play(tried);
        if (wrong == NULL)
            campaign_passed();
        else
            fail(tried, wrong);
    }
    cast_end(cast);
}

static bool is_named(const struct fault_case *tried, const char *name) {
    char own[200];
    (void)snprintf(own, sizeof own, "%s/%u/%s/%s/%u/%d/%s", tried->scene->name, tried->step,
                   part_names[tried->fault.part], call_name(tried->fault.call), tried->fault.nth, tried->fault.error,
                   tried->fault.lasts ? "lasting" : "once");
    return strncmp(own, name, strlen(name)) == 0;
}

static void shuffle(uint64_t seed) {
    for (uint64_t i = case_count; i > 1; i--) {
        const uint64_t other = random_next(&seed) % i;
        const struct fault_case moved = cases[i - 1];
        cases[i - 1] = cases[other];
        cases[other] = moved;
    }
}

int main(int argc, char **argv) {
    campaign = campaign_begin("faults", 60, argc, argv);
    cast = cast_new();
    for (uint32_t i = 0; i < scene_count; i++)
        add_scene(&scenes[i]);
    printf("faults: %llu cases\n", (unsigned long long)case_count);
    shuffle(campaign.seed);
    for (uint64_t i = 0; i < case_count && (campaign.only != NULL || campaign_goes_on(&campaign)); i++) {
        if (campaign.only == NULL || is_named(&cases[i], campaign.only)) try(&cases[i]);
    }
    printf("faults: in %llu of them the call was not made this time\n", (unsigned long long)missed);
    free(cases);
    return campaign_end(&campaign);
}
