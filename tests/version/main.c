/* Print the version of the header, and that of the library. */
#include <stdio.h>

#include <shshared/shshared.h>

int main(void) {
    printf("%d.%d.%d\n%s\n", SHS_VERSION_MAJOR, SHS_VERSION_MINOR, SHS_VERSION_PATCH, shs_version());
    return 0;
}
