/*
 * with_libevent: take blocks in libevent's loop. See taker.h.
 */
#include <event2/event.h>
#include <shshared/shshared.h>
#include <stdlib.h>
#include <unistd.h>

#include "taker.h"

static void serve(evutil_socket_t fd, short events, void *base) {
    (void)fd, (void)events, (void)base;
    taker_serve();
}

static void read_handles(evutil_socket_t fd, short events, void *base) {
    (void)fd, (void)events;
    if (!taker_read()) (void)event_base_loopbreak(base);
}

static struct event *watch(struct event_base *base, int fd, event_callback_fn call) {
    struct event *made = event_new(base, fd, EV_READ | EV_PERSIST, call, base);
    if (made == NULL || event_add(made, NULL) == 0) return made;
    event_free(made);
    return NULL;
}

int main(void) {
    const int fd = taker_start();
    struct event_base *base = fd < 0 ? NULL : event_base_new();
    if (base == NULL) return EXIT_FAILURE;
    struct event *library = watch(base, fd, serve), *input = watch(base, STDIN_FILENO, read_handles);
    const bool watched = library != NULL && input != NULL;
    if (watched) (void)event_base_dispatch(base);
    if (library != NULL) event_free(library); /* before the library closes its descriptor */
    if (input != NULL) event_free(input);
    event_base_free(base);
    shs_stop();
    return watched ? EXIT_SUCCESS : taker_unwatched();
}
