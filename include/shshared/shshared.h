/*
 * shshared: give a block of memory to a process known by nothing but its pid.
 *
 * A block lives in an owner, the process in which its handle is valid. The pair
 * (handle, owner) is all that programs send each other, by whatever means they
 * have; any process that knows the pair can lock the block (see its bytes),
 * unlock it and free it. It is the job of the Windows shell functions
 * SHAllocShared, SHLockShared, SHUnlockShared and SHFreeShared.
 *
 * This header names no operating system and works from C99 and C++11.
 *
 * Rules that hold for every function, and are not repeated below:
 *   - Errors are values of shs_status. Outputs are written only on SHS_OK.
 *   - errno is left as it was. What the system said of the last failure in this
 *     thread is told by shs_native_error().
 *   - Every function may be called from any thread at any time, but not from a
 *     signal handler, and a thread must not be cancelled or jump out of a call,
 *     be it from the handler of a fault. A thread of any priority may call, but
 *     none should count on a time: locks are held for moments by all others.
 *     The library prints nothing and never aborts.
 *   - A filter of system calls (seccomp) is installed before the start. One that
 *     comes later must let through what was needed before; membarrier() may be
 *     refused, and what is freed then stays mapped until each thread has called.
 *   - A call starts the library, with the default options where none were set,
 *     unless its arguments alone refuse it.
 *     These do not: shs_stop(), shs_unlock(), shs_view_size(), shs_poll_fd(),
 *     shs_dispatch(), shs_native_error(), shs_version(), shs_status_name() and
 *     shs_status_text().
 *   - No call waits longer for another process than the time that
 *     shs_options.timeout_ms says, whatever that process does.
 *
 * A function is described in this order: what it does, Ownership, Lifetime,
 * Errors, Threads (where there is more to say than the rule above) and From
 * (the shell's function that it does the work of).
 */
#ifndef SHSHARED_SHSHARED_H
#define SHSHARED_SHSHARED_H

#include <stddef.h>
#include <stdint.h>

#include <shshared/export.h>
#include <shshared/status.h>

#define SHS_VERSION_MAJOR 0
#define SHS_VERSION_MINOR 2
#define SHS_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* A process id, as the system's tools show it. 0 names no process. */
typedef uint32_t shs_pid;

/*
 * A number that names a block in its owner. Never 0 (0 is "no handle"), a multiple of 4, and below 2^31: it
 * survives a DWORD, an LPARAM, a sign extension, and decimal or %p text.
 */
typedef uint32_t shs_handle;

/* What a view may be used for. Writing through an SHS_READ view faults. */
typedef enum { SHS_READ = 0, SHS_READ_WRITE = 1 } shs_access;

/* Who answers the other processes. */
typedef enum {
    SHS_SERVE_DEFAULT = 0,    /* as it is, or SHS_SERVE_THREAD where nobody has said */
    SHS_SERVE_THREAD = 1,     /* a thread of the library: the owner answers while the application is busy */
    SHS_SERVE_APPLICATION = 2 /* the application's event loop: shs_poll_fd() and shs_dispatch() */
} shs_service;

/* Who wants to talk to whom. */
typedef enum {
    SHS_INCOMING = 0, /* it wants to talk to this process */
    SHS_OUTGOING = 1  /* this process wants to talk to it */
} shs_direction;

/* A process of another user. It is what the system says of it, not what it says of itself. */
struct shs_admit_request {
    shs_pid pid;          /* 0 where this process cannot see it */
    uint32_t user;        /* its effective user id */
    uint32_t group;       /* its effective group id; 0 where that is not known */
    uint32_t group_known; /* non-zero: group is known. It is not for SHS_OUTGOING */
    uint32_t direction;   /* an shs_direction */
    uint32_t reserved;    /* 0 */
};

/*
 * Asked before a process of another user is talked to, in either direction, and again with each request. Return
 * non-zero to admit it. Whoever is no longer admitted loses its connections, at the latest a second later.
 *
 * On POSIX root finds every user's processes. Those of two users find each other in a shared folder: one that root has
 * made, with mode 01777, or 01770 for a group, and that SHSHARED_RUNTIME_DIR names in the environment of both. For a
 * process that starts without admit a folder that is open to others is SHS_E_RUNTIME_DIR.
 *
 * The giver and the owner share what the one allocates for the other. A third process of another user gets the block
 * that it locks or maps, and nothing else. That takes blocks in objects of their own, as a process makes them from the
 * time on that it sets admit: the others are SHS_E_ACCESS to it. Each is a mapping of its own, as with own_pages, and
 * costs its owner two descriptors (with own_pages alone: one).
 *
 * It is called from the thread that serves or from one that calls, by several at once, and everybody waits for it: it
 * must be quick, and must not call this library.
 */
