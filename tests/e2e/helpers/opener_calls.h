/* SPDX-License-Identifier: MIT */
/*
 * The ways to open a file that opener knows: each call by its name, made as a 64-bit program makes
 * it, as a 32-bit program does (`i386:openat`), or as a request to an io_uring
 * (`io_uring:openat,async`).
 */
#ifndef OPENER_CALLS_H
#define OPENER_CALLS_H

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stddef.h>

#include "ring.h"

enum { PATH_BYTES = 1 << 14 };

enum call { CALL_OPEN, CALL_CREAT, CALL_OPENAT, CALL_OPENAT2, CALL_BY_HANDLE, CALLS };

/**
 * struct opening - what CALL means
 * @compat: as a 32-bit program makes it
 * @uring, @polled, @sqe_flags: as a request, to a ring that the kernel polls, with these flags
 * @direct: the ring's slot RING_SLOT takes the file, and there is no descriptor to close
 */
struct opening {
	enum call call;
	bool compat, uring, polled, direct;
	unsigned sqe_flags;
};

/**
 * struct given - the arguments of a call
 *
 * Allocate it in the low 4 GB (MAP_32BIT): a 32-bit call has to find it too.
 *
 * @path: NULL, @text, or an address that cannot be read
 */
struct given {
	struct open_how how;
	size_t how_size;
	const char *path;
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	};
	char text[PATH_BYTES];
};

/* The descriptor that relative paths start from; AT_FDCWD until a step sets it. */
extern __thread int opener_at_fd;

/** opening_parse() - read CALL; dies if there is no such call */
struct opening opening_parse(const char *text);

/** opening_fill() - read the words of `open CALL N PATH [FLAGS [MODE [RESOLVE [SIZE]]]]` */
void opening_fill(const struct opening *how, struct given *given, int argc, char **argv);

/** opening_begin() - get ready; @ring is for requests. Return: can this kernel make such calls? */
bool opening_begin(const struct opening *how, struct ring *ring);

/** opening_make() - open once. Return: a descriptor or a negative errno */
int opening_make(const struct opening *how, struct ring *ring, const struct given *given);

/** native_call() - a system call. Return: its result, a negative errno if it failed */
long native_call(long nr, long a, long b, long c, long d);

#endif
