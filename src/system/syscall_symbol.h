/* SPDX-License-Identifier: MIT */
/* The kernel function that a system call enters by: where probes on that call alone go. */
#ifndef SYSCALL_SYMBOL_H
#define SYSCALL_SYMBOL_H

#include <stdbool.h>

#include "kernel.h"
#include "syscalls.h"

enum {
	ENTRY_MAX = 64,
};

/**
 * entry_symbol() - "__x64_sys_openat"
 * @call: the call's name
 * @buf:  ENTRY_MAX bytes
 * A kernel without BTF is asked by way of /proc/kallsyms, which takes tens of milliseconds.
 * Return: whether the kernel has it.
 */
bool entry_symbol(const struct kernel *kernel, enum syscall_abi abi, const char *call, char *buf);

#endif
