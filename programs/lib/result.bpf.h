/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a system call returned, and whether that counts.
 *
 *   FAILED_ONLY       only calls that fail
 *   FILTER_ERRNO(e)   only calls that fail with one of these
 */
#define MAX_ERRNO 4095

/* The errno of a result; 0 when it is none. */
static inline int error_of(s64 result)
{
	return (u64)result >= (u64)-MAX_ERRNO ? -result : 0;
}

static inline int result_is_wanted(int error)
{
#ifdef FAILED_ONLY
	if (!error)
		return 0;
#endif
#ifdef FILTER_ERRNO
	if (!FILTER_ERRNO(error))
		return 0;
#endif
	return 1;
}