typedef int (*shs_admit)(void *context, const struct shs_admit_request *request);

/* Values for shs_options.retain. */
#define SHS_RETAIN_DEFAULT (UINT64_C(64) << 20)           /* 64 MiB */
#define SHS_RETAIN_NOTHING (UINT64_C(0xFFFFFFFFFFFFFFFF)) /* keep nothing for reuse */

/* A value for shs_options.take_limit: no limit. */
#define SHS_TAKE_ANY (UINT64_C(0xFFFFFFFFFFFFFFFF))

/*
 * How the library shall work in this process. Zero in any field but size means: leave it as it is, or the default where
 * nobody has set it. The structure can grow; a program that was built with an older or a newer one works, as long as
 * what this library does not know is zero.
 *
 * retain bounds the memory that is mapped here for blocks that nobody has any more, whoever freed them. What exceeds it
 * goes to the system before the call returns that frees a block or gives back its last view; where that is another
 * process's call, as soon as whoever serves here has taken its message, or by the next second where it could not send
 * one. With SHS_RETAIN_NOTHING nothing is kept, and a block that is alone in its memory costs what the first one did.
 * Of the descriptors that the system allows, blocks take half at most, and connections a quarter. take_limit bounds
 * what others may have allocated in this process, the room that they keep for their next blocks included, and the
 * blocks of those that have ended: beyond it they get SHS_E_LIMIT. shs_list() tells who has what. Windows gives a
 * process no say in this, and takes any.
 *
 * With await_starting, shs_alloc() and its kin and shs_map_handle() wait for a process that has not attached yet, if it
 * is younger than timeout_ms, and so long at most: a child that is given a block as soon as it was started gets it. An
 * older one that has not attached is SHS_E_NOT_ATTACHED at once. The porting layer sets it, as Windows' processes can
 * be given blocks from their beginning.
 */
struct shs_options {
    uint32_t size;           /* sizeof(struct shs_options) of the caller */
    uint32_t service;        /* an shs_service; default SHS_SERVE_THREAD */
    uint32_t timeout_ms;     /* milliseconds a call may wait for another process; default 2000 */
    uint32_t own_pages;      /* non-zero: every block that this process makes has pages of its own */
    uint64_t retain;         /* bytes of freed memory kept mapped for the next block; default SHS_RETAIN_DEFAULT */
    uint64_t take_limit;     /* bytes that others may have in this process; default SHS_TAKE_ANY */
    shs_admit admit;         /* default: processes of the same user only */
    void *admit_context;     /* passed to admit; set together with it */
    uint32_t await_starting; /* non-zero: who gives to a process that was only just started waits for it */
    uint32_t reserved;       /* 0 */
};

/* Nothing is set: struct shs_options options = SHS_OPTIONS_INIT; */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define SHS_OPTIONS_INIT \
    { sizeof(struct shs_options), SHS_SERVE_DEFAULT, 0, 0, 0, 0, nullptr, nullptr, 0, 0 }
#else
#define SHS_OPTIONS_INIT \
    { sizeof(struct shs_options), SHS_SERVE_DEFAULT, 0, 0, 0, 0, NULL, NULL, 0, 0 }
#endif

/* What shs_list() tells of a block. */
struct shs_block_info {
    uint64_t size;     /* bytes */
    shs_handle handle; /* valid in the owner that was asked */
    shs_pid giver;     /* who allocated or mapped it there, and may have ended; 0 where the system cannot tell */
    uint32_t writable; /* 0: a handle for reading only */
    uint32_t viewers;  /* processes that have a view of it by this handle at this moment, one that just died perhaps
                          among them; or SHS_VIEWERS_UNKNOWN. A third process of another user is not counted */
};

/* Where the system cannot tell: Windows. */
#define SHS_VIEWERS_UNKNOWN UINT32_MAX

