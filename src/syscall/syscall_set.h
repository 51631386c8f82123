/* SPDX-License-Identifier: MIT */
/*
 * Which system calls are meant: `openat,epoll_*,%network,i386:*` and the like.
 *
 * A list holds items separated by commas:
 *
 *   openat      the call of that name, in every ABI
 *   *at         all calls whose names match the glob, in every ABI
 *   257         the call of that number, of the kernel's own ABI; it need not have a name
 *   %file       all calls of a class (see syscall_classes.h), in every ABI; %all: all calls
 *   i386:ITEM   the same in one ABI, written as in reports
 *   !ITEM       not these
 *
 * They are obeyed from left to right: `%file,!openat` is what takes a file name but openat. A list
 * that begins with a negated item is, as in strace, all but what it names: `!openat,close` leaves
 * out both.
 */
#ifndef SYSCALL_SET_H
#define SYSCALL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "syscalls.h"

/**
 * struct syscall_set - slots of the table of counts (see programs/lib/syscalls.h)
 * @bits: one a slot
 * @any:  some slot is in it; false in a zeroed set only, as a list that leaves nothing is refused
 *
 * All slots of an ABI, those of numbers without names too, are in a set by %all, by the glob `*`,
 * or by beginning with all. "unknown" is the name of SYSCALL_OTHER here as in reports. SYSCALL_NONE
 * is in a set when rt_sigreturn or sigreturn is.
 */
struct syscall_set {
	uint64_t bits[SYSCALL_SLOTS / 64];
	bool any;
};

/**
 * syscall_set_parse() - read a list
 * @set:  what it held is replaced; left alone after a failure
 * @list: several are joined with commas by the caller
 * @err:  names the item that is wrong, and names that are like it
 * Return: 0, -EINVAL, -ENOMEM.
 */
int syscall_set_parse(struct syscall_set *set, const char *list, struct error *err);

/** syscall_set_has() - Return: false for what is no slot. */
bool syscall_set_has(const struct syscall_set *set, size_t slot);

/**
 * struct syscall_entry - one call
 * @abi:     it belongs to
 * @number:  in that ABI, x32's without its bit
 * @name:    as in reports: "openat", "i386:openat"; gone after the callback
 * @classes: set of SYSCALL_CLASS_*
 */
struct syscall_entry {
	enum syscall_abi abi;
	int number;
	const char *name;
	unsigned classes;
};

/**
 * syscall_list() - tell all calls that have a name, ABI by ABI, by number
 * @entry:   is told; what it returns but 0 ends the list
 * @set:     only these, NULL: all
 * @context: for @entry
 * Return: 0, -ENOMEM, or what @entry returned last.
 */
int syscall_list(int (*entry)(const struct syscall_entry *entry, void *context),
		 const struct syscall_set *set, void *context);

#endif
