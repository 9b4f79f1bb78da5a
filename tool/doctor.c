/*
 * shshared doctor: what is wrong on this machine, for this user and in this environment, and how to mend it.
 */
#include "doctor.h"

#include <signal.h>
#include <stdlib.h>

#include "command.h"

static void variable(struct findings *findings, const char *name, const char *means) {
    const char *value = getenv(name);
    if (value == NULL || value[0] == '\0')
        finding(findings, SOUND, "environment", "", "%s is not set", name);
    else
        finding(findings, NOTED, "environment", means, "%s=%s", name, value);
}

void doctor_environment(struct findings *findings) {
    variable(findings, "SHSHARED_RUNTIME_DIR", "only processes with the same value find each other: else unset it");
    variable(findings, "SHSHARED_OBJECT", "memfd and shm_open force a kind of memory, in all processes; else unset it");
}

int command_doctor(const struct options *options) {
    struct findings findings;
    (void)signal(SIGXFSZ, SIG_IGN); /* a limit is to be found, not to end this; nor is a child that ended */
    (void)signal(SIGPIPE, SIG_IGN);
    findings_begin(&findings, options->json);
    doctor_environment(&findings);
    doctor_folder(&findings);
    doctor_memory(&findings);
    doctor_limits(&findings);
    doctor_system(&findings);
    doctor_works(&findings);
    doctor_others(&findings);
    findings_end(&findings);
    return findings.wrong == 0 ? EXIT_FINE : EXIT_FAILED;
}
