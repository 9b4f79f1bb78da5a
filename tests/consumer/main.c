/*
 * The smallest program that uses the library from outside: a block of the process's own, made, seen and freed.
 *
 * check.sh builds it in every way in which another project can come to the library. That it runs proves that headers,
 * library and flags were found and belong together; what the library does is tested elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include <shshared/shshared.h>

int main(void) {
    static const char text[] = "given";
    shs_handle handle;
    void *view;
    size_t size;
    shs_status status = shs_alloc(text, sizeof text, shs_self(), &handle);
    if (status == SHS_OK) status = shs_lock(handle, shs_self(), SHS_READ, &view, &size);
    if (status != SHS_OK) {
        printf("consumer: %s: %s\n", shs_status_name(status), shs_status_text(status));
        return 1;
    }
    const int same = size == sizeof text && memcmp(view, text, size) == 0;
    if (shs_unlock(view) != SHS_OK || shs_free(handle, shs_self()) != SHS_OK || !same) return 1;
    printf("consumer: works\n");
    return 0;
}
