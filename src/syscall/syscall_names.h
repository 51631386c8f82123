/* SPDX-License-Identifier: MIT */
/*
 * Names and numbers of system calls in each ABI that the kernel answers, from libseccomp, or from
 * recent_calls.h for what libseccomp does not know. Counts and events know a call by its slot
 * (programs/lib/syscalls.h), which holds ABI and number; reports show a slot as "openat" or
 * "i386:openat".
 */
#ifndef SYSCALL_NAMES_H
#define SYSCALL_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/arch.h"
#include "syscalls.h"

enum {
	SYSCALL_NAME_MAX = 64,    /* bytes of a slot's name, with its NUL */
	SYSCALL_NAMED_MAX = 18,   /* slots of the names that a program is given at once */
	SYSCALL_CASES_MAX = 256,  /* bytes that syscall_slot_cases() needs */
	SYSCALL_ABIS = ARCH_ABIS, /* of this architecture: the first ones of enum syscall_abi */
};

/**
 * syscall_prefix() - what reports put in front of an ABI's names: "", "i386:"
 * @abi: below SYSCALL_ABIS
 *
 * Return: static storage.
 */
const char *syscall_prefix(enum syscall_abi abi);

/**
 * syscall_name() - the name of a call, without prefix
 *
 * Return: heap memory; NULL when the number has no name in this ABI, or without memory.
 */
char *syscall_name(enum syscall_abi abi, int number);

/**
 * syscall_kernel_number() - a call's number as the kernel has it
 * @number: within its ABI's room of slots; the same except for PRIVATE_CALLS (lib/arch.h)
 */
int syscall_kernel_number(enum syscall_abi abi, int number);

/** syscall_number() - the number of a call; negative when the ABI has no such call. */
int syscall_number(enum syscall_abi abi, const char *name);

/**
 * syscall_slot_name() - the name of a slot
 * @slot: below SYSCALL_SLOTS
 * @buf:  filled: "openat", "i386:openat", "arm:openat"; a number for a call that is not known
 *        here; "unknown" for numbers that no kernel has; "rt_sigreturn" for SYSCALL_NONE
 * @size: bytes of @buf; SYSCALL_NAME_MAX suffices
 */
void syscall_slot_name(size_t slot, char *buf, size_t size);

/**
 * syscall_slots() - the slots of some calls in every ABI
 * @names: of the calls, separated by commas: "execve,execveat"
 * @slots: filled
 *
 * Return: how many there are.
 */
size_t syscall_slots(const char *names, uint32_t slots[SYSCALL_NAMED_MAX]);

/**
 * syscall_slot_cases() - case labels for some calls in every ABI: "case 59: case 571: "
 * @names: as for syscall_slots()
 * @buf:   SYSCALL_CASES_MAX bytes
 *
 * Return: @buf.
 */
const char *syscall_slot_cases(const char *names, char *buf);

#endif
