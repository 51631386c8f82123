/* SPDX-License-Identifier: MIT */
/* Keep what a library prints to stderr. See capture.h. */
#define _GNU_SOURCE
#include "capture.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

void capture_begin(struct capture *c)
{
	fflush(stderr);
	c->log = memfd_create("capture", MFD_CLOEXEC);
	c->saved = c->log < 0 ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (c->saved >= 0)
		dup2(c->log, STDERR_FILENO);
}

void capture_end(struct capture *c, char *text, size_t size)
{
	ssize_t n = 0;

	fflush(stderr);
	if (c->saved >= 0) {
		dup2(c->saved, STDERR_FILENO);
		close(c->saved);
	}
	if (text) {
		n = c->log >= 0 ? pread(c->log, text, size - 1, 0) : 0;
		text[n > 0 ? n : 0] = '\0';
	}
	if (c->log >= 0)
		close(c->log);
}
