/*
 * Windows: handles are the system's own, which answers for every process and notes nobody.
 */
#include "suite.h"
#include "system.h"

bool system_keeps_handles_apart(void) {
    skip("this system uses the numbers of freed handles again");
    return false;
}

bool system_asks_owners(void) {
    skip("this system answers for owners that are held");
    return false;
}

bool system_keeps_memory(void) {
    skip("this system has freed memory back at once");
    return false;
}

bool system_tells_memory_left(void) { return true; }

bool system_seals_memory(void) {
    skip("this system has no memory objects that could be sealed");
    return false;
}

bool system_bounds_what_is_taken(void) {
    skip("this system asks no process what it takes");
    return false;
}

bool system_marks_words(void) {
    skip("the kernel marks no word of a dead thread's");
    return false;
}

bool system_opens_closed_on_exec(void) { return true; }

bool system_names_senders(void) { return true; }

bool system_tells_pids(void) { return true; }

bool system_polls_in_the_kernel(void) { return true; }

bool system_wakes_loops(void) {
    skip("this system needs no service");
    return false;
}

bool system_knows_givers(void) { return false; }
