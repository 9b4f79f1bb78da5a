/*
 * The module that the library is part of: a program, a shared library, or a plugin into which it was linked.
 *
 * Used by state/context.c. No state.
 */
#ifndef SHSHARED_OS_MODULE_H
#define SHSHARED_OS_MODULE_H

/*
 * Have it stay where it is until the process ends, whoever unloads it: threads, exit handlers, fork handlers and the
 * ends of threads lead to its code. The shared library says so of itself; a plugin with the static one does not.
 */
void shs__module_pin(void);

#endif
