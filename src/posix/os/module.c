/*
 * The module that the library is part of. See module.h.
 *
 * dlopen() and dladdr() are asked for weakly: a program that is linked statically has neither, and can unload nothing.
 */
#include "os/module.h"

#include <dlfcn.h>
#include <stddef.h>

#pragma weak dladdr
#pragma weak dlopen
#pragma weak dlerror

void shs__module_pin(void) {
    static const char inside = 0;
    Dl_info about;
    if (dladdr == NULL || dlopen == NULL || dlerror == NULL || dladdr(&inside, &about) == 0) return;
    if (dlopen(about.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE) == NULL)
        (void)dlerror(); /* it is the program itself; and nobody else shall take the message for theirs */
}
