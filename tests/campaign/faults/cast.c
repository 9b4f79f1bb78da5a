/*
 * The processes of a scene. See cast.h.
 *
 * Each is at the other end of a socket pair and reads steps. One that answers from its own loop does so while it waits
 * for the next step. A child has a socket pair from the beginning, which lies unused until the giver forks.
 */
#include "cast.h"

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/leaks.h"

#define PATIENCE_MS 60000 /* a call that says nothing for so long hangs */
#define HURRY_MS 150      /* timeout of the call that meets a fault */
#define MAX_DEPTH 8

/* Of a segment of which a child inherited a view, there stay the words and what is viewed of the data. */
#define INHERITED_MAPPINGS 2

enum order { PLAY, LEAVE, RECOVER };

struct request {
    enum order order;
    struct step step;
    bool armed, hurried;
};

struct reply {
    struct outcome outcome;
    bool clean;
    char text[200];
};

struct cast {
    struct plan *plan;
    struct props *props;
    int near[PART_COUNT], far[PART_COUNT]; /* ends of the socket pairs; near: of the campaign. -1: closed */
    bool lives[PART_COUNT], died;          /* died: as the scene says, so that it left its files */
    char folder[64];
    struct leaks baseline; /* of a process that has not used the library */
    char trouble[TROUBLE_SIZE];
};

const char *cast_trouble(const struct cast *cast) { return cast->trouble; }

uint32_t cast_seen(const struct cast *cast, enum part part, enum call call) {
    return atomic_load(&cast->plan->seen[part][call]);
}

bool cast_was_struck(const struct cast *cast) { return atomic_load(&cast->plan->struck) > 0; }

/* ---- in a process of the cast ---- */

/* Wait for the next request; answer others meanwhile. */
static bool next_request(int socket, struct request *request) {
    for (;;) {
        struct pollfd watched[2] = { { .fd = socket, .events = POLLIN }, { .fd = shs_poll_fd(), .events = POLLIN } };
        if (poll(watched, 2, -1) < 0) continue;
        if (watched[1].revents != 0) (void)shs_dispatch();
        if (watched[0].revents != 0) return recv(socket, request, sizeof *request, MSG_WAITALL) == sizeof *request;
    }
}

static void close_end(int *end) {
    if (*end >= 0) (void)close(*end);
    *end = -1;
}

static void act(struct cast *cast, enum part part);

static struct outcome give_birth(struct cast *cast) {
    const pid_t child = fork();
    cast->baseline.descriptors--;
    if (child == 0) {
        cast->baseline.mappings += INHERITED_MAPPINGS;
        close_end(&cast->far[GIVER]);
        act(cast, CHILD);
    }
    close_end(&cast->far[CHILD]);
    cast->props->pids[CHILD] = (shs_pid)child;
    return (struct outcome){ child > 0 ? SHS_OK : SHS_E_SYSTEM, true, true, true };
}

static struct outcome play(struct cast *cast, const struct step *step) {
    if (step->action == DIE) _exit(EXIT_SUCCESS);
    return step->action == FORK ? give_birth(cast) : perform(step, cast->props);
}

/* A process that could not attach, or lost what it had, starts again. */
static struct outcome recover(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    options.timeout_ms = CALM_MS;
    return (struct outcome){ shs_start(&options), true, true, true };
}

static struct reply leave(const struct cast *cast) {
    struct reply reply = { 0 };
    leave_stage();
    reply.clean = leaks_settle(&cast->baseline, reply.text, sizeof reply.text);
    if (!reply.clean) leaks_describe();
    return reply;
}

static struct reply obey(struct cast *cast, const struct request *request) {
    if (request->order == LEAVE) return leave(cast);
    if (request->order == RECOVER) return (struct reply){ .outcome = recover() };
    if (request->hurried) set_timeout(HURRY_MS);
    if (request->armed) atomic_store(&cast->plan->armed, true);
    const struct reply reply = { .outcome = play(cast, &request->step) };
    atomic_store(&cast->plan->armed, false);
    return reply;
}

