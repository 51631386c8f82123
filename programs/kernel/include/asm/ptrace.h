/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers as a kprobe program's context holds them; the layout is the kernel's stable one. */
#ifndef ASM_PTRACE_H
#define ASM_PTRACE_H
#if defined(__x86_64__)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__aarch64__)
struct pt_regs {
	unsigned long regs[31], sp, pc, pstate;
};
#endif
#endif
