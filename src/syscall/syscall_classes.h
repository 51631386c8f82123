/* SPDX-License-Identifier: MIT */
/* Classes of system calls as strace has them: which calls take a file name, a descriptor, and so
 * on. */
#ifndef SYSCALL_CLASSES_H
#define SYSCALL_CLASSES_H

#include <stddef.h>

enum {
	SYSCALL_CLASS_FILE = 1 << 0, /* takes a file name */
	SYSCALL_CLASS_DESC = 1 << 1, /* takes or makes a file descriptor */
	SYSCALL_CLASS_PROCESS =
		1 << 2, /* begins, ends or waits for processes, or sends them signals */
	SYSCALL_CLASS_NETWORK = 1 << 3,
	SYSCALL_CLASS_SIGNAL = 1 << 4,
	SYSCALL_CLASS_IPC = 1 << 5, /* System V's */
	SYSCALL_CLASS_MEMORY = 1 << 6,
	SYSCALL_CLASS_END = 1 << 7,
};

/**
 * syscall_classes() - the classes a call is in
 * @name: without the ABI's prefix; a name means the same in every ABI
 * Return: a set of SYSCALL_CLASS_*, 0 when it is in none or not known.
 */
unsigned syscall_classes(const char *name);

/** syscall_class_name() - "file" for SYSCALL_CLASS_FILE. Static storage. Return: NULL when @bit is
 * not one class. */
const char *syscall_class_name(unsigned bit);

/** syscall_class_bit() - of "file", "network", "net": names and their short forms. Return: 0 when
 * there is none. */
unsigned syscall_class_bit(const char *name);

/** syscall_classes_entry() - the calls that are in a class, in the table's order. Return: NULL
 * after the last. */
const char *syscall_classes_entry(size_t index);

#endif
