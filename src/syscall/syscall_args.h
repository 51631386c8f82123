/* SPDX-License-Identifier: MIT */
/*
 * What the kernel says of each system call's arguments: names and C types, from the descriptions of
 * its tracepoints (events/syscalls/sys_enter_.../format). What a type and a name together mean for
 * a reader is decided here.
 */
#ifndef SYSCALL_ARGS_H
#define SYSCALL_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"

enum {
	SYSCALL_ARG_NAME_MAX = 24,
};

enum syscall_arg_kind {
	ARG_TEXT,       /* a pointer to a NUL-terminated name or path that the call reads */
	ARG_POINTER,    /* any other */
	ARG_SIGNED,     /* number */
	ARG_UNSIGNED,   /* number */
	ARG_HEX,        /* bits, or an address that is declared as a number */
	ARG_OCTAL,      /* permissions */
	ARG_DESCRIPTOR, /* of a file; AT_FDCWD */
};

/**
 * struct syscall_arg
 * @name:  as the kernel has it: "dfd", "_type"
 * @bytes: of the register that count: 2, 4 or 8. A 32-bit call's registers have 4
 */
struct syscall_arg {
	char name[SYSCALL_ARG_NAME_MAX];
	enum syscall_arg_kind kind;
	uint8_t bytes;
};

/**
 * struct syscall_args - of one call
 * @wide: one of them has 64 bits in every ABI, and takes two registers of a 32-bit call
 */
struct syscall_args {
	struct syscall_arg args[CALL_ARGS];
	size_t count;
	bool wide;
};

/**
 * syscall_args_parse() - from the text of a format file
 * Return: 0, or -EINVAL when it is none, or names more arguments than there are registers.
 */
int syscall_args_parse(const char *format, struct syscall_args *args);

struct syscall_args_table;

/**
 * syscall_args_new() - read what the kernel says of the calls that are @wanted
 * @tracefs: from tracefs_open(), used only within; -1: there is none, and nothing will be known
 * @wanted:  is this slot (see syscalls.h) worth a file to read? NULL: all are. All of them take 5
 * to 10 ms
 * @context: for @wanted
 * Return: 0 or -ENOMEM. A description that cannot be read is no error: that call is not known.
 */
int syscall_args_new(struct syscall_args_table **tablep, int tracefs,
		     bool (*wanted)(size_t slot, void *context), void *context);

/** syscall_args_free() - NULL is fine. */
void syscall_args_free(struct syscall_args_table *table);

/**
 * syscall_args_of() - arguments of the call in this slot
 * A call of another ABI has those of the native call of the same name, unless it is known to take
 * others. Return: NULL when they are not known, as with @table NULL; else the table's.
 */
const struct syscall_args *syscall_args_of(const struct syscall_args_table *table, size_t slot);

/** syscall_args_texts() - the first arguments that are text, for the program; all 0 when none is
 * known. */
void syscall_args_texts(const struct syscall_args_table *table, size_t slot,
			struct call_texts *texts);

#endif
