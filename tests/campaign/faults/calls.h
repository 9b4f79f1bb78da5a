/*
 * Every call by which the library asks the system for something that can be refused, and the reasons that the manual
 * gives for each.
 *
 * X(kind, type, function, failure, parameters, arguments, errnos...): kind says how the call fails. BY_ERRNO returns
 * failure with errno, BY_RESULT returns the errno value, and ANYWAY does the work and then says that it failed, as
 * close() does. BY_MESSAGE is BY_ERRNO of a message, in which nothing came. NOTHING is no errno, but the answer 0: the
 * other side has closed, or nothing was written. CMakeLists.txt reads the names of the functions here.
 *
 * Left out: what fails by a mistake of the caller alone (munmap of a whole mapping, fstat and epoll_wait of an open
 * descriptor, clock_gettime, sysconf of the page size, locking a mutex, ending a thread), and exit handlers. Of
 * syscall() and epoll_ctl() inject.c says what may be refused.
 */
#ifndef TESTS_FAULTS_CALLS_H
#define TESTS_FAULTS_CALLS_H

#define NOTHING 0

/* clang-format off */
#define CALLS(X) \
X(BY_ERRNO, int, accept, -1, (int s, void *a, void *l), (s, a, l), EAGAIN, EBADF, ECONNABORTED, EINTR, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, EPROTO) \
X(BY_ERRNO, int, accept4, -1, (int s, void *a, void *l, int f), (s, a, l, f), EAGAIN, EBADF, ECONNABORTED, EINTR, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, EPROTO) \
X(BY_ERRNO, int, bind, -1, (int s, const void *a, socklen_t l), (s, a, l), EACCES, EADDRINUSE, EADDRNOTAVAIL, EBADF, EINVAL, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EROFS) \
X(BY_ERRNO, void *, calloc, NULL, (size_t n, size_t s), (n, s), ENOMEM) \
X(ANYWAY, int, close, -1, (int f), (f), EINTR, EIO, ENOSPC, EDQUOT) \
X(BY_ERRNO, int, connect, -1, (int s, const void *a, socklen_t l), (s, a, l), EACCES, EPERM, EAFNOSUPPORT, EAGAIN, EALREADY, EBADF, ECONNREFUSED, EINPROGRESS, EINTR, EISCONN, ENETUNREACH, ENOTSOCK, EPROTOTYPE, ETIMEDOUT, ENOENT) \
X(BY_ERRNO, int, epoll_create1, -1, (int f), (f), EMFILE, ENFILE, ENOMEM) \
X(BY_ERRNO, int, epoll_wait, -1, (int p, void *e, int n, int t), (p, e, n, t), EINTR) \
X(BY_ERRNO, int, fcntl, -1, (int f, int c, void *a), (f, c, a), EACCES, EAGAIN, EBADF, EBUSY, EDEADLK, EINTR, EINVAL, EMFILE, ENOLCK, EPERM) \
X(BY_ERRNO, void *, fdopendir, NULL, (int f), (f), EBADF, ENOMEM, ENOTDIR) \
X(BY_ERRNO, void *, opendir, NULL, (const char *p), (p), EACCES, EMFILE, ENFILE, ENOENT, ENOMEM, ENOTDIR) \
X(BY_ERRNO, void *, readdir, NULL, (void *d), (d), EBADF) \
X(BY_ERRNO, int, stat, -1, (const char *p, void *b), (p, b), ENOMEM) \
X(BY_ERRNO, int, lstat, -1, (const char *p, void *b), (p, b), EACCES, ELOOP, ENOENT, ENOMEM, ENOTDIR, EOVERFLOW) \
X(BY_ERRNO, int, fstatat, -1, (int d, const char *p, void *b, int f), (d, p, b, f), EACCES, EBADF, ELOOP, ENOENT, ENOMEM, ENOTDIR, EOVERFLOW) \
X(BY_ERRNO, int, fstatfs, -1, (int f, void *b), (f, b), EBADF, EINTR, EIO, ENOMEM, ENOSYS, EOVERFLOW) \
X(BY_ERRNO, int, ftruncate, -1, (int f, off_t s), (f, s), EBADF, EFBIG, EINTR, EINVAL, EIO, EPERM) \
X(BY_ERRNO, int, getentropy, -1, (void *b, size_t s), (b, s), EIO, ENOSYS, EPERM) \
X(BY_ERRNO, int, getrlimit, -1, (int r, void *l), (r, l), EINVAL) \
X(BY_ERRNO, int, getsockopt, -1, (int s, int l, int o, void *v, void *n), (s, l, o, v, n), EBADF, EINVAL, ENOPROTOOPT, ENOTSOCK) \
X(BY_ERRNO, int, setsockopt, -1, (int s, int l, int o, const void *v, socklen_t n), (s, l, o, v, n), EBADF, EINVAL, ENOPROTOOPT, ENOTSOCK) \
X(BY_ERRNO, int, kill, -1, (pid_t p, int s), (p, s), EPERM, ESRCH) \
X(BY_ERRNO, int, listen, -1, (int s, int n), (s, n), EADDRINUSE, EBADF, EOPNOTSUPP) \
X(BY_ERRNO, int, madvise, -1, (void *p, size_t s, int a), (p, s, a), EACCES, EAGAIN, EBADF, EINVAL, EIO, ENOMEM, EPERM) \
X(BY_ERRNO, void *, malloc, NULL, (size_t s), (s), ENOMEM) \
X(BY_ERRNO, int, memfd_create, -1, (const char *n, unsigned f), (n, f), EINVAL, EMFILE, ENFILE, ENOMEM, ENOSYS, EPERM) \
X(BY_ERRNO, int, mkdir, -1, (const char *p, mode_t m), (p, m), EACCES, EDQUOT, EEXIST, ELOOP, EMLINK, ENAMETOOLONG, ENOENT, ENOMEM, ENOSPC, ENOTDIR, EPERM, EROFS) \
X(BY_ERRNO, int, mkdirat, -1, (int d, const char *p, mode_t m), (d, p, m), EACCES, EBADF, EDQUOT, EEXIST, ELOOP, EMLINK, ENAMETOOLONG, ENOENT, ENOMEM, ENOSPC, ENOTDIR, EPERM, EROFS) \
X(BY_ERRNO, void *, mmap, MAP_FAILED, (void *a, size_t s, int p, int f, int d, off_t o), (a, s, p, f, d, o), EACCES, EAGAIN, EBADF, EINVAL, ENFILE, ENODEV, ENOMEM, EOVERFLOW, EPERM, ETXTBSY) \
X(BY_ERRNO, int, open, -1, (const char *p, int f, mode_t m), (p, f, m), EACCES, EINTR, EISDIR, ELOOP, EMFILE, ENAMETOOLONG, ENFILE, ENOENT, ENOMEM, ENOTDIR, ENXIO, EOVERFLOW, EPERM, EWOULDBLOCK) \
X(BY_ERRNO, int, openat, -1, (int d, const char *p, int f, mode_t m), (d, p, f, m), EACCES, EBADF, EDQUOT, EEXIST, EFBIG, EINTR, EISDIR, ELOOP, EMFILE, ENAMETOOLONG, ENFILE, ENOENT, ENOMEM, ENOSPC, ENOTDIR, ENXIO, EOPNOTSUPP, EOVERFLOW, EPERM, EROFS, ETXTBSY, EWOULDBLOCK) \
X(BY_ERRNO, int, pipe, -1, (int *f), (f), EMFILE, ENFILE) \
X(BY_ERRNO, int, poll, -1, (void *f, nfds_t n, int t), (f, n, t), EINTR, EINVAL, ENOMEM) \
X(BY_RESULT, int, posix_fallocate, -1, (int f, off_t o, off_t s), (f, o, s), EBADF, EFBIG, EINTR, EINVAL, ENODEV, ENOSPC, EOPNOTSUPP, ESPIPE) \
X(BY_ERRNO, ssize_t, pread, -1, (int f, void *b, size_t s, off_t o), (f, b, s, o), NOTHING, EAGAIN, EBADF, EINTR, EINVAL, EIO, EISDIR) \
X(BY_ERRNO, ssize_t, pwrite, -1, (int f, const void *b, size_t s, off_t o), (f, b, s, o), NOTHING, EAGAIN, EBADF, EDQUOT, EFBIG, EINTR, EINVAL, EIO, ENOSPC, EPERM) \
X(BY_RESULT, int, pthread_atfork, -1, (void (*a)(void), void (*b)(void), void (*c)(void)), (a, b, c), ENOMEM) \
X(BY_RESULT, int, pthread_attr_init, -1, (void *a), (a), ENOMEM) \
X(BY_RESULT, int, pthread_attr_setstacksize, -1, (void *a, size_t s), (a, s), EINVAL) \
X(BY_RESULT, int, pthread_cond_init, -1, (void *c, const void *a), (c, a), EAGAIN, ENOMEM) \
X(BY_RESULT, int, pthread_condattr_init, -1, (void *a), (a), ENOMEM) \
X(BY_RESULT, int, pthread_create, -1, (void *t, const void *a, void *(*r)(void *), void *p), (t, a, r, p), EAGAIN, EINVAL, EPERM) \
X(BY_RESULT, int, pthread_key_create, -1, (void *k, void (*d)(void *)), (k, d), EAGAIN, ENOMEM) \
X(BY_RESULT, int, pthread_mutex_init, -1, (void *m, const void *a), (m, a), EAGAIN, ENOMEM, EPERM) \
X(BY_RESULT, int, pthread_setspecific, -1, (pthread_key_t k, const void *v), (k, v), ENOMEM) \
X(BY_ERRNO, ssize_t, read, -1, (int f, void *b, size_t s), (f, b, s), NOTHING, EAGAIN, EBADF, EINTR, EINVAL, EIO, EISDIR) \
X(BY_MESSAGE, ssize_t, recvmsg, -1, (int s, void *m, int f), (s, m, f), NOTHING, EAGAIN, EBADF, ECONNREFUSED, ECONNRESET, EINTR, EINVAL, ENOMEM, ENOTCONN, ENOTSOCK) \
X(BY_ERRNO, int, renameat, -1, (int a, const char *p, int b, const char *q), (a, p, b, q), EACCES, EBADF, EBUSY, EDQUOT, EISDIR, ELOOP, EMLINK, ENAMETOOLONG, ENOENT, ENOMEM, ENOSPC, ENOTDIR, EPERM, EROFS, EXDEV) \
X(BY_ERRNO, ssize_t, sendmsg, -1, (int s, const void *m, int f), (s, m, f), EACCES, EAGAIN, EBADF, ECONNRESET, EINTR, EINVAL, EMSGSIZE, ENOBUFS, ENOMEM, ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPIPE, ETOOMANYREFS) \
X(BY_ERRNO, int, shm_open, -1, (const char *n, int f, mode_t m), (n, f, m), EACCES, EEXIST, EINVAL, EMFILE, ENAMETOOLONG, ENFILE, ENOENT) \
X(ANYWAY, int, shm_unlink, -1, (const char *n), (n), EACCES, ENOENT) \
X(ANYWAY, int, shutdown, -1, (int s, int h), (s, h), EBADF, ENOTCONN, ENOTSOCK) \
X(BY_ERRNO, int, socket, -1, (int d, int t, int p), (d, t, p), EACCES, EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTONOSUPPORT) \
X(BY_ERRNO, int, sysinfo, -1, (void *i), (i), EFAULT) \
X(BY_ERRNO, int, unlinkat, -1, (int d, const char *p, int f), (d, p, f), EACCES, EBADF, EBUSY, EIO, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EPERM, EROFS) \
X(BY_ERRNO, ssize_t, write, -1, (int f, const void *b, size_t s), (f, b, s), EAGAIN, EBADF, EINTR, EIO, ENOSPC, EPIPE)

/* Those of which only some may be refused: inject.c says which. */
#define CALLS_IN_PART(X) \
X(BY_ERRNO, int, epoll_ctl, -1, (int p, int o, int f, void *e), (p, o, f, e), ENOMEM, ENOSPC) \
X(BY_ERRNO, long, syscall, -1, (long n, long a, long b, long c, long d, long e, long f), (n, a, b, c, d, e, f), EINVAL, EMFILE, ENFILE, ENODEV, ENOMEM, ENOSYS, EPERM, ESRCH)
/* clang-format on */

#define CALL_NUMBER(kind, type, function, ...) CALL_##function,
enum call { CALLS(CALL_NUMBER) CALLS_IN_PART(CALL_NUMBER) CALL_COUNT };

#endif
