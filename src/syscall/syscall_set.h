/* SPDX-License-Identifier: MIT */
/*
 * Sets of system calls, written as a list: `openat,epoll_*,%network,i386:*`. A list holds items
 * separated by commas:
 *
 *   openat      the call of that name, in every ABI
 *   *at         all calls whose names match the glob, in every ABI
 *   257         the call of that number in the kernel's own ABI; it need not have a name
 *   %file       all calls of a class (syscall_classes.h), in every ABI; %all is every call
 *   i386:ITEM   the same in one ABI, with its prefix from reports
 *   !ITEM       removes what the item means
 *
 * Items apply from left to right: `%file,!openat` is every call that takes a file name, except
 * openat. A list that begins with a negated item is, as in strace(1), everything except what its
 * items mean: `!openat,close` leaves out both calls.
 */
#ifndef SYSCALL_SET_H
#define SYSCALL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "syscalls.h"

/**
 * struct syscall_set - a set of slots (programs/lib/syscalls.h)
 * @bits: one bit a slot
 * @any:  the set has a slot; false only in a zeroed set, because a list must leave something
 *
 * %all, the glob `*` and a negated first item add every slot of an ABI, also those of numbers
 * without a name. As in reports, SYSCALL_OTHER has the name "unknown". SYSCALL_NONE is in the set
 * if rt_sigreturn or sigreturn is.
 */
struct syscall_set {
	uint64_t bits[SYSCALL_SLOTS / 64];
	bool any;
};

/**
 * syscall_set_parse() - parse a list
 * @set:  replaced on success, unchanged on failure
 * @list: the items
 * @err:  filled on failure with the wrong item and similar names
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int syscall_set_parse(struct syscall_set *set, const char *list, struct error *err);

/** syscall_set_has() - is this slot in the set? False for a number that is no slot. */
bool syscall_set_has(const struct syscall_set *set, size_t slot);

/**
 * struct syscall_entry - one call of syscall_list()
 * @abi:     its ABI
 * @number:  its slot in that ABI, which syscall_kernel_number() makes the kernel's number
 * @name:    as in reports: "openat", "i386:openat"; valid during the callback only
 * @classes: set of SYSCALL_CLASS_*
 */
struct syscall_entry {
	enum syscall_abi abi;
	int number;
	const char *name;
	unsigned classes;
};

/**
 * syscall_list() - visit all calls that have a name, ABI by ABI, in the order of their numbers
 * @entry:   called for each; any result except 0 ends the list
 * @set:     visit only these calls; NULL: all
 * @context: passed to @entry
 *
 * Return: 0, -ENOMEM, or the last result of @entry.
 */
int syscall_list(int (*entry)(const struct syscall_entry *entry, void *context),
		 const struct syscall_set *set, void *context);

#endif
