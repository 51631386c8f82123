/* SPDX-License-Identifier: GPL-2.0-only */
/* Keep the compiler from testing one copy of a value and using another: the verifier would lose the bound. */
#define BOUND(value, most)                                                                         \
	do {                                                                                       \
		asm volatile("" : "+r"(value));                                                    \
		if ((value) > (most))                                                              \
			(value) = (most);                                                          \
	} while (0)
