/*
 * Who is talked to. See admission.h.
 */
#include "ipc/admission.h"

#include <unistd.h>

bool shs__admission_allows(const struct admission *admission, const struct shs_admit_request *request) {
    if (request->user == (uint32_t)geteuid()) return true;
    return admission->admit != NULL && admission->admit(admission->context, request) != 0;
}
