/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* System calls one by one, as they come through the perf buffer of bcc-syscalls --stream. */
#ifndef CALLS_H
#define CALLS_H

#include <linux/types.h>

enum {
	CALL_ARGS = 6,
	CALL_PARTS = 4,         /* parts of memory in the record of one call */
	CALL_GIVEN = 2,         /* of them those that are read at its beginning; they come first */
	CALL_TEXT_MAX = 256,    /* bytes of a text, its NUL included */
	CALL_STRUCT_MAX = 128,  /* bytes of a structure: a socket address is no longer */
	CALL_BYTES_MAX = 4096,  /* bytes of any part */
	CALL_MEMORY_MAX = 6144, /* bytes of all parts */
	CALL_COMM = 16,
};

enum call_flag {
	CALL_HAS_ARGS = 1,  /* its beginning was seen: arguments and duration are known */
	CALL_NO_RETURN = 2, /* exit, exit_group: there is no result */
	CALL_LATE_ARGS = 4, /* its beginning was not seen; the arguments are those at its return */
	CALL_MORE_ARGV = 8, /* there are more strings than PART_STRINGS has */
};

/* What an argument points to. */
enum call_part_kind {
	PART_NONE,
	PART_TEXT,    /* up to a NUL; read at the return */
	PART_GIVEN,   /* bytes for the call: read at its beginning, at its return if that fails */
	PART_FILLED,  /* bytes from the call: read at its return, if it succeeds */
	PART_STRINGS, /* argv of an exec: strings, each with its NUL */
};

/* How many bytes it has: LENGTH_FIXED, or the number of the argument that says it, from 1, or: */
enum call_part_length {
	LENGTH_FIXED = 0,  /* as many as @max */
	LENGTH_RESULT = 7, /* the result */
	LENGTH_AT = 8,     /* and the number of an argument: an int there says it */
};

/* Which part of a call's memory to read. */
struct call_part {
	__u8 kind;   /* enum call_part_kind */
	__u8 arg;    /* number of the argument, from 1 */
	__u8 length; /* enum call_part_length */
	__u8 zero;
	__u16 max; /* bytes to read at most; not of PART_TEXT */
};

/* Those of a call: one for each slot of syscalls.h. PART_GIVEN comes first, PART_NONE last. */
struct call_parts {
	struct call_part part[CALL_PARTS];
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
	 * Bytes of each part; 0: there were none, or they could not be read. The last byte of a
	 * text is NUL unless the text is longer than CALL_TEXT_MAX - 1.
	 */
	__u16 part_size[CALL_PARTS];
	__u8 part_arg[CALL_PARTS];  /* number of the argument that points there, from 1; 0: none */
	__u8 part_kind[CALL_PARTS]; /* enum call_part_kind */
	char memory[];              /* the parts, one after the other */
};

_Static_assert(sizeof(struct call_parts) == 24, "same layout on both sides");
_Static_assert(sizeof(struct call_event) == 120, "same layout on both sides");

#endif
