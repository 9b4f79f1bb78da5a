/*
 * A fork server: a parent that has all its libraries ready and blocks open, and forks a child for each request. Each
 * child reads what it inherited, gives its answer to whom asked, and ends.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "program.h"

#define REQUESTS 60

static struct channel questions, answers;
static shs_pid client;
static const char *greeting; /* a view that the parent has, and all its children inherit */
static struct parcel question;

static void answer(void) {
    char name[64], text[128];
    unwrap(question, name, sizeof name);
    (void)snprintf(text, sizeof text, "%s, %s", greeting, name);
    MUST_OK(shs_unlock(greeting));
    post(&answers, wrap(text, client));
}

static void serve(void) {
    const struct parcel text = wrap("good day", shs_self());
    void *view = NULL;
    (void)close(questions.out);
    MUST_OK(shs_lock(text.handle, text.owner, SHS_READ, &view, NULL));
    greeting = view;
    while (fetch(&questions, &question))
        join(spawn(answer));
    MUST(strcmp(greeting, "good day") == 0);
    MUST_OK(shs_unlock(greeting));
    MUST_OK(shs_free(text.handle, text.owner));
}

int main(void) {
    program_begin();
    questions = channel_new();
    answers = channel_new();
    program_start();
    client = shs_self();
    const pid_t server = spawn(serve);
    (void)close(answers.out);
    for (int i = 0; i < REQUESTS; i++) {
        struct parcel parcel;
        char name[32], text[128], expected[128];
        (void)snprintf(name, sizeof name, "client %d", i);
        (void)snprintf(expected, sizeof expected, "good day, %s", name);
        post(&questions, wrap(name, client));
        MUST(fetch(&answers, &parcel));
        unwrap(parcel, text, sizeof text);
        MUST(strcmp(text, expected) == 0);
    }
    (void)close(questions.out);
    join(server);
    return 0;
}
