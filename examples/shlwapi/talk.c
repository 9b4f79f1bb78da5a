/*
 * Messages over a pair of sockets, and processes by posix_spawn(). See talk.h.
 */
#include "talk.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

const PEER STARTER = { .socket = STDIN_FILENO, .process = -1 };

PEER StartPeer(const char *program, const char *part) {
    int ends[2];
    PEER peer = { .socket = -1, .process = -1 };
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return peer;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STARTER.socket);
    char *arguments[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)part, NULL };
    posix_spawn(&peer.process, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    peer.socket = ends[0];
    return peer;
}

void EndPeer(PEER peer) {
    close(peer.socket);
    if (peer.process > 0) waitpid(peer.process, NULL, 0);
}

static BOOL SendBytes(PEER peer, const void *bytes, size_t size) {
    return send(peer.socket, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static BOOL ReceiveBytes(PEER peer, void *bytes, size_t size) {
    return recv(peer.socket, bytes, size, MSG_WAITALL) == (ssize_t)size;
}

void PostMessageTo(PEER peer, UINT message, WPARAM wParam, LPARAM lParam) {
    const MSG posted = { .message = message, .wParam = wParam, .lParam = lParam };
    SendBytes(peer, &posted, sizeof posted);
}

LRESULT SendMessageTo(PEER peer, UINT message, WPARAM wParam, LPARAM lParam) {
    LRESULT result;
    PostMessageTo(peer, message, wParam, lParam);
    return ReceiveBytes(peer, &result, sizeof result) ? result : -1;
}

BOOL GetMessageFrom(PEER peer, MSG *message) { return ReceiveBytes(peer, message, sizeof *message); }

void ReplyTo(PEER peer, LRESULT result) { SendBytes(peer, &result, sizeof result); }
