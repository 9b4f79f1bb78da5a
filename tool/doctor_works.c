/*
 * doctor: does a block do its rounds: to this process itself, and to a child and back?
 *
 * The child is forked before the library starts here, and ended by its pid, whatever it does. Nothing is waited for
 * longer than PATIENCE_MS.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "doctor.h"

#define PATIENCE_MS 5000
#define ANSWER_MS 1000u /* a call waits for another process */

static const char text[] = "the doctor's block";

struct child {
    pid_t pid;
    int channel;
};

/* ---- the child: says how it started, takes a handle, says how the block was ---- */

static shs_status take(shs_handle handle) {
    void *view = NULL;
    size_t size = 0;
    const shs_status status = shs_lock(handle, shs_self(), SHS_READ, &view, &size);
    if (status != SHS_OK) return status;
    const bool same = size == sizeof text && memcmp(view, text, size) == 0;
    (void)shs_unlock(view);
    return same ? shs_free(handle, shs_self()) : SHS_E_PROTOCOL;
}

static void live(int channel) {
    shs_handle handle = 0;
    shs_status status = shs_start(NULL);
    if (write(channel, &status, sizeof status) == (ssize_t)sizeof status &&
        read(channel, &handle, sizeof handle) == (ssize_t)sizeof handle) {
        status = take(handle);
        (void)write(channel, &status, sizeof status);
    }
    shs_stop();
}

/* ---- the doctor ---- */

static bool begin_child(struct child *child) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return false;
    child->pid = fork();
    if (child->pid == 0) {
        (void)close(ends[0]);
        live(ends[1]);
        _exit(0);
    }
    const int error = errno;
    (void)close(ends[1]);
    child->channel = ends[0];
    if (child->pid < 0) (void)close(ends[0]);
    errno = error;
    return child->pid > 0;
}

/* The end of what it is told ends it; where it does not, the kill does. */
static void end_child(const struct child *child) {
    struct pollfd wait = { .fd = child->channel, .events = 0 };
    (void)shutdown(child->channel, SHUT_WR);
    (void)poll(&wait, 1, PATIENCE_MS);
    (void)close(child->channel);
    (void)kill(child->pid, SIGKILL);
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* What the child says next; SHS_E_TIMEOUT when it says nothing. */
static shs_status hear(const struct child *child) {
    struct pollfd wait = { .fd = child->channel, .events = POLLIN };
    shs_status status = SHS_OK;
    if (poll(&wait, 1, PATIENCE_MS) != 1) return SHS_E_TIMEOUT;
    if (read(child->channel, &status, sizeof status) != (ssize_t)sizeof status) return SHS_E_NO_PROCESS;
    return status;
}

static bool report(struct findings *findings, const char *step, shs_status status) {
    const char *mend = advice(status);
    if (status == SHS_E_RUNTIME_DIR) mend = "mend the folder, see above";
    if (status == SHS_OK)
        finding(findings, SOUND, "works", "", "%s", step);
    else
        finding(findings, WRONG, "works", mend, "%s: %s: %s", step, shs_status_name(status), shs_status_text(status));
    return status == SHS_OK;
}

static shs_status change(shs_handle handle) {
    void *view = NULL;
    size_t size = 0;
    const shs_status status = shs_lock(handle, shs_self(), SHS_READ_WRITE, &view, &size);
    if (status != SHS_OK) return status;
    const bool same = size == sizeof text && memcmp(view, text, size) == 0;
    memset(view, 0, size);
    return same ? shs_unlock(view) : SHS_E_PROTOCOL;
}

static void try_own(struct findings *findings) {
    shs_handle handle = 0;
    if (!report(findings, "allocate a block for itself", shs_alloc(text, sizeof text, shs_self(), &handle))) return;
    (void)report(findings, "lock it, write it, unlock it", change(handle));
    (void)report(findings, "free it", shs_free(handle, shs_self()));
}

static void try_child(struct findings *findings, const struct child *child) {
    const shs_pid pid = (shs_pid)child->pid;
    shs_handle handle = 0;
    if (!report(findings, "start the library in a child", hear(child))) return;
    if (!report(findings, "see that it takes blocks", shs_wait(pid, PATIENCE_MS))) return;
    if (!report(findings, "give it a block", shs_alloc(text, sizeof text, pid, &handle))) return;
    if (write(child->channel, &handle, sizeof handle) < 0) return;
    (void)report(findings, "let it lock, unlock and free it", hear(child));
}

void doctor_works(struct findings *findings) {
    struct shs_options options = SHS_OPTIONS_INIT;
    struct child child = { .channel = -1, .pid = -1 };
    const bool has_child = begin_child(&child);
    const int error = errno;
    options.timeout_ms = ANSWER_MS;
    (void)report(findings, "start the library", shs_start(&options));
    try_own(findings);
    if (!has_child) {
        finding(findings, WRONG, "works", "raise the limit of descriptors or processes", "no child can be started: %s",
                strerror(error));
        return;
    }
    try_child(findings, &child);
    end_child(&child);
}
