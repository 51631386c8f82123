/* SPDX-License-Identifier: MIT */
/* Standard output as a stream that loses nothing. See stdout_stream.h. */
#define _GNU_SOURCE
#include "stdout_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

static ssize_t write_patiently(void *cookie, const char *bytes, size_t len)
{
	struct pollfd writable = { .fd = STDOUT_FILENO, .events = POLLOUT };
	size_t done = 0;

	(void)cookie;
	/* Write all of it: fopencookie(3) takes a short write for a failure. */
	while (done < len) {
		ssize_t n = write(STDOUT_FILENO, bytes + done, len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno == EAGAIN)
			poll(&writable, 1, -1);
		else if (errno != EINTR)
			break;
	}
	return (ssize_t)done;
}

FILE *stdout_stream_open(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	/* The live view asks for the descriptor of its stream, which our own streams do not have. */
	if (isatty(STDOUT_FILENO) && flags >= 0 && !(flags & O_NONBLOCK))
		return stdout;
	return fopencookie(NULL, "w", (cookie_io_functions_t){ .write = write_patiently });
}

int output_write(const char *text, size_t len)
{
	errno = 0;
	if (write_patiently(NULL, text, len) == (ssize_t)len)
		return 0;
	return errno ? -errno : -EIO;
}
