/*
 * Who is talked to. See admission.h.
 */
#include "ipc/admission.h"

#include <unistd.h>

bool admission_allows(const struct admission *admission, const struct credentials *who) {
    if (who->user == (uint32_t)geteuid()) return true;
    return admission->admit != NULL && admission->admit(admission->context, who->pid, who->user, who->group) != 0;
}
