/*
 * The campaign of stress: processes with threads that give each other blocks, see them and free them at random, while
 * they are killed, stopped, interrupted, forked and executed anew.
 *
 * Every block's bytes tell whose they are (worker.c). The quick mode lasts 45 s; --count N goes on for so many
 * operations. The seed determines what each thread does; how threads and processes meet is the machine's. At the end
 * one process more starts and stops, after which nothing may be left in the folder, not even of those that were killed.
 */
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../campaign.h"
#include "worker.h"

#define PAUSE_MILLISECONDS 20
#define PATIENCE_ROUNDS 6000 /* of such pauses without an operation of anybody: they hang */

static struct campaign campaign;
static struct board *board;
static const char *program;
static char folder[] = "/tmp/shs-stress-XXXXXX";

/* ---- workers ---- */

/* Every second life begins by an exec. */
static void be_worker(uint32_t number) {
    char fd[16], own[16], seed[24];
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)snprintf(fd, sizeof fd, "%d", board_descriptor());
    (void)snprintf(own, sizeof own, "%u", number);
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)campaign.seed);
    worker_live(board, number, campaign.seed);
    if (!atomic_load(&board->over)) (void)execl("/proc/self/exe", program, "--worker", fd, own, seed, (char *)NULL);
    exit(EXIT_SUCCESS);
}

static int executed_worker(char **arguments) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    board = board_open(atoi(arguments[0]));
    const uint32_t number = (uint32_t)atoi(arguments[1]);
    atomic_fetch_add(&board->lives[number], 1);
    worker_live(board, number, strtoull(arguments[2], NULL, 10));
    return EXIT_SUCCESS;
}

static void begin_worker(uint32_t number) {
    atomic_fetch_add(&board->lives[number], 1);
    const pid_t pid = fork();
    if (pid < 0) abort();
    if (pid == 0) be_worker(number);
    atomic_store(&board->pids[number], (unsigned)pid);
}

/* ---- chaos ---- */

static void pause_for(long milliseconds) {
    const struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    (void)nanosleep(&time, NULL);
}

static uint32_t number_of(pid_t pid) {
    uint32_t number = 0;
    while (number < WORKERS && atomic_load(&board->pids[number]) != (unsigned)pid)
        number++;
    return number;
}

/* Who ended begins again. Others may be children of killed workers. */
static void take_ended(bool again) {
    int how;
    for (pid_t pid; (pid = waitpid(-1, &how, WNOHANG)) > 0;) {
        const uint32_t number = number_of(pid);
        board_forget(board, (unsigned)pid);
        if (number < WORKERS && how != 0 && !(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL))
            board_report(board, "worker %u ended with %d", number, how);
        if (number == WORKERS) continue;
        atomic_store(&board->pids[number], 0);
        if (again) begin_worker(number);
    }
}

static void disturb(uint64_t *random) {
    const pid_t victim = (pid_t)atomic_load(&board->pids[random_below(random, WORKERS)]);
    const uint32_t chance = random_below(random, 100);
    if (victim <= 0) return;
    if (chance < 3) (void)kill(victim, SIGKILL);
    if (chance < 90) return;
    (void)kill(victim, SIGSTOP);
    pause_for(1 + (long)random_below(random, 50));
    (void)kill(victim, SIGCONT);
}

/* Until time or count are over; false when nothing moves any more. */
static bool let_them_work(void) {
    uint64_t random = campaign.seed, before = 0;
    for (int still = 0; still < PATIENCE_ROUNDS && atomic_load(&board->report_count) == 0; still++) {
        const uint64_t now = atomic_load(&board->operations);
        if (now != before) still = 0;
        before = now;
        if (campaign.seconds != 0 ? !campaign_goes_on(&campaign) : now >= campaign.count) return true;
        pause_for(PAUSE_MILLISECONDS);
        disturb(&random);
        take_ended(true);
    }
    return atomic_load(&board->report_count) > 0;
}

/* ---- the end ---- */

/* All that were not killed end by themselves. */
static bool all_end(void) {
    atomic_store(&board->over, true);
    for (int rounds = 0; rounds < PATIENCE_ROUNDS; rounds++) {
        bool any = false;
        take_ended(false);
        for (uint32_t i = 0; i < WORKERS; i++)
            any = any || atomic_load(&board->pids[i]) != 0;
        if (!any) return true;
        pause_for(PAUSE_MILLISECONDS);
    }
    return false;
}

/* Children of workers end with them (worker.c): when nobody is left to wait for, nobody writes to the folder. */
static void kill_all(void) {
    for (uint32_t i = 0; i < WORKERS; i++) {
        const pid_t pid = (pid_t)atomic_load(&board->pids[i]);
        if (pid > 0) (void)kill(pid, SIGKILL);
    }
    while (waitpid(-1, NULL, 0) > 0) {
    }
}

static void sweep(void) {
    const pid_t pid = fork();
    if (pid == 0) {
        (void)shs_start(NULL);
        shs_stop();
        _exit(EXIT_SUCCESS);
    }
    (void)waitpid(pid, NULL, 0);
}

static int files;

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about, (void)place;
    if (kind != FTW_DP) files++;
    return remove(path);
}

static void judge(bool moved, bool ended) {
    const unsigned reports = atomic_load(&board->report_count);
    for (unsigned i = 0; i < reports && i < REPORTS; i++)
        campaign_failed(&campaign, "--seed %llu: %s", (unsigned long long)campaign.seed, board->reports[i]);
    if (!moved || !ended) campaign_failed(&campaign, "--seed %llu: they hang", (unsigned long long)campaign.seed);
    if (files > 0) campaign_failed(&campaign, "%d files are left in the folder", files);
    if (reports == 0 && moved && ended && files == 0) campaign_passed();
    unsigned lives = 0, epochs = 0;
    for (uint32_t i = 0; i < WORKERS; i++) {
        lives += atomic_load(&board->lives[i]);
        epochs += atomic_load(&board->epochs[i]);
    }
    printf("stress: %llu operations, %llu blocks compared, %u lives, %u epochs\n",
           (unsigned long long)atomic_load(&board->operations), (unsigned long long)atomic_load(&board->locks), lives,
           epochs);
}

int main(int argc, char **argv) {
    program = argv[0];
    if (argc == 5 && strcmp(argv[1], "--worker") == 0) return executed_worker(argv + 2);
    campaign = campaign_begin("stress", 45, argc, argv);
    if (mkdtemp(folder) == NULL) abort();
    (void)setenv("SHSHARED_RUNTIME_DIR", folder, 1);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    board = board_new();
    for (uint32_t i = 0; i < WORKERS; i++)
        begin_worker(i);
    const bool moved = let_them_work();
    const bool ended = all_end();
    kill_all();
    sweep();
    (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    judge(moved, ended);
    return campaign_end(&campaign);
}
