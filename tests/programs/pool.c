/*
 * A pool of workers: a master hands out texts and gets them back in capitals. A worker that dies over its job is
 * replaced, and the job done again.
 */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

#define WORKERS 4
#define JOBS 300
#define KILLED_EVERY 40

static struct channel jobs, results;

/* Takes jobs until the master has gone; results live in the master. */
static void work(void) {
    struct parcel job;
    char text[64];
    (void)close(jobs.out);
    while (fetch(&jobs, &job)) {
        unwrap(job, text, sizeof text);
        for (char *at = text; *at != '\0'; at++)
            *at = (char)toupper((unsigned char)*at);
        post(&results, wrap(text, job.owner));
    }
}

static void hand_out(int number) {
    char text[64];
    (void)snprintf(text, sizeof text, "job number %d", number);
    post(&jobs, wrap(text, shs_self()));
}

static int collect(void) {
    struct parcel result;
    char text[64];
    int number = -1;
    MUST(fetch(&results, &result));
    unwrap(result, text, sizeof text);
    MUST(sscanf(text, "JOB NUMBER %d", &number) == 1);
    return number;
}

/* With none of its jobs under way, as a job cannot be taken twice. */
static void replace(pid_t *worker) {
    MUST(kill(*worker, SIGKILL) == 0);
    MUST(waitpid(*worker, NULL, 0) == *worker);
    *worker = spawn(work);
}

int main(void) {
    pid_t workers[WORKERS];
    struct shs_block_info left;
    size_t count = 1;
    program_begin();
    jobs = channel_new();
    results = channel_new();
    program_start();
    for (int i = 0; i < WORKERS; i++)
        workers[i] = spawn(work);
    for (int number = 0, sum = 0; number < JOBS; number += WORKERS) {
        for (int i = 0; i < WORKERS; i++)
            hand_out(number + i);
        for (int i = 0; i < WORKERS; i++)
            sum += collect() - number;
        MUST(sum == (number / WORKERS + 1) * (WORKERS * (WORKERS - 1) / 2));
        if (number % KILLED_EVERY == 0) replace(&workers[number / KILLED_EVERY % WORKERS]);
    }
    (void)close(jobs.out);
    for (int i = 0; i < WORKERS; i++)
        join(workers[i]);
    MUST_OK(shs_list(shs_self(), &left, 1, &count));
    MUST(count == 0);
    shs_stop();
    return 0;
}
