/*
 * What the doctor found, said as it is found: to people in lines, to programs in a JSON list.
 */
#ifndef SHSHARED_TOOL_FINDINGS_H
#define SHSHARED_TOOL_FINDINGS_H

#include <stdbool.h>

#include "say.h"

enum verdict {
    SOUND, /* as it should be */
    NOTED, /* it works, and somebody may want to know */
    WRONG
};

struct findings {
    bool json;
    unsigned noted, wrong;
};

void findings_begin(struct findings *findings, bool json);
void findings_end(const struct findings *findings);

/* Begin a finding about a thing: what was seen, in the words of printf(). mend is what to do about it, or "". */
SAY_FORMAT(5)
void finding(struct findings *findings, enum verdict verdict, const char *about, const char *mend, const char *format,
             ...);

#endif
