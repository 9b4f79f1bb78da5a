/*
 * A program with an event loop of its own: one thread waits for a timer, for messages and for the library, and answers
 * its clients in between. It also calls others that wait for it meanwhile.
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "program.h"

#define CLIENTS 3
#define LETTERS 100

static struct channel letters;
static shs_pid host;

/* Sends letters to the host, and hears its own blocks asked for at the same time. */
static void write_letters(void) {
    (void)close(letters.in);
    for (int i = 0; i < LETTERS; i++)
        post(&letters, wrap("dear host", host));
    MUST_OK(shs_probe(host));
}

static int start_timer(void) {
    const struct itimerspec often = { { 0, 2000000 }, { 0, 2000000 } };
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    MUST(timer >= 0 && timerfd_settime(timer, 0, &often, NULL) == 0);
    return timer;
}

static void read_letter(void) {
    struct parcel letter;
    char text[32];
    MUST(fetch(&letters, &letter));
    unwrap(letter, text, sizeof text);
    MUST(strcmp(text, "dear host") == 0);
}

static void loop(int timer) {
    uint64_t ticks;
    for (int left = CLIENTS * LETTERS; left > 0;) {
        struct pollfd watched[] = { { .fd = timer, .events = POLLIN },
                                    { .fd = letters.in, .events = POLLIN },
                                    { .fd = shs_poll_fd(), .events = POLLIN } };
        MUST(poll(watched, 3, -1) > 0 || errno == EINTR);
        if (watched[0].revents != 0) MUST(read(timer, &ticks, sizeof ticks) == sizeof ticks);
        if (watched[2].revents != 0) MUST_OK(shs_dispatch());
        if (watched[1].revents != 0) {
            read_letter();
            left--;
        }
    }
}

/* The clients still want to be answered when they end. */
static void loop_until_all_have_ended(void) {
    struct parcel none;
    struct pollfd watched[] = { { .fd = letters.in, .events = 0 }, { .fd = shs_poll_fd(), .events = POLLIN } };
    (void)close(letters.out);
    while ((watched[0].revents & POLLHUP) == 0) {
        MUST(poll(watched, 2, -1) > 0);
        MUST_OK(shs_dispatch());
    }
    MUST(!fetch(&letters, &none));
}

int main(void) {
    struct shs_options options = SHS_OPTIONS_INIT;
    pid_t clients[CLIENTS];
    program_begin();
    letters = channel_new();
    options.service = SHS_SERVE_APPLICATION;
    options.timeout_ms = 60000;
    MUST_OK(shs_start(&options));
    host = shs_self();
    MUST(shs_poll_fd() >= 0);
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = spawn(write_letters);
    loop(start_timer());
    loop_until_all_have_ended();
    for (int i = 0; i < CLIENTS; i++)
        join(clients[i]);
    shs_stop();
    return 0;
}
