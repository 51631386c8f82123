/* SPDX-License-Identifier: MIT */
/* A record of programs/syscalls/stream.bpf.c, checked, and what its parts are. */
#ifndef SYSCALLS_CALL_H
#define SYSCALLS_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"
#include "syscall_args.h"
#include "syscall_names.h"

/* Stands behind what is not shown in full. */
#define CALL_CUT "..."

/** struct call_text - an argument's text; no @bytes: it has none. @cut: there was more */
struct call_text {
	const char *bytes;
	size_t len;
	bool cut;
};

/**
 * struct call_memory - other memory that an argument points to
 * @rule:  what it is; NULL: this part of a record is not there
 * @bytes: borrowed
 * @arg:   number of the argument, from 1
 */
struct call_memory {
	const struct part_rule *rule;
	const char *bytes;
	size_t len;
	uint8_t arg;
};

/**
 * struct call - a record that has been checked
 * @event:     the record; borrowed
 * @args:      borrowed; NULL: names are not known
 * @texts:     by argument
 * @memory:    by part
 * @limit:     bytes of a buffer to show
 * @slot_name: "i386:openat"
 * @name:      "openat", within it
 * @bytes:     of a register
 */
struct call {
	const struct call_event *event;
	const struct syscall_args *args;
	struct call_text texts[CALL_ARGS];
	struct call_memory memory[CALL_PARTS];
	unsigned limit;
	char slot_name[SYSCALL_NAME_MAX];
	const char *name;
	unsigned bytes;
};

/**
 * call_take() - check a record
 * @data: as the program sent it, 8-byte aligned; borrowed by @call
 * @size: its bytes; up to 7 more are the padding of a perf record
 * @args: what is known of arguments; may be NULL
 * @limit: --string-limit
 *
 * Return: 0, or -EINVAL when it is no such record.
 */
int call_take(struct call *call, const void *data, size_t size,
	      const struct syscall_args_table *args, unsigned limit);

/** call_arg_count() - how many arguments it has, or may have if they are not known. */
size_t call_arg_count(const struct call *call);

/** call_has_args() - are their values known? */
bool call_has_args(const struct call *call);

/** call_arg_bytes() - how many bytes of the register of argument @i count. */
unsigned call_arg_bytes(const struct call *call, size_t i);

/** call_arg_value() - what counts of that register, with the sign of its type or as unsigned. */
uint64_t call_arg_value(const struct call *call, size_t i, bool with_sign);

/** call_arg_is_signed() - has its type a sign? */
bool call_arg_is_signed(const struct call *call, size_t i);

/** call_error() - the errno that it returned; 0: it did not fail. */
int call_error(const struct call *call);

/** call_duration_is_known() - exit has a beginning and no end. */
bool call_duration_is_known(const struct call *call);

#endif
