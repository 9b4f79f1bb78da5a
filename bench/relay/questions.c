/*
 * The runner's questions. See questions.h.
 */
#include "questions.h"

#include "answer.h"
#include "support.h"
#include "tail.h"

static void forget(void) {
    const struct answer nothing = { .nanoseconds = 0 };
    tail_forget();
    answer_write(&nothing);
}

void questions_answer(void (*answer)(size_t size, uint64_t count)) {
    size_t size = 0;
    uint64_t count = 0;
    while (next_question(&size, &count)) {
        if (size == 0)
            forget();
        else
            answer(size, count);
    }
}
