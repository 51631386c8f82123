/* SPDX-License-Identifier: MIT */
/*
 * The arguments of each system call: names and C types, from the kernel's description of its
 * tracepoints (events/syscalls/sys_enter_.../format in tracefs). From a type and a name together
 * this wing decides how to show a value: as text, as a number, in hex, as a file descriptor.
 */
#ifndef SYSCALL_ARGS_H
#define SYSCALL_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arg_parts.h"
#include "arg_rules.h"
#include "calls.h"

enum {
	SYSCALL_ARG_NAME_MAX = 24,
};

enum syscall_arg_kind {
	ARG_TEXT,       /* a pointer to a NUL-terminated name or path that the call reads */
	ARG_POINTER,    /* any other pointer */
	ARG_SIGNED,     /* a number */
	ARG_UNSIGNED,   /* a number */
	ARG_HEX,        /* bits, or an address that is declared as a number */
	ARG_OCTAL,      /* permissions */
	ARG_DESCRIPTOR, /* a file descriptor, or AT_FDCWD */
};

/**
 * struct syscall_arg - one argument
 * @name:  as the kernel spells it: "dfd", "_type"; a longer name is cut
 * @kind:  how to show it
 * @bytes: how many bytes of the register are the value: 2, 4 or 8; never more than 4 in a 32-bit
 *         call, whose registers have no more
 * @rules: what its values mean; empty after syscall_args_parse(), which does not know the call
 */
struct syscall_arg {
	char name[SYSCALL_ARG_NAME_MAX];
	enum syscall_arg_kind kind;
	uint8_t bytes;
	uint8_t nrules;
	const struct arg_rule *rules[ARG_RULES_MAX];
};

/**
 * struct syscall_args - the arguments of one call
 * @args:  in the order of the registers
 * @count: how many there are
 * @wide:  one of them has 64 bits in every ABI, so that a 32-bit call passes it in two registers
 * @result: what the call returns: @bytes and @rules of it
 * @parts, @nparts: memory that arguments point to, in the program's order
 */
struct syscall_args {
	struct syscall_arg args[CALL_ARGS];
	size_t count;
	bool wide;
	struct syscall_arg result;
	struct arg_part parts[CALL_PARTS];
	size_t nparts;
};

/**
 * syscall_args_parse() - parse the text of a format file
 * @format: the text, NUL-terminated
 * @args:   filled on success
 *
 * Return: 0; -EINVAL when it is no format file, or has more arguments than there are registers.
 */
int syscall_args_parse(const char *format, struct syscall_args *args);

struct syscall_args_table;

/**
 * syscall_args_new() - read the descriptions of system calls
 * @tablep:  filled on success; release with syscall_args_free()
 * @tracefs: from tracefs_open(), and needed only during this call; -1: know nothing
 * @wanted:  tells for which slots (programs/lib/syscalls.h) to read the description; NULL: for all,
 *           which takes 5 to 10 ms
 * @context: passed to @wanted
 *
 * A description that cannot be read is no failure: the arguments of that call are unknown then.
 *
 * Return: 0 or -ENOMEM.
 */
int syscall_args_new(struct syscall_args_table **tablep, int tracefs,
		     bool (*wanted)(size_t slot, void *context), void *context);

/** syscall_args_free() - release a table; NULL is fine. */
void syscall_args_free(struct syscall_args_table *table);

/**
 * syscall_args_of() - the arguments of the call in a slot
 *
 * The kernel describes native calls only. A call of another ABI has the arguments of the native
 * call with the same name, except for the few that are known to differ.
 *
 * Return: borrowed from @table; NULL when they are unknown or @table is NULL.
 */
const struct syscall_args *syscall_args_of(const struct syscall_args_table *table, size_t slot);

/**
 * syscall_args_parts() - tell the program which memory of a call to read
 * @table:     from syscall_args_new(), or NULL
 * @slot:      of the call
 * @limit:     --string-limit
 * @only_text: nothing but paths and names
 * @parts:     filled; PART_NONE behind the last one
 */
void syscall_args_parts(const struct syscall_args_table *table, size_t slot, unsigned limit,
			bool only_text, struct call_parts *parts);

#endif
