/*
 * The context: made, found, entered. See context.h.
 */
#include "state/context.h"

#include <stdlib.h>
#include <unistd.h>

#include "options.h"
#include "os/birth.h"
#include "os/discard.h"
#include "os/fd_tracking.h"
#include "os/module.h"
#include "os/pages.h"
#include "os/random.h"
#include "os/shm_object.h"
#include "os/spin.h"
#include "os/timed_wait.h"

/* The newest context of this process or of those that forked it; keeps what a child inherits reachable. */
static _Atomic(struct context *) newest;

struct context *shs__context_inherited(void) {
    struct context *context = current_context();
    return context == NULL ? atomic_load(&newest) : context;
}

/* ---- birth ---- */

/* A thread may fork in a signal handler, inside a call: then it is inside its reader already. */
static void retire_viewed(struct context *context) {
    struct thread *thread = shs__thread_current;
    if (thread == NULL || thread->context != context) thread = &context->spare;
    const bool inside = rcu_is_inside(&thread->reader);
    if (!inside) thread_enter(thread);
    shs__address_map_each(&context->addresses, shs__segment_retire_viewed);
    if (!inside) thread_leave(thread);
}

static void before_fork(void) {
    struct context *context = current_context();
    if (context != NULL) retire_viewed(context);
    shs__birth_stop();
}

/* What a child inherited and never uses: all but the views of its parent. Without a lock: the lists and trees that lead
 * there are whole at every instant. */
static void abandon(struct context *parent) {
    shs__address_map_each(&parent->addresses, shs__segment_abandon);
    shs__peers_abandon(&parent->peers);
    shs__shm_object_unmap((void *)parent->liveness, page_size());
    parent->liveness = NULL;
}

/* At once, and not at its first call: it may be about to become another user. */
static void begin_in_child(void) {
    shs__birth_go_on();
    if (current_context() != NULL) return; /* another handler has called the library already */
    shs__discard_anew();
    shs__fd_close_inherited();
    struct context *parent = atomic_load(&newest); /* those before it were abandoned when it was a child */
    if (parent != NULL) abandon(parent);
}

/* A child inherits it with everything else: once is enough. */
static bool register_fork(void) {
    static _Atomic bool registered;
    if (atomic_load(&registered)) return true;
    shs__module_pin(); /* before anything leads to its code */
    if (pthread_atfork(before_fork, shs__birth_go_on, begin_in_child) != 0) return false;
    atomic_store(&registered, true);
    return true;
}

static bool init_locks(struct context *context) {
    return shs__rcu_init(&context->rcu) && shs__timed_wait_init(&context->turn_ended) == 0 &&
           pthread_mutex_init(&context->lock, NULL) == 0 && pthread_mutex_init(&context->spare_lock, NULL) == 0 &&
           pthread_mutex_init(&context->attaching, NULL) == 0;
}

static void init_spare(struct context *context) {
    context->spare.is_spare = true;
    context->spare.context = context;
    atomic_store(&context->spare.reader.fenced, true); /* it is entered too seldom to be waited for */
    shs__rcu_add_reader(&context->rcu, &context->spare.reader);
}

static void init_state(struct context *context, struct context *parent) {
    struct {
        uint64_t life, identity;
        uint32_t seed;
    } random = { (uint64_t)clock_now(), (uint64_t)clock_now(), 0 }; /* if there are no random numbers */
    context->pid = (shs_pid)getpid();
    context->parent = parent;
    context->options = parent == NULL ? shs__options_default : parent->options;
    context->starts = parent == NULL ? 0 : parent->starts;
    atomic_init(&context->apart, context->options.admit != NULL);
    atomic_init(&context->own_pages, context->options.own_pages != 0 || context->options.admit != NULL);
    atomic_init(&context->timeout_ms, context->options.timeout_ms);
    atomic_init(&context->await_starting, context->options.await_starting != 0);
    context->liveness_fd = -1;
    context->wakeup_fd = -1;
    atomic_init(&context->pump_fd, -1);
    (void)shs__random_bytes(&random, sizeof random);
    context->life = random.life;
    context->identities = random.identity;
    shs__handle_numbers_init(&context->numbers, random.seed);
    atomic_init(&context->questions, random.life);
}

/* A child that was not made by fork(): what the handlers would have done. */
static void begin_without_handlers(struct context *parent) {
    shs__birth_anew();
    shs__discard_anew();
    shs__fd_close_inherited();
    abandon(parent);
}

static struct context *make(void) {
    struct context *context = calloc(1, sizeof *context);
    struct context *parent = atomic_load(&newest);
    if (context == NULL || !register_fork() || !shs__thread_prepare() || !init_locks(context)) {
        free(context);
        return NULL;
    }
    if (parent != NULL) begin_without_handlers(parent);
    init_spare(context);
    init_state(context, parent);
    atomic_store(&newest, context);
    return context;
}

struct context *shs__context_open(void) {
    struct current_page *page = shs__current_open();
    if (page == NULL) return NULL;
    for (unsigned tries = 0;;) {
        struct context *context = current_context();
        uint32_t none = 0;
        if (context != NULL) return context;
        if (!atomic_compare_exchange_strong(&page->birth, &none, 1)) {
            spin_pause(&tries); /* another thread makes it */
            continue;
        }
        context = atomic_load(&page->context);
        if (context == NULL) {
            context = make();
            atomic_store(&page->context, context);
        }
        atomic_store(&page->birth, 0);
        return context;
    }
}

struct context *shs__context_started(void) {
    return atomic_load(&newest) == NULL ? NULL : shs__context_open();
}

struct thread *shs__context_enter_first(void) {
    struct context *context = shs__context_open();
    if (context == NULL) return NULL;
    struct thread *thread = shs__thread_current;
    if (thread == NULL || thread->context != context) thread = shs__thread_register(context);
    if (thread == NULL) thread = &context->spare;
    thread_enter(thread);
    return thread;
}

/* ---- what calls ask of it ---- */

uint64_t shs__context_question(struct context *context) {
    const uint64_t number = atomic_fetch_add(&context->questions, 1) + 1;
    return number == 0 ? shs__context_question(context) : number;
}

struct waiting shs__context_wait(struct context *context) {
    return (struct waiting){ .until = deadline_in(atomic_load(&context->timeout_ms)),
                             .pump_fd = atomic_load(&context->pump_fd),
                             .pump = context->pump,
                             .context = context };
}

struct admission shs__context_admission(struct context *context) {
    context_lock(context);
    const struct admission admission = { context->options.admit, context->options.admit_context };
    context_unlock(context);
    return admission;
}

struct runtime_place shs__context_place(struct context *context) {
    context_lock(context);
    const struct runtime_place place = context->place;
    context_unlock(context);
    return place;
}
