/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * What differs between architectures, for both sides. Each has a header with these names:
 *
 *   ARCH_MACRO      what its compiler defines, as a string
 *   ARCH_MULTIARCH  the directory of its libraries in /usr/lib, where a system has libraries of
 *                   several architectures
 *   ARCH_ABIS       how many ABIs its kernel answers: the first ones of enum syscall_abi
 *   COMPAT_PREFIX, ARCH_ABI_NAMES
 *                   in front of names of 32-bit calls; openat in the ABIs that are not native
 *   ARCH_CALLS_X86_64, ARCH_CALLS_NOT_ARM
 *                   its ABIs (bits 1 << ABI_...) that have the calls of x86-64 alone, and those
 * that 32-bit arm lacks ARCH_FUNCTIONS(f, call) f(NAME) for each function that a call can enter by,
 * in any ABI X32_BIT         the bit of a number that makes it an x32 call; 0: none
 *   COMPAT_STATE(task), COMPAT_BIT
 *                   the word of a task, and the bit in it, that say that its calls are 32-bit ones;
 *                   read by programs; the tool supplies the member (src/system/arch_facts.h)
 *   EXEC_KEEPS_NUMBER
 *                   1: at the return of an execve the number is the old program's, while
 *                   COMPAT_STATE is the new one's already
 *   PRIVATE_CALLS   where a 32-bit ABI has PRIVATE_CALLS_COUNT more numbers, far above the others;
 * 0: nowhere. Their slots are from PRIVATE_SLOT on. LARGE_FILE_FLAG O_LARGEFILE, as its kernel has
 * it
 */
#ifndef ARCH_H
#define ARCH_H

/* What is asked for below. */
#define ARCH_MACROS                                                                                \
	{                                                                                          \
		"__x86_64__", "__aarch64__"                                                        \
	}

#if defined(__x86_64__)
#include "lib/arch_x86.h"
#elif defined(__aarch64__)
#include "lib/arch_arm64.h"
#else
#error "this architecture has no header in programs/lib; docs/HACKING.md says what it takes"
#endif

enum {
	PRIVATE_CALLS_COUNT = 16,
	PRIVATE_SLOT = 992, /* a number that no kernel gives out, in the room of an ABI */
};

#endif