/*
 * Start the library, and set options. Optional: a call starts it too. From here on other processes can give blocks to
 * this one. A library that could not attach still works for blocks of the process's own.
 *
 * Starts are counted, so that the parts of a program need not know of each other: each shs_start() that succeeds is
 * given back by one shs_stop(), and a library that was started by another call counts as started once.
 *
 * Who wins: on a library that has started, each field of options that is not zero replaces what was set, by whomever,
 * and all others stay; NULL sets nothing and changes nothing but the count. So a part that only needs the library calls
 * shs_start(NULL), and cannot disturb the program that it is in. A start that fails sets nothing and does not count.
 *
 * To others the process is its effective user's when it starts, which must be its real and its saved user, too. One
 * that takes another effective user for a moment stays what it was, and reaches nobody new meanwhile. One that gives
 * its user up for good loses all connections, and is the new user's from then on.
 *
 * Ownership: what admit_context leads to is the caller's, and must stay until the last shs_stop().
 * Lifetime:  until the last shs_stop() or the end of the process. A forked child has the same options and count; it
 *            starts anew at its first call, without handles. Views that it inherited show the blocks that were there
 *            at the fork, and can be unlocked there. (A child made by clone(2) itself: only as long as its parent has
 *            its own views of them. It must not share its parent's descriptors, with CLONE_FILES: it closes them.)
 *            Where a standard stream is closed, its number is taken for good by a descriptor that can neither be read
 *            nor written, so that no output goes to the library's files.
 * Errors:    SHS_E_ARGUMENT (size too small, an unknown service or option), SHS_E_ACCESS (the effective user is not the
 *            one of the start, or not the real and saved one, or one whom its user namespace does not know),
 *            SHS_E_RUNTIME_DIR, SHS_E_UNSUPPORTED (a second copy of the library already serves this process; or
 *            SHS_SERVE_APPLICATION where the system needs no service), SHS_E_NO_MEMORY, SHS_E_LIMIT, SHS_E_SYSTEM.
 */
SHS_API shs_status shs_start(const struct shs_options *options);

/*
 * Give back one start. The last one detaches: handles of this process are gone, others can give it nothing, and options
 * are the defaults again. Does nothing to a library that has not started. Not necessary before the process ends.
 *
 * Lifetime:  views stay valid until they are unlocked.
 * Threads:   a call of another thread that the last stop cuts into fails, with SHS_E_HANDLE, SHS_E_NOT_ATTACHED or
 *            SHS_E_PROTOCOL, or starts the library again.
 */
SHS_API void shs_stop(void);

/*
 * This process's pid, as others must name it. It changes in a forked child.
 *
 * Errors:    none: it never fails.
 */
SHS_API shs_pid shs_self(void);

/*
 * Make a block of size bytes in owner, with a copy of data, or all zeros where data is NULL. Size 0 is legal. As with
 * memcpy(), it is for the caller to see that size bytes can be read at data: where they cannot, the behaviour is
 * undefined (the caller crashes, and nobody else); where reading them waits for somebody (userfaultfd, a file on FUSE),
 * other calls of this process may wait, too.
 *
 * Ownership: the block belongs to owner. Its memory is reserved here: no access to its bytes faults for want of it.
 * Lifetime:  until its last handle is freed and its last view is given back, even when the caller ends.
 * Errors:    SHS_E_ARGUMENT (handle is NULL), SHS_E_NO_PROCESS, SHS_E_NOT_ATTACHED, SHS_E_ACCESS, SHS_E_NO_MEMORY,
 *            SHS_E_LIMIT, SHS_E_TIMEOUT, SHS_E_PROTOCOL, SHS_E_SYSTEM, SHS_E_UNSUPPORTED (a block for itself,
 *            in a process that a second copy of the library serves, as others would ask that one; or memory that can
 *            be cut, from a process without any other, which owner does not take).
 * From:      SHAllocShared.
 */
SHS_API shs_status shs_alloc(const void *data, size_t size, shs_pid owner, shs_handle *handle);

/*
 * As shs_alloc(), and room bytes in all that are the block's alone, counted from its first byte: those behind size can
 * be read and written, too, and are zero at first. The block's size is still what size says. For data that grows, and
 * for code that was written for systems where each block has the rest of its page.
 *
 * Ownership: as shs_alloc(). Every view of the block has its room, and so has every handle that is mapped from it.
 * Lifetime:  as shs_alloc().
 * Errors:    as shs_alloc(); SHS_E_ARGUMENT also where room is less than size.
 * From:      SHAllocShared, whose blocks end with a page.
 */
SHS_API shs_status shs_alloc_room(const void *data, size_t size, size_t room, shs_pid owner, shs_handle *handle);

