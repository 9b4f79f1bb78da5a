/*
 * What the doctor found. See findings.h.
 */
#include "findings.h"

#include <stdarg.h>
#include <stdio.h>

#include "json.h"

static const char *const verdicts[] = { "ok", "note", "wrong" };

void findings_begin(struct findings *findings, bool json) {
    *findings = (struct findings){ .json = json };
    if (!json) return;
    json_object(NULL);
    json_list("findings");
}

static void print(enum verdict verdict, const char *about, const char *saw, const char *mend) {
    (void)printf("%-5s  %-13s  %s\n", verdicts[verdict], about, saw);
    if (mend[0] != '\0') (void)printf("%22s  -> %s\n", "", mend);
    (void)fflush(stdout); /* what comes next may take its time */
}

static void print_json(enum verdict verdict, const char *about, const char *saw, const char *mend) {
    json_object(NULL);
    json_text("verdict", verdicts[verdict]);
    json_text("about", about);
    json_text("saw", saw);
    json_text("mend", mend);
    json_end();
}

void finding(struct findings *findings, enum verdict verdict, const char *about, const char *mend, const char *format,
             ...) {
    char saw[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(saw, sizeof saw, format, arguments);
    va_end(arguments);
    if (verdict == NOTED) findings->noted++;
    if (verdict == WRONG) findings->wrong++;
    if (findings->json)
        print_json(verdict, about, saw, mend);
    else
        print(verdict, about, saw, mend);
}

void findings_end(const struct findings *findings) {
    if (findings->json) {
        json_end();
        json_bool("sound", findings->wrong == 0);
        json_number("noted", findings->noted);
        json_number("wrong", findings->wrong);
        json_end();
    } else if (findings->wrong == 0) {
        (void)puts("all is sound");
    } else {
        (void)printf("%u thing%s wrong\n", findings->wrong, findings->wrong == 1 ? " is" : "s are");
    }
}
