/* SPDX-License-Identifier: MIT */
/* Names, numbers and entry symbols of system calls, for each ABI the kernel answers; from libseccomp. */
#ifndef SYSCALL_NAMES_H
#define SYSCALL_NAMES_H

#include <stddef.h>

#include "syscalls.h"

enum {
	SYSCALL_NAME_MAX = 64,
};

/** syscall_number() - of a call. Return: negative when the ABI has no such call. */
int syscall_number(enum syscall_abi abi, const char *name);

/**
 * syscall_slot_name() - name of a slot of the table of counts: "openat", "i386:openat", "x32:openat", a
 * number for a call that has no name here, "unknown" for numbers no kernel has, "rt_sigreturn" for the slot
 * without a number
 */
void syscall_slot_name(size_t slot, char *buf, size_t size);

/** syscall_entry() - kernel symbol a call is entered by: "__x64_sys_openat". Static storage. Return: NULL when not known. */
const char *syscall_entry(enum syscall_abi abi, const char *name);

#endif