/* Keep the own end, and the giver that of its child to be. */
static void keep_own_ends(struct cast *cast, enum part own) {
    for (int part = 0; part < PART_COUNT; part++) {
        close_end(&cast->near[part]);
        if (part != (int)own && !(part == CHILD && own == GIVER)) close_end(&cast->far[part]);
    }
    leaks_measure(&cast->baseline);
}

static void act(struct cast *cast, enum part part) {
    struct request request;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    cast->props->pids[part] = (shs_pid)getpid();
    inject_begin(cast->plan, part);
    while (next_request(cast->far[part], &request)) {
        const struct reply reply = obey(cast, &request);
        if (send(cast->far[part], &reply, sizeof reply, MSG_NOSIGNAL) != sizeof reply) break;
        if (request.order == LEAVE) break;
    }
    exit(EXIT_SUCCESS);
}

/* ---- in the campaign ---- */

static void *share(size_t size) {
    void *made = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) abort();
    return made;
}

struct cast *cast_new(void) {
    static struct cast cast;
    cast.plan = share(sizeof *cast.plan);
    cast.props = share(sizeof *cast.props);
    leaks_warm_up();
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1); /* the child of a giver is ours when the giver ends */
    return &cast;
}

static void make_pairs(struct cast *cast) {
    for (int part = 0; part < PART_COUNT; part++) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) abort();
        cast->near[part] = ends[0];
        cast->far[part] = ends[1];
    }
}

static bool enter(struct cast *cast, enum part part) {
    const pid_t pid = fork();
    if (pid < 0) abort();
    if (pid == 0) {
        keep_own_ends(cast, part);
        act(cast, part);
    }
    cast->props->pids[part] = (shs_pid)pid;
    return true;
}

void cast_begin(struct cast *cast, const struct scene *scene) {
    memset(cast->plan, 0, sizeof *cast->plan);
    memset(cast->props, 0, sizeof *cast->props);
    cast->trouble[0] = '\0';
    (void)snprintf(cast->folder, sizeof cast->folder, "/tmp/shs-faults-XXXXXX");
    if (mkdtemp(cast->folder) == NULL) abort();
    (void)setenv("SHSHARED_RUNTIME_DIR", cast->folder, 1);
    (void)setenv("SHSHARED_OBJECT", scene->object, 1);
    make_pairs(cast);
    cast->died = cast->lives[CHILD] = false;
    for (int part = OWNER; part <= THIRD; part++)
        cast->lives[part] = enter(cast, (enum part)part);
    for (int part = 0; part < PART_COUNT; part++)
        close_end(&cast->far[part]);
}

/* Say how a process ended that should not have. */
static bool note_end(struct cast *cast, enum part part, bool hung) {
    const pid_t pid = (pid_t)cast->props->pids[part];
    int how = 0;
    if (hung && pid > 0) (void)kill(pid, SIGKILL);
    (void)waitpid(pid, &how, 0);
    cast->lives[part] = false;
    if (hung)
        (void)snprintf(cast->trouble, TROUBLE_SIZE, "it hangs");
    else if (WIFSIGNALED(how))
        (void)snprintf(cast->trouble, TROUBLE_SIZE, "it ended by signal %d", WTERMSIG(how));
    else
        (void)snprintf(cast->trouble, TROUBLE_SIZE, "it ended with code %d", WEXITSTATUS(how));
    return false;
}

/* What a process has to say, or false when it ended or hangs. */
static bool ask(struct cast *cast, enum part part, const struct request *request, struct reply *reply) {
    struct pollfd watched = { .fd = cast->near[part], .events = POLLIN };
    (void)send(cast->near[part], request, sizeof *request, MSG_NOSIGNAL);
    if (poll(&watched, 1, PATIENCE_MS) == 0) return note_end(cast, part, true);
    const bool heard = recv(cast->near[part], reply, sizeof *reply, MSG_WAITALL) == sizeof *reply;
    return heard || note_end(cast, part, false);
}

