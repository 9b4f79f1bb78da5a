/*
 * What systems do differently, as the README's table has it. A test asks here, and knows no system by name.
 *
 * A test that needs more than the system does says so with skip(), by the functions that are named for it.
 */
#ifndef TESTS_SYSTEM_H
#define TESTS_SYSTEM_H

#include <stdbool.h>

/* A freed handle stays an error, whatever is made later. Otherwise its number is used again, which skip() says. */
bool system_keeps_handles_apart(void);

/* An owner answers for its blocks, so that one which is held costs a time limit. Otherwise the test is skipped. */
bool system_asks_owners(void);

/* Freed memory is kept for the next block. Otherwise the system has it back at once, and the test is skipped. */
bool system_keeps_memory(void);

/* Tells how much memory is left, so that what is beyond it is refused at once. Otherwise the test is skipped. */
bool system_tells_memory_left(void);

/* Has memory objects whose size can be sealed. Otherwise the test is skipped. */
bool system_seals_memory(void);

/* The kernel marks a word when the thread dies that had it. Otherwise the test is skipped. */
bool system_marks_words(void);

/* Memory of an object can be reserved before it is touched. Otherwise the test is skipped. */
bool system_reserves_memory(void);

/* A descriptor that was sent arrives though its sender closes it meanwhile. Otherwise the test is skipped. */
bool system_keeps_what_is_sent(void);

/* Descriptors can be opened that no program inherits, however it is started. Otherwise the test is skipped. */
bool system_opens_closed_on_exec(void);

/* A process can bound what others have in it. Otherwise the test is skipped. */
bool system_bounds_what_is_taken(void);

/* The kernel names who sent a message, and tells which process has connected. Otherwise the test is skipped. */
bool system_names_senders(void);
bool system_tells_pids(void);

/* Of a process that is known by its pid alone: whose it is, and since when it lives. Otherwise the test is skipped. */
bool system_tells_users(void);
bool system_tells_ages(void);

/* Of this process: which user it can become again. Otherwise the test is skipped. */
bool system_tells_saved_users(void);

/* Numbers mean something else in another namespace of pids or users. Otherwise the test is skipped. */
bool system_has_namespaces(void);

/* What is watched is listed by the kernel. Otherwise the test is skipped. */
bool system_polls_in_the_kernel(void);

/* Wakes an application whose loop serves for what is due though nobody asks. Otherwise the test is skipped. */
bool system_wakes_loops(void);

/* The list tells who gave a block; otherwise the giver is 0. */
bool system_knows_givers(void);

#endif
