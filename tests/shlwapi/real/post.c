/*
 * Messages as lines of text, to a process that was started and back. See post.h.
 */
#include "post.h"

#include <inttypes.h>
#include <stdlib.h>

#define LINE 100

LRESULT SendTo(PARTY *party, UINT message, WPARAM wParam, LPARAM lParam) {
    char line[LINE];
    fprintf(party->started.to, "%u %" PRIuPTR " %" PRIdPTR "\n", message, (uintptr_t)wParam, (intptr_t)lParam);
    fflush(party->started.to);
    if (fgets(line, sizeof line, party->started.from) == NULL) return -1;
    return (LRESULT)strtoll(line, NULL, 10);
}

BOOL BeginParty(PARTY *party, const char *program, const char *part) {
    if (start(program, part, &party->started) != 0) return FALSE;
    party->process = (DWORD)SendTo(party, WM_HELLO, 0, 0);
    return party->process != 0;
}

void EndParty(PARTY *party) { end_started(&party->started); }

int PlayPart(HANDLER handler) {
    char line[LINE], *at;
    while (fgets(line, sizeof line, stdin) != NULL) {
        const UINT message = (UINT)strtoul(line, &at, 10);
        const WPARAM wParam = (WPARAM)strtoull(at, &at, 10);
        const LPARAM lParam = (LPARAM)strtoll(at, &at, 10);
        const LRESULT result = message == WM_HELLO ? (LRESULT)GetCurrentProcessId() : handler(message, wParam, lParam);
        printf("%" PRIdPTR "\n", (intptr_t)result);
        fflush(stdout);
    }
    return 0;
}
