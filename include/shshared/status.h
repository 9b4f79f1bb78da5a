/*
 * What a call of shshared.h can come to. Included by it.
 */
#ifndef SHSHARED_SHSHARED_STATUS_H
#define SHSHARED_SHSHARED_STATUS_H

/*
 * Every status: name, value, text. The values are part of the binary interface and never change their meaning. Later
 * versions may add some: treat one that you do not know as a failure.
 */
#define SHS_STATUS_LIST(X)                                                                                  \
    X(SHS_OK, 0, "success")                                                                                 \
    X(SHS_E_ARGUMENT, -1, "an argument has no meaning: a null output, an unknown access or option")         \
    X(SHS_E_HANDLE, -2, "no such block in that process: never valid, freed, or another process's handle")   \
    X(SHS_E_VIEW, -3, "no view starts at that address, or all locks of it were given back")                 \
    X(SHS_E_NO_PROCESS, -4, "no such process")                                                              \
    X(SHS_E_NOT_ATTACHED, -5,                                                                               \
      "the process lives, but takes no blocks: it has not started this library yet, looks for others in "   \
      "another runtime folder, or is in another pid namespace")                                             \
    X(SHS_E_ACCESS, -6,                                                                                     \
      "another user's process: it has not admitted this one, this one has not admitted it, or its runtime " \
      "folder is closed")                                                                                   \
    X(SHS_E_NO_MEMORY, -7, "not enough memory for the block or its view")                                   \
    X(SHS_E_LIMIT, -8, "a limit was reached: handles, descriptors, locks of one block or file size")        \
    X(SHS_E_TIMEOUT, -9, "the process did not answer in time")                                              \
    X(SHS_E_PROTOCOL, -10, "the process answered something that makes no sense, or speaks another version") \
    X(SHS_E_UNSUPPORTED, -11, "the system or this build has no such service")                               \
    X(SHS_E_SYSTEM, -12, "the operating system refused; shs_native_error() tells why")                      \
    X(SHS_E_READ_ONLY, -13, "writing through a handle for reading")                                         \
    X(SHS_E_RUNTIME_DIR, -14,                                                                               \
      "the folder in which processes find each other cannot be trusted: another user's, open to others, "   \
      "or it cannot be made")

/* The result of every operation: 0 is success, failures are negative. */
typedef enum {
#define SHS_STATUS_VALUE(name, value, text) name = value,
    SHS_STATUS_LIST(SHS_STATUS_VALUE)
#undef SHS_STATUS_VALUE
} shs_status;

#endif
