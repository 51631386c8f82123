/* SPDX-License-Identifier: GPL-2.0-only */
/* What a system call returned, and whether a call with this result counts. */

/* Options: only calls that fail; only calls that fail with one of these errnos. */
#ifndef FAILED_ONLY
#define FAILED_ONLY 0
#endif
#ifdef FILTER_ERRNO
#define FILTER_ERRNOS 1
#else
#define FILTER_ERRNOS 0
#define FILTER_ERRNO(errno) 1
#endif
#define SUCCESS_COUNTS (!FAILED_ONLY && !FILTER_ERRNOS)

#define MAX_ERRNO 4095

/* The errno of a result; 0: the call has not failed. */
static inline int error_of(s64 result)
{
	return (u64)result >= (u64)-MAX_ERRNO ? -result : 0;
}

static inline int result_is_wanted(int error)
{
	if (FAILED_ONLY && !error)
		return 0;
	if (FILTER_ERRNOS && !FILTER_ERRNO(error))
		return 0;
	return 1;
}
