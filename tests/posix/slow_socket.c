/*
 * Descriptors that are slow to close. See slow_socket.h.
 */
#include "slow_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "raw.h"
#include "support/expect.h"

#define LINGER 20000 /* seconds */
#define BACKLOG 12

static int listener = -1;
static struct sockaddr_in address = { .sin_family = AF_INET };

static void listen_here(void) {
    socklen_t size = sizeof address;
    const int least = 2048;
    if (listener >= 0) return;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &least, sizeof least) == 0);
    EXPECT(listen(listener, BACKLOG) == 0 && getsockname(listener, (struct sockaddr *)&address, &size) == 0);
}

int slow_socket(int *other_end) {
    static const char bytes[1 << 16];
    const struct linger long_time = { 1, LINGER };
    listen_here();
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT(made >= 0 && connect(made, (struct sockaddr *)&address, sizeof address) == 0);
    *other_end = accept(listener, NULL, NULL);
    EXPECT(*other_end >= 0);
    for (int i = 0; i < 1000 && send(made, bytes, sizeof bytes, MSG_DONTWAIT) > 0; i++) {
    }
    EXPECT(setsockopt(made, SOL_SOCKET, SO_LINGER, &long_time, sizeof long_time) == 0);
    return made;
}

int slow_parcel(int *other_end) {
    int pair[2];
    const int slow = slow_socket(other_end);
    EXPECT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    EXPECT(raw_send(pair[0], "s", 1, slow, 1));
    close(slow);
    close(pair[0]);
    return pair[1];
}

void slow_sockets_end(void) {
    close(listener);
    listener = -1;
}
