/*
 * Which file a descriptor leads to, where only its file system can say: nothing is told. See file_identity.h.
 */
#include "os/file_identity.h"

bool shs__file_identity_get(int fd, struct file_identity *file) {
    (void)fd;
    *file = (struct file_identity){ 0, 0, 0 };
    return true;
}
