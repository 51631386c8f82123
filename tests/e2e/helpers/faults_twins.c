/* SPDX-License-Identifier: MIT */
/*
 * Part of faults.c: the other names of the functions that it replaces. With _FORTIFY_SOURCE a tool
 * calls __read_chk() where it says read(), and with large files pread64() where it says pread().
 * They are the same calls: without these, such a call would pass unseen.
 *
 * tests/binaries/check-preloaded compares the names with those that the tools import.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Define `twin`, which calls the function of faults.c. */
#define TWIN(type, twin, parameters, call)                                                         \
	type twin parameters;                                                                      \
	type twin parameters                                                                       \
	{                                                                                          \
		return call;                                                                       \
	}

/* Buffers are not checked here: the tools call the checking functions themselves in other tests. */
TWIN(ssize_t, __read_chk, (int fd, void *buf, size_t size, size_t room), read(fd, buf, size))
TWIN(ssize_t, __pread_chk, (int fd, void *buf, size_t size, off_t at, size_t room),
     pread(fd, buf, size, at))
TWIN(ssize_t, __pread64_chk, (int fd, void *buf, size_t size, off64_t at, size_t room),
     pread(fd, buf, size, at))
TWIN(ssize_t, pread64, (int fd, void *buf, size_t size, off64_t at), pread(fd, buf, size, at))
TWIN(int, __poll_chk, (struct pollfd * fds, nfds_t count, int timeout, size_t room),
     poll(fds, count, timeout))
TWIN(int, __open_2, (const char *path, int flags), open(path, flags))
TWIN(int, __open64_2, (const char *path, int flags), open64(path, flags))
TWIN(int, __openat_2, (int at, const char *path, int flags), openat(at, path, flags))
TWIN(int, __openat64_2, (int at, const char *path, int flags), openat64(at, path, flags))
TWIN(int, stat64, (const char *path, struct stat64 *st), stat(path, (void *)st))
TWIN(int, fstat64, (int fd, struct stat64 *st), fstat(fd, (void *)st))
TWIN(int, fstatat64, (int at, const char *path, struct stat64 *st, int flags),
     fstatat(at, path, (void *)st, flags))
TWIN(int, setrlimit64, (__rlimit_resource_t resource, const struct rlimit64 *limit),
     setrlimit(resource, (const void *)limit))

int fcntl64(int fd, int command, ...)
{
	void *argument;
	va_list ap;

	va_start(ap, command);
	argument = va_arg(ap, void *);
	va_end(ap);
	return fcntl(fd, command, argument);
}

_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "stat");
_Static_assert(sizeof(struct rlimit) == sizeof(struct rlimit64), "rlimit");
