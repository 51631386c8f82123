/* SPDX-License-Identifier: MIT */
/*
 * The kernel function that a system call enters by, such as __x64_sys_openat. A probe there sees
 * only this call, so it costs other calls nothing.
 */
#ifndef SYSCALL_SYMBOL_H
#define SYSCALL_SYMBOL_H

#include <stdbool.h>

#include "kernel.h"
#include "syscalls.h"

enum {
	SYSCALL_SYMBOL_MAX = 64, /* bytes of a function's name, with its NUL */
};

/**
 * syscall_symbol_find() - find the function that a call enters by
 * @kernel: the running kernel
 * @abi:    the ABI of the call
 * @call:   its name: "openat"
 * @buf:    SYSCALL_SYMBOL_MAX bytes; filled when the function exists
 *
 * On a kernel without BTF this reads /proc/kallsyms, which takes tens of milliseconds.
 *
 * Return: whether the kernel has such a function.
 */
bool syscall_symbol_find(const struct kernel *kernel, enum syscall_abi abi, const char *call,
			 char *buf);

#endif
