/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which system call is it?
 *
 * An x86-64 kernel answers three ABIs with different numbers for the same calls, an arm64 kernel
 * two. The slot of a call is its number and its ABI together, see syscalls.h. A 32-bit call is told
 * by a flag of the running task, an x32 call by a bit of its number.
 */
#include "lib/arch.h"
#include "lib/syscalls.h"
#include "lib/task.bpf.h"

/* 1: the kernel answers 32-bit calls, and tells them from others. */
#ifndef COMPAT
#define COMPAT 0
#endif

/* A stand-in of it is generated when the program reads registers. */
struct syscall_regs;

/*
 * The number of a system call, as the kernel takes it: since 5.13 an x86-64 kernel looks at the low
 * 32 bits of the register only, so looking at more would let a call hide behind the high ones.
 */
#define CALL_NUMBER(regs) READ(regs, number)
#define SYSCALL_REGS(argument) ((struct syscall_regs *)(argument))

static inline int is_compat(void)
{
	if (COMPAT)
		return (COMPAT_STATE(CURRENT_TASK()) & COMPAT_BIT) != 0;
	return 0;
}

static inline int current_abi(u64 number)
{
	if (is_compat())
		return ABI_COMPAT;
	if (number & X32_BIT)
		return ABI_X32;
	return ABI_NATIVE;
}

/* The six arguments, as they are in the registers; see kernel_define_arguments(). */
static inline void read_registers(struct syscall_regs *regs, u64 *args)
{
	if (is_compat()) {
		args[0] = READ(regs, compat1);
		args[1] = READ(regs, compat2);
		args[2] = READ(regs, compat3);
		args[3] = READ(regs, compat4);
		args[4] = READ(regs, compat5);
		args[5] = READ(regs, compat6);
		return;
	}
	args[0] = READ(regs, arg1);
	args[1] = READ(regs, arg2);
	args[2] = READ(regs, arg3);
	args[3] = READ(regs, arg4);
	args[4] = READ(regs, arg5);
	args[5] = READ(regs, arg6);
}
