/*
 * Change notification: many senders, one notifier, some listeners.
 *
 * A listener registers with a block in its own process, into which the notifier writes an id. A sender allocates a
 * ticket in the notifier's process and exits at once: the ticket is safe with its owner. The notifier clones each
 * ticket and sends (handle, its own process id) to each listener, which locks the clone as a third process, while the
 * notifier does nothing but wait for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
/* <shlwapi.h> needs <windows.h>. */
#include <shlwapi.h>

#include "talk.h"

#define WM_REGISTER (WM_USER + 1) /* to the notifier; wParam: a REGISTRATION, lParam: its process */
#define WM_TICKET (WM_USER + 2)   /* to the notifier; wParam: a TICKET in its process */
#define WM_CHANGE (WM_USER + 3)   /* to a listener; wParam: a TICKET, lParam: its process */

#define LISTENERS 2
#define SENDERS 5

typedef struct tagREGISTRATION {
    LONG lEvents; /* which events the listener wants */
    DWORD dwId;   /* written by the notifier */
} REGISTRATION;

typedef struct tagTICKET {
    LONG lEvent;
    char path[60];
} TICKET;

/* The listener: replies to each change with the number of the event, or -1. */
static LRESULT OnChange(DWORD id, HANDLE shared, DWORD notifier) {
    TICKET *ticket = SHLockShared(shared, notifier);
    if (ticket == NULL) return -1;
    const LRESULT event = ticket->lEvent;
    printf("listener %u: event %d, %s\n", (unsigned)id, (int)event, ticket->path);
    fflush(stdout);
    return SHUnlockShared(ticket) ? event : -1;
}

static DWORD Register(void) {
    const DWORD me = GetCurrentProcessId();
    const REGISTRATION wanted = { .lEvents = 0x7FFFFFFF };
    HANDLE shared = SHAllocShared(&wanted, sizeof wanted, me);
    SendMessageTo(STARTER, WM_REGISTER, (WPARAM)shared, (LPARAM)me);
    REGISTRATION *registration = SHLockShared(shared, me);
    const DWORD id = registration == NULL ? 0 : registration->dwId;
    SHUnlockShared(registration);
    SHFreeShared(shared, me);
    return id;
}

static int Listener(void) {
    const DWORD id = Register();
    MSG message;
    while (GetMessageFrom(STARTER, &message))
        ReplyTo(STARTER, OnChange(id, (HANDLE)message.wParam, (DWORD)message.lParam));
    return 0;
}

static int Sender(DWORD notifier, LONG event) {
    TICKET ticket = { .lEvent = event };
    snprintf(ticket.path, sizeof ticket.path, "/home/file%d", (int)event);
    PostMessageTo(STARTER, WM_TICKET, (WPARAM)SHAllocShared(&ticket, sizeof ticket, notifier), 0);
    return 0;
}

/* The notifier: who listens. */
static PEER listeners[LISTENERS];

static void OnRegister(PEER listener, DWORD id, const MSG *message) {
    REGISTRATION *registration = SHLockShared((HANDLE)message->wParam, (DWORD)message->lParam);
    if (registration != NULL) registration->dwId = id;
    SHUnlockShared(registration);
    ReplyTo(listener, 0);
}

/* Each listener gets a clone of its own, which is freed when it has answered. How many were right? */
static int Distribute(const TICKET *ticket) {
    const DWORD me = GetCurrentProcessId();
    int right = 0;
    for (int i = 0; i < LISTENERS; i++) {
        HANDLE clone = SHAllocShared(ticket, sizeof *ticket, me);
        right += SendMessageTo(listeners[i], WM_CHANGE, (WPARAM)clone, (LPARAM)me) == ticket->lEvent;
        SHFreeShared(clone, me);
    }
    return right;
}

/* Take the ticket of a sender that has ended already. */
static int OnTicket(HANDLE shared) {
    const DWORD me = GetCurrentProcessId();
    TICKET *ticket = SHLockShared(shared, me);
    if (ticket == NULL) return 0;
    const int right = Distribute(ticket);
    SHUnlockShared(ticket);
    SHFreeShared(shared, me);
    return right;
}

static void StartListeners(const char *program) {
    MSG message;
    for (DWORD i = 0; i < LISTENERS; i++) {
        listeners[i] = StartPeer(program, "listener");
        if (GetMessageFrom(listeners[i], &message)) OnRegister(listeners[i], i + 1, &message);
    }
}

static void StartSenders(const char *program, PEER *senders) {
    for (int i = 0; i < SENDERS; i++) {
        char part[40];
        snprintf(part, sizeof part, "%u %d", (unsigned)GetCurrentProcessId(), i + 1);
        senders[i] = StartPeer(program, part);
    }
}

static int Notifier(const char *program) {
    PEER senders[SENDERS];
    MSG message;
    int right = 0;
    StartListeners(program);
    StartSenders(program, senders);
    for (int i = 0; i < SENDERS; i++) {
        const BOOL sent = GetMessageFrom(senders[i], &message);
        EndPeer(senders[i]);
        if (sent) right += OnTicket((HANDLE)message.wParam);
    }
    for (int i = 0; i < LISTENERS; i++)
        EndPeer(listeners[i]);
    printf("%d of %d notifications arrived\n", right, LISTENERS * SENDERS);
    return right != LISTENERS * SENDERS;
}

int main(int argc, char **argv) {
    if (argc == 1) return Notifier(argv[0]);
    if (strcmp(argv[1], "listener") == 0) return Listener();
    char *rest;
    const DWORD notifier = (DWORD)strtoul(argv[1], &rest, 10);
    return Sender(notifier, (LONG)strtol(rest, NULL, 10));
}