/*
 * Make a block of size bytes in owner, and in the same step a view of it here, for writing: so a program makes what it
 * gives right where it will be, and nothing is copied or zeroed for it. What the block holds at first is unspecified:
 * zeros, or bytes of earlier blocks between the same two processes.
 *
 * Ownership: as shs_alloc() for the block; the view is given back by shs_unlock(). Tell others of the handle when the
 *            block is filled: they can lock it before.
 * Lifetime:  as shs_alloc() and shs_lock().
 * Errors:    as shs_alloc(); SHS_E_ARGUMENT also where view is NULL. Either both are there or neither is.
 */
SHS_API shs_status shs_alloc_locked(size_t size, shs_pid owner, shs_handle *handle, void **view);

/*
 * Make the block (handle, owner) visible: view is its first byte, aligned to at least 64 bytes, and not NULL even for a
 * block of size 0; size is what was asked for when the block was allocated, and may be NULL for who knows it. What lies
 * behind size, and behind the room of shs_alloc_room(), is not to be read or written: it may be another block's.
 *
 * Nothing is mutually excluded: lock is the shell's word. Who has a view for writing can change the bytes while they
 * are read here, so what must not change after it was checked is copied first.
 *
 * Ownership: each lock is given back by one shs_unlock(); two locks of one handle may give one address.
 * Lifetime:  until the last shs_unlock() of the address, even when the block is freed or its owner ends. No process can
 *            take the memory away; but where it cannot be sealed (SHSHARED_OBJECT=shm_open in the environment), one
 *            that has the block can cut it, and to touch what was cut raises SIGBUS.
 * Errors:    SHS_E_ARGUMENT (view is NULL, unknown access), SHS_E_HANDLE, SHS_E_NO_PROCESS, SHS_E_NOT_ATTACHED,
 *            SHS_E_ACCESS, SHS_E_READ_ONLY (SHS_READ_WRITE with a handle that was mapped with SHS_READ),
 *            SHS_E_NO_MEMORY, SHS_E_LIMIT, SHS_E_TIMEOUT, SHS_E_PROTOCOL, SHS_E_SYSTEM, SHS_E_UNSUPPORTED (memory that
 *            can be cut, which this process does not take).
 * From:      SHLockShared, SHLockSharedEx.
 */
SHS_API shs_status shs_lock(shs_handle handle, shs_pid owner, shs_access access, void **view, size_t *size);

/*
 * Give back one lock. view is an address that shs_lock() or shs_alloc_locked() returned, not one inside the block.
 *
 * Errors:    SHS_E_VIEW, and nothing else.
 * From:      SHUnlockShared; stricter, as an address inside a view and a second unlock fail.
 */
SHS_API shs_status shs_unlock(const void *view);

/*
 * Close the handle in its owner: it is valid no more, for nobody. Handle 0 is no block to free and succeeds, whatever
 * the owner.
 *
 * Ownership: of several threads or processes that free one handle, one succeeds.
 * Lifetime:  views that exist stay valid; the memory goes with the last of them.
 * Errors:    SHS_E_HANDLE, SHS_E_NO_PROCESS, SHS_E_NOT_ATTACHED, SHS_E_ACCESS, SHS_E_NO_MEMORY, SHS_E_LIMIT,
 *            SHS_E_TIMEOUT, SHS_E_PROTOCOL, SHS_E_SYSTEM. After any but SHS_E_HANDLE and SHS_E_NO_PROCESS the block may
 *            still live: the owner must be reached, the first time. A Windows handle that is protected from close is
 *            SHS_E_SYSTEM.
 * From:      SHFreeShared; stricter, as it can close nothing but a block of this library.
 */
SHS_API shs_status shs_free(shs_handle handle, shs_pid owner);

/*
 * Make a second handle, in process to, for the block (handle, from). The caller, from and to may be three processes. A
 * handle mapped with SHS_READ can only be locked for reading, and every handle mapped from it too: the system sees to
 * that where to is another user's process. Among processes of one user, which may debug each other, the library does.
 *
 * Ownership: each handle is freed for itself.
 * Lifetime:  the block lives until its last handle is freed and its last view is given back.
 * Errors:    as shs_lock() for from and shs_alloc() for to.
 * From:      SHMapHandle (shlwapi ordinal 11).
 */
SHS_API shs_status shs_map_handle(shs_handle handle, shs_pid from, shs_pid to, shs_access access, shs_handle *mapped);

