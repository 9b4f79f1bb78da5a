/*
 * owner [late]: a process that takes blocks, for the tests of the tool: it prints its pid, and lives until its standard
 * input ends. With "late" it takes blocks only from the first line on that it reads.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <shshared/shshared.h>

static void print_pid(void) {
    printf("%lu\n", (unsigned long)getpid()); /* shs_self() would start the library */
    fflush(stdout);
}

int main(int argc, char **argv) {
    char line[16];
    const int late = argc > 1 && strcmp(argv[1], "late") == 0;
    if (late) print_pid();
    if (late && fgets(line, sizeof line, stdin) == NULL) return 0;
    if (shs_start(NULL) != SHS_OK) return 1;
    if (!late) print_pid();
    while (fgets(line, sizeof line, stdin) != NULL)
        continue;
    shs_stop();
    return 0;
}
