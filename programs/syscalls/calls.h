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
	CALL_LATE_ARGS = 4, /* its beginning was not seen; the arguments are those at its return */
};

/* Which arguments of a call are text: one for each slot of syscalls.h. */
struct call_texts {
	__u8 arg[CALL_TEXTS]; /* numbers from 1; 0: none */
};

/* A call that has returned. */
struct call_event {
	__u64 time_ns;         /* CLOCK_MONOTONIC, when it returned */
	__u64 duration_ns;     /* since its beginning */
	__s64 ret;             /* result, or negative errno */
	__u64 args[CALL_ARGS]; /* as they were in registers */
	__u32 pid;             /* process and thread, as the tool's PID namespace knows them */
	__u32 tid;
	__u32 uid;            /* real user id */
	__u16 call;           /* slot, see syscalls.h */
	__u16 flags;          /* enum call_flag */
	char comm[CALL_COMM]; /* without a NUL when 16 long */
	/*
	 * Bytes of each text; 0: it could not be read. A NUL is the last of them unless the text is
	 * longer than CALL_TEXT_MAX - 1.
	 */
	__u16 text_size[CALL_TEXTS];
	__u8 text_arg[CALL_TEXTS]; /* which arguments the texts are, from 1; 0: none */
	__u8 zero[2];
	char text[]; /* the texts, one after the other */
};

_Static_assert(sizeof(struct call_texts) == 2, "same layout on both sides");
_Static_assert(sizeof(struct call_event) == 112, "same layout on both sides");

#endif