/*
 * The size in bytes of the block that view shows: what was asked for when it was allocated.
 *
 * Errors:    SHS_E_ARGUMENT (size is NULL), SHS_E_VIEW.
 */
SHS_API shs_status shs_view_size(const void *view, size_t *size);

/*
 * Can this process be given blocks? SHS_OK says that it could a moment ago.
 *
 * Errors:    SHS_E_NO_PROCESS, SHS_E_NOT_ATTACHED, SHS_E_ACCESS, SHS_E_NO_MEMORY, SHS_E_LIMIT, SHS_E_TIMEOUT,
 *            SHS_E_PROTOCOL, SHS_E_SYSTEM; for this process itself, also SHS_E_RUNTIME_DIR and SHS_E_UNSUPPORTED, and
 *            what else its start came to.
 */
SHS_API shs_status shs_probe(shs_pid pid);

/*
 * Wait until this process can be given blocks, up to timeout_ms milliseconds; 0 is one look. For a child that was just
 * started, and for a process that starts in its own time. Who waits sleeps: the process itself wakes it when it
 * attaches, and the system when it ends (Linux; elsewhere, and in a folder that is shared between users, it is looked
 * for every second). Each look may take as long as shs_options.timeout_ms says, where the process has attached and
 * does not answer; then it looks again, while there is time. A process that this one is connected with is not asked:
 * shs_probe() tells whether it answers. On Windows, where every process can be given blocks, it is shs_probe().
 *
 * Errors:    SHS_E_TIMEOUT (it lives, and takes no blocks), SHS_E_NO_PROCESS (also as soon as it has ended), and the
 *            others of shs_probe() but SHS_E_NOT_ATTACHED.
 */
SHS_API shs_status shs_wait(shs_pid pid, uint32_t timeout_ms);

/*
 * The blocks that live in owner: fills up to capacity entries, and tells in count how many there are, which may be
 * more. blocks may be NULL when capacity is 0. The blocks may change while the list is made.
 *
 * Errors:    SHS_E_ARGUMENT (count is NULL, or blocks is NULL with a capacity), SHS_E_UNSUPPORTED (the system does not
 *            tell), SHS_E_NO_PROCESS, SHS_E_NOT_ATTACHED, SHS_E_ACCESS, SHS_E_NO_MEMORY, SHS_E_LIMIT, SHS_E_TIMEOUT,
 *            SHS_E_PROTOCOL, SHS_E_SYSTEM.
 */
SHS_API shs_status shs_list(shs_pid owner, struct shs_block_info *blocks, size_t capacity, size_t *count);

/*
 * The descriptor that becomes readable when another process wants an answer, or the library looks after its things
 * (every second or two; Linux), for the event loop of an application that serves for itself (SHS_SERVE_APPLICATION); -1
 * in every other case. Watch it for reading (POLLIN) and nothing else, level-triggered: it stays readable until
 * shs_dispatch() has taken what there is, and one call may leave some for the next round of the loop.
 *
 * Ownership: the library's: watch it, do nothing else.
 * Lifetime:  until the process forks, or the library is stopped or served in another way.
 * Errors:    none: it never fails.
 */
SHS_API int shs_poll_fd(void);

/*
 * Answer what other processes have asked, without waiting. With a service thread there is nothing to do: SHS_OK.
 *
 * Errors:    none today; SHS_E_SYSTEM is reserved for what may be said one day.
 */
SHS_API shs_status shs_dispatch(void);

/*
 * What the system said of the last failure in this thread: an errno value on POSIX, a GetLastError() value on Windows,
 * 0 where the failure was not the system's. For diagnosis only. After a success it says nothing.
 *
 * Errors:    none: it never fails.
 */
SHS_API long shs_native_error(void);

/*
 * The version of the library that this program runs with, as "0.2.0". SHS_VERSION_MAJOR, _MINOR and _PATCH are that of
 * the header with which it was built.
 *
 * Lifetime:  of the process: a static string.
 * Errors:    none: it never fails.
 */
SHS_API const char *shs_version(void);

/*
 * The status's name ("SHS_E_HANDLE") and a sentence about it.
 *
 * Lifetime:  of the process: static strings.
 * Errors:    none: other numbers are "SHS_E_UNKNOWN" and "unknown status".
 */
SHS_API const char *shs_status_name(shs_status status);
SHS_API const char *shs_status_text(shs_status status);

#ifdef __cplusplus
}
#endif

#endif
