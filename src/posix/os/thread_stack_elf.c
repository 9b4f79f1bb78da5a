/*
 * The thread-local storage of all that is loaded, as the headers of the ELF files tell it. See thread_stack.h.
 *
 * Of a file that was loaded later it may lie elsewhere: then this is more than is taken, and costs addresses alone.
 * dl_iterate_phdr() waits for nobody who runs a constructor, as dlsym() would.
 */
#include "os/thread_stack.h"

#include <link.h>

#define SURPLUS ((size_t)16 * 1024) /* of the C library, for files to come */

static int add(struct dl_phdr_info *file, size_t size, void *sum) {
    (void)size;
    for (size_t i = 0; i < file->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &file->dlpi_phdr[i];
        if (part->p_type == PT_TLS) *(size_t *)sum += part->p_memsz + part->p_align;
    }
    return 0;
}

size_t shs__thread_stack_taken(void) {
    size_t sum = SURPLUS;
    (void)dl_iterate_phdr(add, &sum);
    return sum;
}
