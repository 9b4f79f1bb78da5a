/*
 * A player: the process, and the line to it. See player.h.
 */
#include "player.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/leaks.h"
#include "support/pattern.h"

#define SIZE_MOST (1 << 20)
#define LISTED_MOST 512
#define PATIENCE_MS 60000

static unsigned char data[SIZE_MOST];
static struct leaks before;

/* ---- the process ---- */

static void start(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = PATIENCE_MS;
    if (shs_start(&options) != SHS_OK) abort();
}

static shs_status alloc(const struct order *order, struct outcome *outcome) {
    void *view = NULL;
    const size_t size = (size_t)order->size;
    pattern_fill(data, size, order->seed);
    if (order->move == MOVE_ALLOC) return shs_alloc(data, size, order->pid, &outcome->handle);
    if (order->move == MOVE_ALLOC_ROOM) return shs_alloc_room(data, size, 2 * size, order->pid, &outcome->handle);
    const shs_status status = shs_alloc_locked(size, order->pid, &outcome->handle, &view);
    if (status == SHS_OK) pattern_fill(view, size, order->seed);
    outcome->view = (uintptr_t)view;
    return status;
}

static shs_status lock(const struct order *order, struct outcome *outcome) {
    void *view = NULL;
    size_t size = 0;
    const shs_status status = shs_lock(order->handle, order->pid, (shs_access)order->access, &view, &size);
    outcome->view = (uintptr_t)view;
    outcome->size = size;
    if (status == SHS_OK) outcome->matches = size == order->size && pattern_matches(view, size, order->seed);
    return status;
}

static shs_status match(const struct order *order, struct outcome *outcome) {
    const void *view = (const void *)(uintptr_t)order->view;
    size_t size = 0;
    const shs_status status = shs_view_size(view, &size);
    outcome->matches = size == order->size && pattern_matches(view, size, order->seed);
    return status;
}

static shs_status list(const struct order *order, struct outcome *outcome) {
    static struct shs_block_info blocks[LISTED_MOST];
    size_t count = 0;
    const shs_status status = shs_list(order->pid, blocks, LISTED_MOST, &count);
    outcome->size = count;
    return status;
}

static shs_status settle(struct outcome *outcome) {
    char left[200];
    shs_stop();
    outcome->matches = leaks_settle(&before, left, sizeof left);
    if (outcome->matches == 0) printf("sequences: process %u: %s\n", (unsigned)shs_self(), left);
    start();
    return SHS_OK;
}

static shs_status play(const struct order *order, struct outcome *outcome) {
    void *const view = (void *)(uintptr_t)order->view;
    switch ((enum move)order->move) {
        case MOVE_LOCK:
            return lock(order, outcome);
        case MOVE_UNLOCK:
            return shs_unlock(view);
        case MOVE_WRITE:
            pattern_fill(view, (size_t)order->size, order->seed);
            return SHS_OK;
        case MOVE_MATCH:
            return match(order, outcome);
        case MOVE_FREE:
            return shs_free(order->handle, order->pid);
        case MOVE_MAP:
            return shs_map_handle(order->handle, order->pid, order->to, (shs_access)order->access, &outcome->handle);
        case MOVE_LIST:
            return list(order, outcome);
        case MOVE_STOP:
            shs_stop();
            start();
            return SHS_OK;
        case MOVE_SETTLE:
            return settle(outcome);
        default:
            return alloc(order, outcome);
    }
}

static _Noreturn void be_player(int line) {
    struct order order;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    leaks_warm_up();
    leaks_measure(&before);
    start();
    struct outcome outcome = { .status = SHS_OK };
    while (write(line, &outcome, sizeof outcome) == sizeof outcome &&
           read(line, &order, sizeof order) == sizeof order) {
        outcome = (struct outcome){ .matches = 1 };
        outcome.status = (int32_t)play(&order, &outcome);
        if (outcome.status != SHS_OK) outcome.matches = outcome.handle == 0 && outcome.view == 0 && outcome.size == 0;
    }
    _exit(EXIT_SUCCESS);
}

/* ---- the line ---- */

static bool hear(const struct player *player, struct outcome *outcome) {
    return read(player->line, outcome, sizeof *outcome) == sizeof *outcome;
}

bool player_begin(struct player *player) {
    struct outcome ready;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
    const pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        be_player(ends[1]);
    }
    (void)close(ends[1]);
    *player = (struct player){ (shs_pid)pid, ends[0] };
    return pid > 0 && hear(player, &ready);
}

bool player_play(const struct player *player, const struct order *order, struct outcome *outcome) {
    return write(player->line, order, sizeof *order) == sizeof *order && hear(player, outcome);
}

void player_kill(struct player *player) {
    (void)kill((pid_t)player->pid, SIGKILL);
    (void)waitpid((pid_t)player->pid, NULL, 0);
    (void)close(player->line);
}
