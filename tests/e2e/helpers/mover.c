/* SPDX-License-Identifier: MIT */
/*
 * Asks an io_uring to open a file, and changes the directory before the kernel does.
 *
 *   mover DIR N NAME
 *
 * N times: in DIR a request to open NAME is submitted behind one that waits for a pipe. Then
 * DIR/other becomes the current directory, and the pipe lets go of both.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "common.h"
#include "ring.h"

enum { READ_MARK = 1, OPEN_MARK };

static void move(struct ring *ring, const int *ends, const char *dir, const char *name)
{
	char byte = 0;
	const struct io_uring_sqe wait = { .opcode = IORING_OP_READ,
					   .flags = IOSQE_IO_LINK,
					   .fd = ends[0],
					   .addr = (uintptr_t)&byte,
					   .len = 1,
					   .user_data = READ_MARK };
	const struct io_uring_sqe open = { .opcode = IORING_OP_OPENAT,
					   .fd = AT_FDCWD,
					   .addr = (uintptr_t)name,
					   .user_data = OPEN_MARK };
	int result = -1;

	if (chdir(dir))
		die("chdir");
	ring_put(ring, &wait);
	ring_put(ring, &open);
	if (!ring_submit(ring, 2))
		die("io_uring_enter");
	if (chdir("other"))
		die("chdir");
	if (write(ends[1], &byte, 1) != 1)
		die("write");
	if (!ring_wait(ring, 0, OPEN_MARK, &result))
		die("io_uring_enter");
	if (result >= 0)
		close(result);
}

int main(int argc, char **argv)
{
	struct ring ring;
	int ends[2];
	long count;

	if (argc != 4)
		die_for(EINVAL, "usage");
	count = number(argv[2]);
	if (pipe(ends))
		die("pipe");
	if (!ring_begin(&ring, false))
		die_for(ENOSYS, "io_uring_setup");
	for (long i = 0; i < count; i++)
		move(&ring, ends, argv[1], argv[3]);
	ring_end(&ring);
	return 0;
}
