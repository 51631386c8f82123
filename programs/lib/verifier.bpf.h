/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keep clang from undoing what the verifier has to see.
 *
 * The verifier learns bounds from comparisons and masks, register by register. clang knows the same
 * bounds from the C code, and leaves out or moves what it holds for superfluous. An empty asm that
 * takes the value as input and output makes the value unknown to clang, at no instruction.
 *
 * Seen to be needed with clang 14 (libbcc 0.26), which tests one copy of a value and uses another,
 * and with clang 19 (0.31), which drops a mask that clang 14 keeps.
 */

#define HIDE_FROM_CLANG(value) asm volatile("" : "+r"(value))

/* Make all that is in memory unknown to clang: it reads again what it has read or written. */
#define HIDE_MEMORY_FROM_CLANG() asm volatile("" : : : "memory")

/* Give a value an upper bound in the register that is used afterwards. All kernels need it. */
#define CLAMP_FOR_VERIFIER(value, most)                                                            \
	do {                                                                                       \
		HIDE_FROM_CLANG(value);                                                            \
		if ((value) > (most))                                                              \
			(value) = (most);                                                          \
	} while (0)
