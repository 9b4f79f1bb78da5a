/*
 * The names of shm_open objects: made for an instant, and swept when a killed process left one behind. Used by
 * shm_object.c, and swept when a process attaches.
 */
#ifndef SHSHARED_OS_SHM_NAMES_H
#define SHSHARED_OS_SHM_NAMES_H

/* An empty object whose name is already gone; -1 with errno. */
int shs__shm_names_open(void);

/* Unlink the names that killed processes of this user left behind. */
void shs__shm_names_sweep(void);

#endif
