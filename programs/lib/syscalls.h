/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Counts of system calls, one per call number and ABI. An x86-64 kernel answers three ABIs, whose
 * numbers mean different calls; the ABI and the number together are the index into the table.
 */
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <linux/types.h>

enum syscall_abi {
	ABI_NATIVE, /* the kernel's own */
	ABI_COMPAT, /* 32-bit: i386 on x86-64, arm on arm64 */
	ABI_X32,    /* x86-64 with 32-bit pointers: bit 30 of the number is set */
	ABI_COUNT,
};

enum {
	ABI_CALLS = 1024,                /* room for the numbers of one ABI */
	SYSCALL_OTHER = ABI_CALLS - 2,   /* every number beyond that room, and below 0 */
	SYSCALL_NONE = ABI_CALLS - 1,    /* no number left at its return: rt_sigreturn */
	SYSCALL_SLOTS = ABI_COUNT * ABI_CALLS,
};

enum {
	SYSCALL_WORDS = 64,                    /* of bits for all slots, and more, so that no index is out of it */
	SYSCALL_NUMBER_WORDS = ABI_CALLS / 64, /* of bits for the numbers of one ABI */
};

/**
 * struct syscall_bits - a set of slots
 * @bits:    one for each slot
 * @numbers: one for each number that has a slot in the set in any ABI: most calls are none of these, and to learn
 *           which ABI a call is of takes longer
 */
struct syscall_bits {
	__u64 bits[SYSCALL_WORDS];
	__u64 numbers[SYSCALL_NUMBER_WORDS];
};
_Static_assert(SYSCALL_SLOTS <= SYSCALL_WORDS * 64, "a bit for each slot");

/**
 * struct syscall_count - one slot, per CPU; both only grow
 * @errors: of the calls, those that returned -1 to -4095. It comes first because the kernel reads it first: a call that is
 *          counted meanwhile may then be seen before its error, and never an error without its call
 */
struct syscall_count {
	__u64 errors;
	__u64 calls;
};

_Static_assert(sizeof(struct syscall_count) == 16, "same layout on both sides");

#endif
