/*
 * doctor: what only one system has, for those that have nothing to look at.
 */
#include <unistd.h>

#include "doctor.h"

void doctor_system(struct findings *findings) {
    if (getuid() == geteuid())
        finding(findings, SOUND, "user", "", "user %lu", (unsigned long)geteuid());
    else
        finding(findings, WRONG, "user", "let real, effective and saved user agree before the library starts",
                "real user %lu, effective user %lu", (unsigned long)getuid(), (unsigned long)geteuid());
}
