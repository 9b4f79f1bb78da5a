/*
 * A program that links the library and calls nothing of it: others can give it blocks all the same.
 *
 * It says when it has been loaded, and ends when its standard input does.
 */
#include <stdio.h>

int main(void) {
    puts("loaded");
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    return 0;
}
