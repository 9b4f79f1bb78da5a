/*
 * A process of the stress campaign. See worker.h.
 *
 * Its life is a row of epochs. In each, threads do random operations; then they end, all views are given back, and
 * often the library is stopped: after that the process must own what it owned at its beginning, and no more heap than
 * after its first epochs. Epochs differ: in some a timer interrupts every call, some end in an exec.
 *
 * Any status is allowed that a peer's death, stop or end explains; what must never come is an argument that was not
 * wrong, a view that was not known, another block's bytes, or a size that is not the block's.
 */
#include "worker.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../campaign.h"
#include "support/leaks.h"
#include "support/pattern.h"

#define THREADS 3
#define VIEWS 6
#define LIFE_EPOCHS 60
#define HEAP_GROWTH (2u << 20) /* the tables grow with the addresses and numbers that were ever used */
#define TIMER_MICROSECONDS 2000

/* What a thread works with. */
struct hand {
    struct board *board;
    uint64_t random;
    void *views[VIEWS]; /* kept for a while */
    uint32_t operations;
    bool is_child; /* of a fork: short, and without further ones */
};

/* ---- what may come ---- */

static bool is_explained(shs_status status) {
    switch (status) {
        case SHS_OK:
        case SHS_E_HANDLE:
        case SHS_E_NO_PROCESS:
        case SHS_E_NOT_ATTACHED:
        case SHS_E_TIMEOUT:
        case SHS_E_LIMIT:
        case SHS_E_PROTOCOL:
            return true;
        default:
            return false;
    }
}

static shs_status expect(const struct hand *hand, const char *call, shs_status status) {
    if (!is_explained(status))
        board_report(hand->board, "%s: %s, native %ld", call, shs_status_name(status), shs_native_error());
    return status;
}

static void expect_ok(const struct hand *hand, const char *call, shs_status status) {
    if (status != SHS_OK) board_report(hand->board, "%s of what is there: %s", call, shs_status_name(status));
}

/* ---- operations ---- */

static uint32_t below(struct hand *hand, uint32_t limit) { return random_below(&hand->random, limit); }

static shs_pid any_worker(struct hand *hand) { return atomic_load(&hand->board->pids[below(hand, WORKERS)]); }

static uint32_t any_size(struct hand *hand) {
    static const uint32_t most[] = { 64, 256, 256, 1000, 5000, 60000, 300000, 2000000 };
    return below(hand, most[below(hand, below(hand, 20) == 0 ? 8 : 5)]);
}

/* What cannot be posted is not kept. */
static void post(struct hand *hand, const struct block *block) {
    if (!board_post(hand->board, below(hand, NOTES), block))
        (void)expect(hand, "shs_free", shs_free(block->handle, block->owner));
}

static void make(struct hand *hand) {
    struct block block = { .owner = any_worker(hand), .seed = 1 + below(hand, UINT32_MAX - 1), .size = any_size(hand) };
    void *data = pattern_new(block.size, block.seed);
    const size_t room = block.size + below(hand, 5000);
    const shs_status status = shs_alloc_room(data, block.size, room, block.owner, &block.handle);
    free(data);
    if (expect(hand, "shs_alloc_room", status) == SHS_OK) post(hand, &block);
}

static void fill(struct hand *hand) {
    struct block block = { .owner = any_worker(hand), .seed = 1 + below(hand, UINT32_MAX - 1), .size = any_size(hand) };
    void *view = NULL;
    const shs_status status = shs_alloc_locked(block.size, block.owner, &block.handle, &view);
    if (expect(hand, "shs_alloc_locked", status) != SHS_OK) return;
    pattern_fill(view, block.size, block.seed);
    expect_ok(hand, "shs_unlock", shs_unlock(view));
    post(hand, &block);
}

static void give_view_back(struct hand *hand, uint32_t index) {
    if (hand->views[index] != NULL) expect_ok(hand, "shs_unlock", shs_unlock(hand->views[index]));
    hand->views[index] = NULL;
}

/* A block that is posted before and after holds its pattern. */
static void see(struct hand *hand) {
    const uint32_t place = below(hand, NOTES), index = below(hand, VIEWS);
    struct block block;
    uint32_t version;
    void *view = NULL;
    size_t size = 0;
    if (!board_read(hand->board, place, &block, &version)) return;
    const shs_access access = below(hand, 2) == 0 ? SHS_READ : SHS_READ_WRITE;
    const shs_status status = shs_lock(block.handle, block.owner, access, &view, &size);
    if (status == SHS_E_READ_ONLY || expect(hand, "shs_lock", status) != SHS_OK) return;
    const bool same = size == block.size && pattern_matches(view, block.size, block.seed);
    if (!same && board_is_still(hand->board, place, version))
        board_report(hand->board, "block %x of %u: %zu bytes, not those of seed %u, size %u", block.handle, block.owner,
                     size, block.seed, block.size);
    atomic_fetch_add(&hand->board->locks, 1);
    give_view_back(hand, index);
    hand->views[index] = view;
}

