/* SPDX-License-Identifier: MIT */
/*
 * What arguments of system calls point to, besides paths and names, which the kernel's own
 * description tells (syscall_args.h): buffers, socket addresses, argv. The table in arg_parts.c
 * says which argument of which call has which memory.
 */
#ifndef ARG_PARTS_H
#define ARG_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"

enum {
	STRING_LIMIT_DEFAULT = 32, /* bytes of a buffer or a string of argv, as strace shows */
	STRING_LIMIT_MAX = 2048,
};

/* How to show the bytes of a part. */
enum part_show {
	PART_SHOW_BYTES,   /* "a\0b"... */
	PART_SHOW_NAME,    /* the same without the NUL that ends it: getcwd */
	PART_SHOW_ADDRESS, /* of a socket */
	PART_SHOW_LENGTH,  /* of a socket address: [128 => 16] */
	PART_SHOW_INTS,    /* [3, 4] */
	PART_SHOW_SIGNALS, /* [INT CHLD] */
	PART_SHOW_TIME,    /* {tv_sec=1, tv_nsec=0} */
	PART_SHOW_STATUS,  /* of a process that wait4 waited for */
	PART_SHOW_STRINGS, /* ["ls", "-l"] */
	PART_SHOW_HEX,     /* "\xff\x01": bytes that are no text */
	PART_SHOW_STAT,    /* {st_mode=S_IFREG|0644, st_size=5, ...} */
	PART_SHOW_STATX,   /* the same of a struct statx */
	PART_SHOW_LIMIT,   /* {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY} */
	PART_SHOW_ACTION,  /* {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0} */
};

/**
 * struct part_rule - memory that some arguments point to
 * @args:   calls with the number of the argument, from 1: "read:2 pread64:2"
 * @kind:   enum call_part_kind
 * @length: enum call_part_length, and the number of an argument
 * @max:    bytes to read at most; 0: --string-limit
 * @show:   how to show it
 * @native: it has another layout in the other ABIs, and is shown only in the kernel's own
 */
struct part_rule {
	const char *args;
	uint8_t kind;
	uint8_t length;
	uint16_t max;
	enum part_show show;
	bool native;
};

/** struct arg_part - one part of a call: argument @arg, from 1; no @rule: a text */
struct arg_part {
	const struct part_rule *rule;
	uint8_t arg;
};

/**
 * arg_parts_of() - the parts that the table knows of a call
 * @call: its name, without its ABI
 * @out:  filled: PART_GIVEN first
 *
 * Return: how many.
 */
size_t arg_parts_of(const char *call, struct arg_part out[CALL_PARTS]);

/** arg_parts_max() - bytes to read of a part at most. @limit: --string-limit */
uint16_t arg_parts_max(const struct part_rule *rule, unsigned limit);

/**
 * arg_parts_kinds() - which kinds of parts some calls have
 * @wanted:  tells whether the call in a slot is one of them
 * @context: passed to @wanted
 * @limit:   --string-limit: with 0 some have no parts
 *
 * Return: a bit set, 1 << enum call_part_kind; without PART_TEXT, which is not in the table.
 */
unsigned arg_parts_kinds(bool (*wanted)(size_t slot, void *context), void *context, unsigned limit);

#endif
