/* SPDX-License-Identifier: MIT */
/* Names, numbers and entry symbols of system calls, for each ABI the kernel answers; from
 * libseccomp. */
#ifndef SYSCALL_NAMES_H
#define SYSCALL_NAMES_H

#include <stddef.h>

#include "syscalls.h"

enum {
	SYSCALL_NAME_MAX = 64,
	SYSCALL_CASES_MAX = 256,
#if defined(__x86_64__)
	SYSCALL_ABIS = ABI_COUNT, /* how many this architecture has, the first ones */
#else
	SYSCALL_ABIS = ABI_X32,
#endif
};

/** syscall_prefix() - of an ABI's names in reports: "", "i386:". Static storage. @abi is below
 * SYSCALL_ABIS. */
const char *syscall_prefix(enum syscall_abi abi);

/** syscall_name() - of a number, without prefix. Return: heap memory, NULL when it has no name. */
char *syscall_name(enum syscall_abi abi, int number);

/** syscall_number() - of a call. Return: negative when the ABI has no such call. */
int syscall_number(enum syscall_abi abi, const char *name);

/**
 * syscall_slot_name() - name of a slot of the table of counts: "openat", "i386:openat",
 * "x32:openat", a number for a call that has no name here, "unknown" for numbers no kernel has,
 * "rt_sigreturn" for the slot without a number
 */
void syscall_slot_name(size_t slot, char *buf, size_t size);

/**
 * syscall_slot_cases() - "case 59: case 571: " for the slots of some calls, in each ABI
 * @names: of the calls: "execve,execveat"
 * @buf:   SYSCALL_CASES_MAX bytes
 * Return: @buf.
 */
const char *syscall_slot_cases(const char *names, char *buf);

#endif
