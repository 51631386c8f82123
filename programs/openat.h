/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Opens per process, as the table of one interval holds them. */
#ifndef OPENAT_H
#define OPENAT_H

#include <linux/types.h>

/** struct openat_key - who opened. @pid: thread group id */
struct openat_key {
	__u32 pid;
};

/**
 * struct openat_value - what was counted in the interval
 * @opens:  calls
 * @failed: of those, the ones that returned an error; a call that returns in a later interval than it
 *          was made in counts as failed there
 * @comm:   of the thread that was seen first
 */
struct openat_value {
	__u64 opens;
	__u64 failed;
	char comm[16];
};

_Static_assert(sizeof(struct openat_key) == 4, "same layout on both sides");
_Static_assert(sizeof(struct openat_value) == 32, "same layout on both sides");

#endif
