/*
 * Bare forks. See forked.h.
 */
#include "forked.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/child.h"
#include "support/suite.h"
#include "support/watchdog.h"

#define CHILD_LIMIT 60 /* seconds; alarms are not inherited */

struct forked forked_start(forked_way way, void (*body)(int channel, void *context), void *context) {
    int pair[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    const pid_t pid = way();
    if (pid == 0) {
        children_abandon();
        watchdog_start(CHILD_LIMIT, "a forked child");
        close(pair[0]);
        body(pair[1], context);
        stop_all();
        _exit(0);
    }
    close(pair[1]);
    REQUIRE(pid > 0);
    return (struct forked){ .pid = pid, .channel = pair[0] };
}

int forked_wait(struct forked *child) {
    int status = 0;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    close(child->channel);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int forked_run(void (*body)(int channel, void *context), void *context) {
    struct forked child = forked_start(fork, body, context);
    return forked_wait(&child);
}

void forked_tell(int channel, uint32_t number) {
    const ssize_t sent = send(channel, &number, sizeof number, MSG_NOSIGNAL);
    (void)sent;
}

uint32_t forked_hear(int channel) {
    uint32_t number = 0;
    return recv(channel, &number, sizeof number, MSG_WAITALL) == (ssize_t)sizeof number ? number : 0;
}
