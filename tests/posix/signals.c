/*
 * Signals: they interrupt no call for its caller to see, the service thread takes none that is not its own, and a fork
 * leaves those blocked that were.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/actor.h"
#include "support/block.h"
#include "support/parallel.h"
#include "support/suite.h"

static atomic_uint delivered;

static void count_signal(int number) {
    (void)number;
    atomic_fetch_add(&delivered, 1);
}

/* Without SA_RESTART: whatever waits in the system is interrupted. */
static void catch_signals(void) {
    const struct sigaction action = { .sa_handler = count_signal };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    atomic_store(&delivered, 0);
}

static void set_blocked(bool blocked) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL) == 0);
}

/* This thread blocks the signal; were there any other that takes it, the system would give it to that one. */
static void service_thread_takes_no_signal(void) {
    sigset_t waiting;
    struct child *other = actor_start_attached();
    catch_signals();
    CHECK_STATUS(SHS_OK, shs_start(NULL)); /* before, as its thread would inherit what is blocked */
    set_blocked(true);
    const shs_handle handle = block_new(1, 100, shs_self());
    CHECK(actor_sees(other, handle, shs_self(), 1, 100));
    CHECK(kill(getpid(), SIGUSR1) == 0);
    CHECK(actor_sees(other, handle, shs_self(), 1, 100));
    CHECK_NUMBER(0, atomic_load(&delivered));
    CHECK(sigpending(&waiting) == 0 && sigismember(&waiting, SIGUSR1) == 1);
    set_blocked(false);
    CHECK_NUMBER(1, atomic_load(&delivered));
    CHECK_STATUS(SHS_OK, shs_free(handle, shs_self()));
    actor_end(other);
}

struct storm {
    pthread_t target;
    atomic_bool over;
};

static void send_signals(void *context) {
    struct storm *storm = context;
    while (!atomic_load(&storm->over)) {
        pthread_kill(storm->target, SIGUSR1);
        parallel_pause();
    }
}

static void calls_survive_a_storm(void) {
    struct child *other = actor_start_attached();
    const shs_pid pid = child_pid(other);
    struct storm storm = { .target = pthread_self() };
    catch_signals();
    struct parallel *thread = parallel_start(send_signals, &storm);
    for (uint32_t i = 0; i < 3000 || atomic_load(&delivered) < 20; i++) {
        const size_t size = i % 100 == 0 ? 3000000 : 500;
        size_t count = 0;
        const shs_handle handle = block_new(i, size, pid);
        CHECK(block_holds(handle, pid, i, size));
        CHECK_STATUS(SHS_OK, shs_list(pid, NULL, 0, &count));
        CHECK_NUMBER(1, count);
        CHECK_STATUS(SHS_OK, shs_free(handle, pid));
    }
    atomic_store(&storm.over, true);
    parallel_join(thread);
    actor_end(other);
}

static bool is_blocked(int number) {
    sigset_t mask;
    return pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, number) == 1;
}

/* The library holds signals off while it forks: afterwards each is as the program had it, in both processes. */
static void a_fork_leaves_them_as_they_were(void) {
    int status = -1;
    shs_self(); /* the handlers of forks are there */
    set_blocked(true);
    const pid_t pid = fork();
    if (pid == 0) _exit(is_blocked(SIGUSR1) && !is_blocked(SIGUSR2) ? 0 : 1);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_NUMBER(0, (uint64_t)status);
    CHECK(is_blocked(SIGUSR1) && !is_blocked(SIGUSR2));
    set_blocked(false);
}

static const struct test tests[] = {
    { "the service thread takes no signal", service_thread_takes_no_signal },
    { "calls survive a storm of signals", calls_survive_a_storm },
    { "a fork leaves them as they were", a_fork_leaves_them_as_they_were },
};

SUITE("signals", tests)
