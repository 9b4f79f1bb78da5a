/*
 * What the examples do where a Windows program has windows: start another process, and send it a message that carries
 * two numbers. On Windows CreateProcess() and SendMessage() stand in its place; the rest of the examples stays.
 *
 * A message is sent and waited for, as with SendMessage(); a posted one is not. A process that was started finds who
 * started it at STARTER.
 */
#ifndef EXAMPLES_TALK_H
#define EXAMPLES_TALK_H

#include <windows.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tagPEER {
    int socket;
    int process;
} PEER;

extern const PEER STARTER;

/* Start this program again, with the name of a part to play. */
PEER StartPeer(const char *program, const char *part);

/* Close the connection, at which its GetMessageFrom() returns FALSE, and wait until it has ended. */
void EndPeer(PEER peer);

/* Send a message and wait for what is replied: -1 when the peer has gone. */
LRESULT SendMessageTo(PEER peer, UINT message, WPARAM wParam, LPARAM lParam);

/* Send a message and go on. */
void PostMessageTo(PEER peer, UINT message, WPARAM wParam, LPARAM lParam);

/* Wait for a message. FALSE when there will be none. */
BOOL GetMessageFrom(PEER peer, MSG *message);

/* What SendMessageTo() returns to the peer whose message this process has received. */
void ReplyTo(PEER peer, LRESULT result);

#ifdef __cplusplus
}
#endif

#endif
