/*
 * Asking processes what they have. See holdings.h.
 */
#include "holdings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "interruption.h"
#include "places.h"
#include "say.h"

#define TRIES 4 /* the list may grow while it is made */

/* What the system calls the process, where it tells. */
static void read_name(shs_pid pid, char name[NAME_MOST]) {
    char path[40];
    name[0] = '\0';
    (void)snprintf(path, sizeof path, "/proc/%lu/comm", (unsigned long)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    if (fgets(name, NAME_MOST, file) != NULL) name[strcspn(name, "\n")] = '\0';
    (void)fclose(file);
    for (char *at = name; *at != '\0'; at++) /* a process chooses it; it goes to a terminal */
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e) *at = '?';
}

/* Room for some more than there were a moment ago. */
static shs_status list_once(struct holding *holding, size_t capacity) {
    free(holding->blocks);
    holding->blocks = calloc(capacity, sizeof *holding->blocks);
    if (holding->blocks == NULL) return SHS_E_NO_MEMORY;
    return shs_list(holding->pid, holding->blocks, capacity, &holding->count);
}

static int compare(const void *one, const void *other) {
    const shs_handle first = ((const struct shs_block_info *)one)->handle;
    const shs_handle second = ((const struct shs_block_info *)other)->handle;
    return (first > second) - (first < second);
}

static void sum_up(struct holding *holding, size_t capacity) {
    if (holding->count > capacity) holding->count = capacity;
    qsort(holding->blocks, holding->count, sizeof *holding->blocks, compare);
    for (size_t i = 0; i < holding->count; i++)
        holding->bytes += holding->blocks[i].size;
}

void holding_ask(shs_pid pid, struct holding *holding) {
    size_t capacity = 64;
    *holding = (struct holding){ .pid = pid };
    read_name(pid, holding->name);
    holding->status = list_once(holding, capacity);
    for (int tries = 1; tries < TRIES && holding->status == SHS_OK && holding->count > capacity; tries++) {
        capacity = holding->count + holding->count / 4;
        holding->status = list_once(holding, capacity);
    }
    if (holding->status == SHS_OK)
        sum_up(holding, capacity);
    else
        holding_release(holding);
}

void holding_release(struct holding *holding) {
    free(holding->blocks);
    holding->blocks = NULL;
    holding->count = 0;
}

void holdings_ask(struct holdings *holdings) {
    struct places places;
    struct pids found;
    places_find(&places);
    places_pids(&places, &found);
    *holdings = (struct holdings){ .error = found.error };
    if (found.count > 0) holdings->each = calloc(found.count, sizeof *holdings->each);
    for (size_t i = 0; holdings->each != NULL && i < found.count && !interruption_came(); i++) {
        struct holding *next = &holdings->each[holdings->count];
        if (found.pids[i] == shs_self()) continue;
        holding_ask(found.pids[i], next);
        if (next->status != SHS_E_NO_PROCESS && next->status != SHS_E_NOT_ATTACHED) holdings->count++;
    }
    if (found.count > 0 && holdings->each == NULL) holdings->error = ENOMEM;
    free(found.pids);
}

void holdings_release(struct holdings *holdings) {
    for (size_t i = 0; i < holdings->count; i++)
        holding_release(&holdings->each[i]);
    free(holdings->each);
    holdings->each = NULL;
    holdings->count = 0;
}

int holdings_say(int error) {
    say("not all could be looked at: %s", strerror(error));
    return EXIT_FAILED;
}

shs_status holdings_start(uint32_t timeout_ms) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = timeout_ms == 0 ? 1 : timeout_ms; /* 0 would leave what is usual */
    const shs_status status = shs_start(&options);
    if (status != SHS_OK) (void)say_status("the library does not start", status);
    return status;
}
