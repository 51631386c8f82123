/* SPDX-License-Identifier: MIT */
/* Mute what a library prints to stderr. See mute_stderr.h. */
#define _GNU_SOURCE
#include "mute_stderr.h"

#include <errno.h>
#include <sys/types.h>

static ssize_t swallow(void *cookie, const char *bytes, size_t len)
{
	(void)cookie;
	(void)bytes;
	return (ssize_t)len;
}

FILE *mute_stderr_begin(void)
{
	FILE *before = stderr,
	     *nowhere = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = swallow });

	if (nowhere)
		stderr = nowhere;
	return before;
}

void mute_stderr_end(FILE *before)
{
	int saved = errno;

	if (stderr != before)
		fclose(stderr);
	stderr = before;
	errno = saved;
}