static void discard(struct hand *hand) {
    struct block block;
    if (board_take(hand->board, below(hand, NOTES), &block))
        (void)expect(hand, "shs_free", shs_free(block.handle, block.owner));
}

static void map(struct hand *hand) {
    struct block block, second;
    uint32_t version;
    if (!board_read(hand->board, below(hand, NOTES), &block, &version)) return;
    second = block;
    second.owner = any_worker(hand);
    const shs_access access = below(hand, 2) == 0 ? SHS_READ : SHS_READ_WRITE;
    const shs_status status = shs_map_handle(block.handle, block.owner, second.owner, access, &second.handle);
    if (status != SHS_E_READ_ONLY && expect(hand, "shs_map_handle", status) == SHS_OK)
        (void)expect(hand, "shs_free", shs_free(second.handle, second.owner));
}

static void ask(struct hand *hand) {
    struct shs_block_info blocks[8];
    size_t count = 0;
    (void)expect(hand, "shs_probe", shs_probe(any_worker(hand)));
    (void)expect(hand, "shs_list", shs_list(any_worker(hand), blocks, 8, &count));
}

/* As a part of the program would do that is loaded and unloaded. */
static void load(struct hand *hand) {
    void *library = dlopen(SHARED_LIBRARY, RTLD_NOW);
    if (library == NULL || dlsym(library, "shs_start") == NULL || shs_start(NULL) != SHS_OK)
        board_report(hand->board, "the library does not load");
    shs_stop();
    if (library != NULL) (void)dlclose(library);
}

static void work(struct hand *hand);

/* A child works a little, and gives back what it inherited. It ends with its parent. */
static void have_child(struct hand *hand) {
    int how = 0;
    if (hand->is_child) return;
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(EXIT_SUCCESS);
        hand->is_child = true;
        hand->operations = 20;
        work(hand);
        _exit(EXIT_SUCCESS);
    }
    while (child > 0 && waitpid(child, &how, 0) < 0) {
    }
    if (child > 0 && how != 0 && !(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL))
        board_report(hand->board, "a child ended with %d", how);
}

static void operate(struct hand *hand) {
    const uint32_t chance = below(hand, 10000);
    if (chance < 2500)
        make(hand);
    else if (chance < 3500)
        fill(hand);
    else if (chance < 7000)
        see(hand);
    else if (chance < 9700)
        discard(hand);
    else if (chance < 9850)
        map(hand);
    else if (chance < 9960)
        ask(hand);
    else if (chance < 9990)
        load(hand);
    else
        have_child(hand);
}

static void work(struct hand *hand) {
    while (hand->operations-- > 0 && !atomic_load(&hand->board->over)) {
        operate(hand);
        atomic_fetch_add(&hand->board->operations, 1);
    }
    for (uint32_t i = 0; i < VIEWS; i++)
        give_view_back(hand, i);
}

static void *run(void *hand) {
    work(hand);
    return NULL;
}

/* ---- epochs ---- */

static void ignore(int number) { (void)number; }

/* Every call is interrupted again and again; or no more. */
static void set_timer(bool on) {
    const struct itimerval interval = { .it_interval.tv_usec = on ? TIMER_MICROSECONDS : 0,
                                        .it_value.tv_usec = on ? TIMER_MICROSECONDS : 0 };
    struct sigaction action = { .sa_handler = ignore };
    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &interval, NULL);
}

static void work_in_threads(struct board *board, uint64_t *random) {
    struct hand hands[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        hands[i] = (struct hand){ .board = board, .random = random_next(random) };
        hands[i].operations = 200 + random_below(random, 3000);
        if (pthread_create(&threads[i], NULL, run, &hands[i]) != 0) abort();
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
}

static void stop_and_compare(struct board *board, const struct leaks *baseline, size_t *heap) {
    char text[REPORT_SIZE];
    for (int i = 0; i < 100; i++)
        shs_stop();
    if (!leaks_settle(baseline, text, sizeof text)) board_report(board, "%s", text);
    const size_t now = mallinfo2().uordblks;
    if (*heap == 0) *heap = now;
    if (now > *heap + HEAP_GROWTH) board_report(board, "the heap grew from %zu to %zu", *heap, now);
}

void worker_live(struct board *board, uint32_t number, uint64_t seed) {
    uint64_t random = seed + UINT64_C(1000) * number + atomic_load(&board->lives[number]);
    struct leaks baseline;
    size_t heap = 0;
    leaks_warm_up();
    leaks_measure(&baseline);
    atomic_store(&board->pids[number], (unsigned)getpid());
    for (int epoch = 0; epoch < LIFE_EPOCHS && !atomic_load(&board->over); epoch++) {
        set_timer(random_below(&random, 3) == 0);
        work_in_threads(board, &random);
        set_timer(false);
        if (random_below(&random, 2) == 0) stop_and_compare(board, &baseline, &heap);
        atomic_fetch_add(&board->epochs[number], 1);
    }
    if (atomic_load(&board->over)) stop_and_compare(board, &baseline, &heap);
}
