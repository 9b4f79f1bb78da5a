/*
 * A shared folder for a test, as an administrator makes one, and actors that are plain users and meet in it.
 *
 * Root runs these tests; for anybody else they are skipped.
 */
#ifndef TESTS_COMMONS_H
#define TESTS_COMMONS_H

#include <stdbool.h>
#include <sys/types.h>

#include "support/child.h"

#define ANN 54331u
#define BOB 54332u
#define EVE 54333u
#define TEAM 54334u /* a group */

enum { NOBODY, EVERYBODY, ROOT_ALONE }; /* whom a process admits */

/* Make it, with this mode, as this user's. False: the test is skipped. */
bool commons_make(mode_t mode, uid_t user);
const char *commons_path(void);
void commons_use(const char *path); /* in a child: it is here */
void commons_remove(void);

/* An actor of a user who is in one more group; not attached yet, or attached. */
struct child *user_start(uint32_t user, uint32_t group);
shs_status user_attach(struct child *user, uint32_t admits);
struct child *user_start_attached(uint32_t user, uint32_t group, uint32_t admits);

/* Start the library in this process, and admit everybody. */
shs_status start_admitting(void);

#endif
