/*
 * with_libuv: take blocks in libuv's loop, as Node.js has it. See taker.h.
 */
#include <shshared/shshared.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "taker.h"

static void serve(uv_poll_t *library, int status, int events) {
    (void)library, (void)status, (void)events;
    taker_serve();
}

static void read_handles(uv_poll_t *input, int status, int events) {
    (void)status, (void)events;
    if (taker_read()) return;
    uv_poll_stop(input);
    uv_stop(input->loop);
}

/* Not a uv_pipe_t: that would make the program's standard input non-blocking for all who have it. */
static bool watch(uv_loop_t *loop, uv_poll_t *handle, int fd, uv_poll_cb call) {
    return uv_poll_init(loop, handle, fd) == 0 && uv_poll_start(handle, UV_READABLE, call) == 0;
}

int main(void) {
    uv_loop_t *loop = uv_default_loop();
    uv_poll_t library, input;
    const int fd = taker_start();
    if (fd < 0) return EXIT_FAILURE;
    if (!watch(loop, &library, fd, serve) || !watch(loop, &input, STDIN_FILENO, read_handles)) return taker_unwatched();
    uv_run(loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&library, NULL); /* before the library closes its descriptor */
    uv_close((uv_handle_t *)&input, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
    shs_stop();
    return EXIT_SUCCESS;
}
