/*
 * Systems whose kernel names no sender of a message: who made the connection speaks for it. See sender.h.
 */
#include "os/sender.h"

bool shs__sender_is_named(void) { return false; }

bool shs__sender_ask(int socket) {
    (void)socket;
    return true;
}

size_t shs__sender_name(struct cmsghdr *control) {
    (void)control;
    return 0;
}

bool shs__sender_of_message(const struct cmsghdr *control, struct credentials *who) {
    (void)control, (void)who;
    return false;
}
