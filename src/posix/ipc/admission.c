/*
 * Who is talked to. See admission.h.
 */
#include "ipc/admission.h"

#include "os/identity.h"

bool shs__admission_allows(const struct admission *admission, const struct shs_admit_request *request) {
    if (request->user == shs__identity_user()) return true;
    return admission->admit != NULL && admission->admit(admission->context, request) != 0;
}
