/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINUX_LOG2_H
#define LINUX_LOG2_H
/* A constant expression: BPF_STACK_TRACE sizes a map with it. */
#define roundup_pow_of_two(n) (1UL << (64 - __builtin_clzl((unsigned long)(n) - 1)))
#endif
