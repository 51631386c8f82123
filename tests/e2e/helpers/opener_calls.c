/* SPDX-License-Identifier: MIT */
/* The ways to open a file that opener knows. See opener_calls.h. */
#define _GNU_SOURCE
#include "opener_calls.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"
#include "compat.h"

__thread int opener_at_fd = AT_FDCWD;

enum {
	NO_CALL = -1, /* newer architectures have fewer ways to open */
};

static const struct {
	const char *name;
	int native, i386;
} calls[CALLS] = {
#ifdef SYS_open
	[CALL_OPEN] = { "open", SYS_open, I386_OPEN },
	[CALL_CREAT] = { "creat", SYS_creat, I386_CREAT },
#else
	[CALL_OPEN] = { "open", NO_CALL, NO_CALL },
	[CALL_CREAT] = { "creat", NO_CALL, NO_CALL },
#endif
	[CALL_OPENAT] = { "openat", SYS_openat, I386_OPENAT },
	[CALL_OPENAT2] = { "openat2", SYS_openat2, I386_OPENAT2 },
	[CALL_BY_HANDLE] = { "open_by_handle_at", SYS_open_by_handle_at, I386_OPEN_BY_HANDLE_AT },
};

struct opening opening_parse(const char *text)
{
	struct opening how = { .compat = !strncmp(text, "i386:", 5),
			       .uring = !strncmp(text, "io_uring:", 9) };
	const char *name = how.compat || how.uring ? strchr(text, ':') + 1 : text;
	size_t len = strcspn(name, ",");

	how.direct = strstr(text, ",direct") != NULL;
	how.polled = strstr(text, ",poll") != NULL;
	how.sqe_flags = (strstr(text, ",async") ? IOSQE_ASYNC : 0) |
			(strstr(text, ",skip") ? IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK : 0);
	for (; how.call < CALLS; how.call++)
		if (strlen(calls[how.call].name) == len &&
		    !strncmp(calls[how.call].name, name, len))
			return how;
	die_for(EINVAL, text);
}

static void fill_handle(struct given *given, const char *path)
{
	const char *of = path[0] == '@' ? "." : given->text;
	int mount;

	given->handle.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, of, &given->handle, &mount, 0))
		die("name_to_handle_at");
	if (!strcmp(path, "@stale"))
		memset(given->handle.f_handle, 0x5a, given->handle.handle_bytes);
}

void opening_fill(const struct opening *how, struct given *given, int argc, char **argv)
{
	const char *path = argv[3];

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
	if (how->call == CALL_BY_HANDLE)
		fill_handle(given, path);
}

bool opening_begin(const struct opening *how, struct ring *ring)
{
	if (!how->uring)
		return how->compat ? compat_is_there() : calls[how->call].native != NO_CALL;
	if (!ring_begin(ring, how->polled))
		return false;
	if (how->direct && !ring_make_slots(ring))
		return false;
	return !(how->sqe_flags & IOSQE_CQE_SKIP_SUCCESS) || ring->features & IORING_FEAT_CQE_SKIP;
}

long native_call(long nr, long a, long b, long c, long d)
{
	long result = syscall(nr, a, b, c, d);

	return result < 0 ? -errno : result;
}

static int make_call(const struct opening *opening, const struct given *given)
{
	long (*make)(long, long, long, long, long) = opening->compat ? compat_call : native_call;
	long nr = opening->compat ? calls[opening->call].i386 : calls[opening->call].native;
	long path = (long)given->path, flags = (long)given->how.flags, mode = (long)given->how.mode;
	int at = opener_at_fd;

	switch (opening->call) {
	case CALL_OPEN:
		return (int)make(nr, path, flags, mode, 0);
	case CALL_CREAT:
		return (int)make(nr, path, mode, 0, 0);
	case CALL_OPENAT:
		return (int)make(nr, at, path, flags, mode);
	case CALL_OPENAT2:
		return (int)make(nr, at, path, (long)&given->how, (long)given->how_size);
	default:
		return (int)make(nr, at, (long)&given->handle, flags, 0);
	}
}

static int make_request(const struct opening *opening, struct ring *ring, const struct given *given)
{
	struct io_uring_sqe sqe = { .fd = opener_at_fd,
				    .addr = (uintptr_t)given->path,
				    .flags = (uint8_t)opening->sqe_flags };
	int result = -EIO;

	if (opening->call == CALL_OPENAT) {
		sqe.opcode = IORING_OP_OPENAT;
		sqe.open_flags = (uint32_t)given->how.flags;
		sqe.len = (uint32_t)given->how.mode;
	} else {
		sqe.opcode = IORING_OP_OPENAT2;
		sqe.off = (uintptr_t)&given->how;
		sqe.len = (uint32_t)given->how_size;
	}
	if (opening->direct)
		sqe.splice_fd_in = RING_SLOT + 1; /* file_index, in newer headers */
	if (!ring_open(ring, &sqe, &result))
		die("io_uring_enter");
	return result;
}

int opening_make(const struct opening *how, struct ring *ring, const struct given *given)
{
	return how->uring ? make_request(how, ring, given) : make_call(how, given);
}
