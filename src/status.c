/*
 * What a status is called and what it says, and what the system said last.
 *
 * Names and texts come from the one list in the public header. The native error is kept for each thread, apart from
 * errno and GetLastError(), which the library leaves alone.
 */
#include "backend.h"

const char *shs_status_name(shs_status status) {
    switch (status) {
#define STATUS_NAME(name, value, text) \
    case name:                         \
        return #name;
        SHS_STATUS_LIST(STATUS_NAME)
#undef STATUS_NAME
    }
    return "SHS_E_UNKNOWN";
}

const char *shs_status_text(shs_status status) {
    switch (status) {
#define STATUS_TEXT(name, value, text) \
    case name:                         \
        return text;
        SHS_STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    }
    return "unknown status";
}

static _Thread_local long last_native_error;

shs_status shs__backend_error(shs_status status, long native) {
    last_native_error = native;
    return status;
}

long shs_native_error(void) { return last_native_error; }
