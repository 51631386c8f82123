/* SPDX-License-Identifier: MIT */
/*
 * Variables that release what they hold at the end of their scope, so that a function can return
 * early at any point. A function that succeeds takes its result out of such a variable with
 * steal_pointer() or steal_fd().
 *
 *	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
 *
 * A descriptor that holds nothing is negative, a pointer NULL: initialise every such variable.
 */
#ifndef CLEANUP_H
#define CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free_p(void *p)
{
	free(*(void **)p);
}

/* close() is not repeated after EINTR: Linux has released the descriptor even then. */
static inline void cleanup_close_p(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose_p(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define cleanup_free __attribute__((cleanup(cleanup_free_p)))
#define cleanup_close __attribute__((cleanup(cleanup_close_p)))
#define cleanup_fclose __attribute__((cleanup(cleanup_fclose_p)))

/** steal_fd() - return the descriptor in @fd, and leave -1 there. */
static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

/** steal_pointer() - return the pointer in @p, and leave NULL there. */
#define steal_pointer(p)                                                                           \
	__extension__({                                                                            \
		__typeof__(*(p)) stolen_ = *(p);                                                   \
		*(p) = NULL;                                                                       \
		stolen_;                                                                           \
	})

/** array_size() - number of elements of an array. */
#define array_size(a) (sizeof(a) / sizeof((a)[0]))

#endif
