/*
 * The processes of a scene: made, told what to do, asked what came of it, ended.
 *
 * The campaign makes them by fork and never calls the library itself, so each scene begins with processes that have not
 * used it. A process that says nothing for too long, or ends, has failed: cast_step() tells how. Whatever happens,
 * cast_end() leaves nothing behind.
 */
#ifndef TESTS_FAULTS_CAST_H
#define TESTS_FAULTS_CAST_H

#include "scenes.h"

#define TROUBLE_SIZE 400

struct cast;

/* Once: where the plan and the props lie. */
struct cast *cast_new(void);

/* The processes of a scene, with a folder in which they find each other. */
void cast_begin(struct cast *cast, const struct scene *scene);

/*
 * One step. fault is NULL where nothing shall fail. False when the process crashed or hung: what happened is in
 * cast_trouble().
 */
bool cast_step(struct cast *cast, const struct step *step, const struct fault *fault, struct outcome *outcome);

/* How often a call was seen in the last step. */
uint32_t cast_seen(const struct cast *cast, enum part part, enum call call);

/* Has the fault of the last step happened? */
bool cast_was_struck(const struct cast *cast);

/* Is all well again: can every process that lives start, can a block be given, seen and freed? */
bool cast_recovers(struct cast *cast);

/* All give back what they have. False when something is left: descriptors, mappings, threads, names. */
bool cast_leaves(struct cast *cast);

void cast_end(struct cast *cast);

const char *cast_trouble(const struct cast *cast);

#endif