static const struct fault no_fault = { .call = CALL_COUNT };

bool cast_step(struct cast *cast, const struct step *step, const struct fault *fault, struct outcome *outcome) {
    struct reply reply = { 0 };
    const struct request request = { PLAY, *step, fault != NULL, fault != NULL && fault->call != CALL_COUNT };
    memset(cast->plan->seen, 0, sizeof cast->plan->seen);
    cast->plan->fault = fault == NULL ? no_fault : *fault;
    atomic_store(&cast->plan->struck, 0);
    const bool heard = ask(cast, step->part, &request, &reply);
    atomic_store(&cast->plan->armed, false);
    *outcome = reply.outcome;
    if (step->action == FORK) cast->lives[CHILD] = heard;
    if (step->action != DIE) return heard;
    *outcome = (struct outcome){ SHS_OK, true, true, true };
    return cast->died = true;
}

static bool all_start(struct cast *cast) {
    const struct request again = { .order = RECOVER };
    for (int part = 0; part < PART_COUNT; part++) {
        struct reply reply;
        if (!cast->lives[part]) continue;
        if (!ask(cast, (enum part)part, &again, &reply)) return false;
        if (reply.outcome.status == SHS_OK) continue;
        (void)snprintf(cast->trouble, TROUBLE_SIZE, "then process %d does not start: %s", part,
                       shs_status_name(reply.outcome.status));
        return false;
    }
    return true;
}

bool cast_recovers(struct cast *cast) {
    const enum part owner = cast->lives[OWNER] ? OWNER : THIRD;
    const struct step steps[] = {
        { GIVER, ALLOC, 0, 300, owner },  { THIRD, LOCK, 0 },   { THIRD, UNLOCK, 0 }, { THIRD, FREE, 0 },
        { GIVER, FILL, 0, 70000, owner }, { GIVER, UNLOCK, 0 }, { THIRD, FREE, 0 },
    };
    if (!all_start(cast)) return false;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct outcome outcome;
        if (!cast_step(cast, &steps[i], NULL, &outcome)) return false;
        if (outcome.status == SHS_OK && outcome.right) continue;
        (void)snprintf(cast->trouble, TROUBLE_SIZE, "then %s says %s%s", action_name(steps[i].action),
                       shs_status_name(outcome.status), outcome.right ? "" : " and shows something else");
        return false;
    }
    return true;
}

static int find_file(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)path, (void)about, (void)place;
    return kind != FTW_DP;
}

/* Only the folders may be left. */
static bool folder_is_empty(struct cast *cast) {
    if (cast->died || nftw(cast->folder, find_file, MAX_DEPTH, FTW_DEPTH | FTW_PHYS) == 0) return true;
    (void)snprintf(cast->trouble, TROUBLE_SIZE, "a file is left in the folder");
    return false;
}

bool cast_leaves(struct cast *cast) {
    static const enum part order[] = { CHILD, THIRD, GIVER, OWNER };
    const struct request leave_now = { .order = LEAVE };
    for (int i = 0; i < PART_COUNT; i++) {
        const enum part part = order[i];
        struct reply reply;
        if (!cast->lives[part]) continue;
        if (!ask(cast, part, &leave_now, &reply)) return false;
        if (reply.clean) continue;
        (void)snprintf(cast->trouble, TROUBLE_SIZE, "process %d: %s", (int)part, reply.text);
        return false;
    }
    return folder_is_empty(cast);
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about, (void)kind, (void)place;
    return remove(path);
}

void cast_end(struct cast *cast) {
    for (int part = 0; part < PART_COUNT; part++) {
        close_end(&cast->near[part]);
    }
    for (int part = 0; part < PART_COUNT; part++) {
        const pid_t pid = (pid_t)cast->props->pids[part];
        if (pid <= 0) continue;
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
    }
    (void)nftw(cast->folder, remove_entry, MAX_DEPTH, FTW_DEPTH | FTW_PHYS);
}
