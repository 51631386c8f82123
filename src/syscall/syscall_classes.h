/* SPDX-License-Identifier: MIT */
/*
 * Classes of system calls as strace(1) has them: which calls take a file name, which take a
 * descriptor, and so on. The end-to-end tests compare the table with strace.
 */
#ifndef SYSCALL_CLASSES_H
#define SYSCALL_CLASSES_H

#include <stddef.h>

enum {
	SYSCALL_CLASS_FILE = 1 << 0,    /* takes a file name */
	SYSCALL_CLASS_DESC = 1 << 1,    /* takes or returns a file descriptor */
	SYSCALL_CLASS_PROCESS = 1 << 2, /* starts, ends, signals or waits for processes */
	SYSCALL_CLASS_NETWORK = 1 << 3,
	SYSCALL_CLASS_SIGNAL = 1 << 4,
	SYSCALL_CLASS_IPC = 1 << 5, /* System V's */
	SYSCALL_CLASS_MEMORY = 1 << 6,
	SYSCALL_CLASS_END = 1 << 7, /* one beyond the last class */
};

/**
 * syscall_classes() - the classes of a call
 * @name: without the prefix of an ABI; a name means the same in every ABI
 *
 * Return: a set of SYSCALL_CLASS_*; 0 when the call is in no class or not known.
 */
unsigned syscall_classes(const char *name);

/**
 * syscall_class_name() - the name of a class: "file" for SYSCALL_CLASS_FILE
 *
 * Return: static storage; NULL when @bit is not exactly one class.
 */
const char *syscall_class_name(unsigned bit);

/** syscall_class_bit() - the class of a name or short name ("network", "net"); 0 without one. */
unsigned syscall_class_bit(const char *name);

/** syscall_classes_entry() - name number @index of the table; NULL after the last one. */
const char *syscall_classes_entry(size_t index);

#endif
