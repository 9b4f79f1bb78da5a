/*
 * Errors, said so that somebody can do something about them. See say.h.
 */
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

static const char *speaker;

void say_as(const char *command) { speaker = command; }

static void begin_line(void) {
    (void)fflush(stdout);
    if (speaker == NULL)
        (void)fputs("shshared: ", stderr);
    else
        (void)fprintf(stderr, "shshared %s: ", speaker);
}

void say(const char *format, ...) {
    va_list arguments;
    begin_line();
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

const char *advice(shs_status status) {
    switch (status) {
        case SHS_E_HANDLE:
            return "it was freed, or the handle and the pid do not belong together: shshared list PID";
        case SHS_E_NO_PROCESS:
            return "it has ended, or the pid is another pid namespace's";
        case SHS_E_NOT_ATTACHED:
            return "it must call shs_start(), and see the same runtime folder: shshared wait PID, shshared doctor";
        case SHS_E_ACCESS:
            return "be the same user, or let both programs set admit and meet in a shared folder of root's";
        case SHS_E_NO_MEMORY:
            return "free blocks, room in the runtime folder, or a limit of the control group: shshared doctor";
        case SHS_E_LIMIT:
            return "descriptors (ulimit -n), processes (-u), file size (-f) or the owner's take_limit: shshared doctor";
        case SHS_E_TIMEOUT:
            return "it is stopped, hung, or serves from an event loop that is busy: ps -o stat,wchan -p PID";
        case SHS_E_PROTOCOL:
            return "it was built with another version of the library: bring both to one";
        case SHS_E_UNSUPPORTED:
            return "the processes use other kinds of memory (SHSHARED_OBJECT), or another copy of the library is there";
        case SHS_E_READ_ONLY:
            return "the handle was mapped for reading";
        case SHS_E_RUNTIME_DIR:
            return "shshared doctor says what is wrong with the folder";
        default:
            return "";
    }
}

/* Where several errors of the system come to one status. */
static bool tells_more(shs_status status) {
    return status == SHS_E_SYSTEM || status == SHS_E_LIMIT || status == SHS_E_NO_MEMORY || status == SHS_E_RUNTIME_DIR;
}

int say_status(const char *what, shs_status status) {
    const long native = shs_native_error();
    const char *to_do = advice(status);
    say("%s: %s: %s", what, shs_status_name(status), shs_status_text(status));
    if (native > 0 && tells_more(status)) say("the system said: %s", strerror((int)native));
    if (to_do[0] != '\0') say("usually: %s", to_do);
    return EXIT_FAILED;
}

/* Who does not stand finds nobody, whatever the others do. */
int say_process_status(shs_pid pid, shs_status status) {
    char what[32];
    (void)snprintf(what, sizeof what, "process %lu", (unsigned long)pid);
    (void)say_status(what, status);
    const bool unseen = status == SHS_E_NOT_ATTACHED || status == SHS_E_TIMEOUT;
    const shs_status own = unseen ? shs_probe(shs_self()) : SHS_OK;
    return own == SHS_OK ? EXIT_FAILED : say_status("this process itself does not attach", own);
}

int say_errno(const char *what) {
    say("%s: %s", what, strerror(errno));
    return EXIT_FAILED;
}
