/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* System calls one by one, as they come through the perf buffer of bcc-syscalls --stream. */
#ifndef CALLS_H
#define CALLS_H

#include <linux/types.h>

enum {
	CALL_ARGS = 6,
	CALL_TEXTS = 2,      /* arguments of one call that are read as text */
	CALL_TEXT_MAX = 256, /* bytes of one, its NUL included */
	CALL_COMM = 16,
};

enum call_flag {
	CALL_HAS_ARGS = 1,  /* its beginning was seen: arguments and duration are known */
	CALL_NO_RETURN = 2, /* exit, exit_group: there is no result */
};

/**
 * struct call_texts - which arguments of a call are text: one for each slot of syscalls.h
 * @arg: number of the argument from 1; 0: none
 */
struct call_texts {
	__u8 arg[CALL_TEXTS];
};

/**
 * struct call_event - a call that has returned
 * @time_ns:     CLOCK_MONOTONIC, when it returned
 * @duration_ns: since its beginning
 * @ret:         result, or negative errno
 * @args:        as they were in registers
 * @pid, @tid:   process and thread, as the tool's PID namespace knows them
 * @uid:         real user id
 * @call:        slot, see syscalls.h
 * @flags:       enum call_flag
 * @comm:        not NUL-terminated when 16 long
 * @text_arg:    which arguments @text has, numbers from 1; 0: none
 * @text_size:   how many bytes of each, one after the other; a NUL is the last of them unless the text is longer
 *               than CALL_TEXT_MAX - 1; 0: it could not be read
 */
struct call_event {
	__u64 time_ns;
	__u64 duration_ns;
	__s64 ret;
	__u64 args[CALL_ARGS];
	__u32 pid;
	__u32 tid;
	__u32 uid;
	__u16 call;
	__u16 flags;
	char comm[CALL_COMM];
	__u16 text_size[CALL_TEXTS];
	__u8 text_arg[CALL_TEXTS];
	__u8 zero[2];
	char text[];
};

_Static_assert(sizeof(struct call_texts) == 2, "same layout on both sides");
_Static_assert(sizeof(struct call_event) == 112, "same layout on both sides");

#endif
