/*
 * POSIX: handles have generations, owners answer for themselves and know who called, memory is kept. What a system may
 * lack is told by the files that src/posix/os/systems.cmake chose for this build, by name in SYSTEM_FILES.
 */
#include "system.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

/* Does a file other than "none" do it? */
static bool has(const char *none, const char *reason) {
    if (strstr(SYSTEM_FILES, none) == NULL) return true;
    skip(reason);
    return false;
}

bool system_keeps_handles_apart(void) { return true; }

bool system_asks_owners(void) { return true; }

bool system_keeps_memory(void) { return true; }

bool system_tells_memory_left(void) {
    return has("memory_available_none", "this system does not tell how much memory is left");
}

bool system_seals_memory(void) {
    const char *wanted = getenv("SHSHARED_OBJECT");
    const bool others = wanted != NULL && strcmp(wanted, "shm_open") == 0;
    if (others) skip("the environment asks for memory objects that cannot be sealed");
    return !others && has("memfd_none", "this system has no memory objects that could be sealed");
}

bool system_marks_words(void) { return has("liveness_none", "the kernel marks no word of a dead thread's"); }

bool system_opens_closed_on_exec(void) {
    return has("newborn_none", "this system tells a descriptor only after its birth to be closed on exec");
}

bool system_names_senders(void) { return has("sender_none", "this system names no sender of a message"); }

bool system_tells_pids(void) {
    const char *reason = "this system does not tell which process has connected";
    return has("peercred_user", reason) && has("peercred_portable", reason);
}

bool system_polls_in_the_kernel(void) { return has("poller_poll", "this system's poller is a list of the library's"); }

bool system_wakes_loops(void) { return has("timer_none", "this system wakes no loop for what is due"); }

bool system_bounds_what_is_taken(void) { return true; }

bool system_knows_givers(void) { return true; }
