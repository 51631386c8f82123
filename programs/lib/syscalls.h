/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * System calls by slot: ABI and number together are an index.
 *
 * An x86-64 kernel answers three ABIs, whose numbers mean different calls.
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
	ABI_CALLS = 1024,              /* room for the numbers of one ABI */
	SYSCALL_OTHER = ABI_CALLS - 2, /* every number beyond that room, and below 0 */
	SYSCALL_NONE = ABI_CALLS - 1,  /* no number left at its return: rt_sigreturn */
	SYSCALL_SLOTS = ABI_COUNT * ABI_CALLS,
};

enum {
	SYSCALL_WORDS = 64, /* of bits, for all slots and more, so that no index is outside */
	SYSCALL_NUMBER_WORDS = ABI_CALLS / 64, /* of bits, for the numbers of one ABI */
};

/*
 * A set of slots. Most calls are not in it by their number alone; to learn the ABI of a call takes
 * longer.
 */
struct syscall_bits {
	__u64 bits[SYSCALL_WORDS];           /* a bit for each slot */
	__u64 numbers[SYSCALL_NUMBER_WORDS]; /* a bit for each number of any ABI */
};
_Static_assert(SYSCALL_SLOTS <= SYSCALL_WORDS * 64, "a bit for each slot");

/*
 * The counts of one slot on one CPU, which only grow. The errors come first, as the kernel reads
 * them first: a call that is counted meanwhile may be seen without its error, but no error without
 * a call.
 */
struct syscall_count {
	__u64 errors; /* calls that returned -1 to -4095 */
	__u64 calls;
};

_Static_assert(sizeof(struct syscall_count) == 16, "same layout on both sides");

#endif
