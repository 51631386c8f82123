/* SPDX-License-Identifier: MIT */
/* The calls that opener.c makes: by their names, native and 32-bit, and as requests to an io_uring.
 */
#ifndef OPENER_CALLS_H
#define OPENER_CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "opener_ring.h"

enum { PATH_BYTES = 1 << 14 };

static __thread int at_fd = AT_FDCWD;

static void die(const char *what)
{
	dprintf(STDERR_FILENO, "opener: %s: %s\n", what, strerror(errno));
	_exit(99);
}

static long number(const char *text)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 0);
	if (errno || end == text || *end) {
		errno = EINVAL;
		die(text);
	}
	return value;
}

static void unescape(const char *from, char *to, size_t size)
{
	const char *end = to + size - 1;

	while (*from && to < end) {
		unsigned byte;
		if (sscanf(from, "\\x%2x", &byte) == 1) {
			*to++ = (char)byte;
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

/* A bare child: no at-fork handlers and no set_robust_list, only clone(2). */
static pid_t raw_fork(void)
{
	return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static int reap(pid_t pid)
{
	int status;

	if (pid < 0)
		die("fork");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return status;
}

/* What a call is given; in low memory, where a 32-bit call finds it too. */
struct given {
	struct open_how how;
	size_t how_size;
	const char *path; /* NULL or into text, or an address that is none */
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	};
	char text[PATH_BYTES];
};

#if defined(__x86_64__)
enum { I386_GETPPID = 64 };

static long i386(long nr, long a, long b, long c, long d)
{
	int result = (int)nr;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"((int)a), "c"((int)b), "d"((int)c), "S"((int)d), "D"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

/* A kernel that has no 32-bit calls takes the instruction for a fault: a child tries it. */
static bool i386_is_there(void)
{
	pid_t pid = raw_fork();

	if (pid == 0)
		_exit(i386(I386_GETPPID, 0, 0, 0, 0) <= 0);
	return reap(pid) == 0;
}
#else
static long i386(long nr, long a, long b, long c, long d)
{
	(void)nr, (void)a, (void)b, (void)c, (void)d;
	return -ENOSYS;
}

static bool i386_is_there(void)
{
	return false;
}
#endif

static long native(long nr, long a, long b, long c, long d)
{
	long result = syscall(nr, a, b, c, d);

	return result < 0 ? -errno : result;
}

enum call { CALL_OPEN, CALL_CREAT, CALL_OPENAT, CALL_OPENAT2, CALL_BY_HANDLE, CALLS };

static const struct {
	const char *name;
	int native, i386;
} calls[CALLS] = {
#ifdef SYS_open
	[CALL_OPEN] = { "open", SYS_open, 5 },
	[CALL_CREAT] = { "creat", SYS_creat, 8 },
#endif
	[CALL_OPENAT] = { "openat", SYS_openat, 295 },
	[CALL_OPENAT2] = { "openat2", SYS_openat2, 437 },
	[CALL_BY_HANDLE] = { "open_by_handle_at", SYS_open_by_handle_at, 342 },
};

static int make_call(enum call call, bool compat, const struct given *given)
{
	long path = (long)given->path, flags = (long)given->how.flags, mode = (long)given->how.mode;
	long (*make)(long, long, long, long, long) = compat ? i386 : native;
	long nr = compat ? calls[call].i386 : calls[call].native;

	switch (call) {
	case CALL_OPEN:
		return (int)make(nr, path, flags, mode, 0);
	case CALL_CREAT:
		return (int)make(nr, path, mode, 0, 0);
	case CALL_OPENAT:
		return (int)make(nr, at_fd, path, flags, mode);
	case CALL_OPENAT2:
		return (int)make(nr, at_fd, path, (long)&given->how, (long)given->how_size);
	default:
		return (int)make(nr, at_fd, (long)&given->handle, flags, 0);
	}
}

static int ring_once(struct ring *ring, enum call call, unsigned sqe_flags,
		     const struct given *given)
{
	struct io_uring_sqe sqe = { .fd = at_fd,
				    .addr = (uintptr_t)given->path,
				    .flags = (uint8_t)sqe_flags };
	int result = -EIO;

	if (call == CALL_OPENAT) {
		sqe.opcode = IORING_OP_OPENAT;
		sqe.open_flags = (uint32_t)given->how.flags;
		sqe.len = (uint32_t)given->how.mode;
	} else {
		sqe.opcode = IORING_OP_OPENAT2;
		sqe.off = (uintptr_t)&given->how;
		sqe.len = (uint32_t)given->how_size;
	}
	if (!ring_open(ring, &sqe, &result))
		die("io_uring_enter");
	return result;
}

static void fill_given(struct given *given, enum call call, int argc, char **argv)
{
	const char *path = argv[3];
	int mount;

	given->path = given->text;
	if (!strcmp(path, "@null"))
		given->path = NULL;
	else if (!strcmp(path, "@bad"))
		given->path = (const char *)16;
	else
		unescape(path, given->text, sizeof(given->text));
	given->how.flags = argc > 4 ? (uint64_t)number(argv[4]) : O_RDONLY;
	given->how.mode = argc > 5 ? (uint64_t)number(argv[5]) : 0;
	given->how.resolve = argc > 6 ? (uint64_t)number(argv[6]) : 0;
	given->how_size = argc > 7 ? (size_t)number(argv[7]) : sizeof(given->how);
	if (call != CALL_BY_HANDLE)
		return;
	given->handle.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, path[0] == '@' ? "." : given->text, &given->handle, &mount,
			      0))
		die("name_to_handle_at");
	if (!strcmp(path, "@stale"))
		memset(given->handle.f_handle, 0x5a, given->handle.handle_bytes);
}

/* What is before PATH: `i386:openat`, `io_uring:openat,async`. */
struct way {
	enum call call;
	bool compat, uring, polled;
	unsigned sqe_flags;
};

static struct way parse_way(const char *text)
{
	struct way way = { .compat = !strncmp(text, "i386:", 5),
			   .uring = !strncmp(text, "io_uring:", 9) };
	const char *name = way.compat || way.uring ? strchr(text, ':') + 1 : text;
	size_t len = strcspn(name, ",");

	way.polled = strstr(text, ",poll") != NULL;
	way.sqe_flags = (strstr(text, ",async") ? IOSQE_ASYNC : 0) |
			(strstr(text, ",skip") ? IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK : 0);
	for (; way.call < CALLS; way.call++)
		if (calls[way.call].name && strlen(calls[way.call].name) == len &&
		    !strncmp(calls[way.call].name, name, len))
			return way;
	errno = EINVAL;
	die(text);
	return way;
}

#endif
