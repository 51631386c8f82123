/* SPDX-License-Identifier: MIT */
/*
 * What differs between architectures, for the tools: arch_x86.c or arch_arm64.c fills it, and meson
 * chooses which. What the programs need too is in programs/lib/arch.h.
 */
#ifndef ARCH_FACTS_H
#define ARCH_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/arch.h"
#include "syscalls.h"

enum {
	ARCH_ARGUMENTS = 6,
	ARCH_ENTRIES = 2, /* forms of a function's name, for one ABI */
};

/**
 * struct arch_register - a register of a system call, in the kernel's struct pt_regs
 * @origin: its name there
 * @plus:   bytes behind @origin, where that is an array
 * @offset: bytes from the start of the structure, for kernels without BTF. ptrace(2) shows programs
 *          the same structure up to the arguments, so its layout has not changed since 4.9
 */
struct arch_register {
	const char *origin;
	int plus;
	int offset;
};

/** struct arch_abi - an ABI: @seccomp: as libseccomp calls it; @prefix: of names in reports */
struct arch_abi {
	uint32_t seccomp;
	const char *prefix;
};

/** struct arch_event - a tracepoint @event that is not named after its @call */
struct arch_event {
	const char *call, *event;
};

/**
 * struct arch_facts - an architecture; lists of strings end with NULL
 * @name:          for messages
 * @abis:          by enum syscall_abi
 * @number:        the register with the number of a call
 * @arguments:     those with the arguments of a native call
 * @compat:        the same for a 32-bit call
 * @compat_member: of struct task_struct: what COMPAT_STATE() reads
 * @compat_type:   its type in a program
 * @compat_offset: where that lies, if it is the same in every kernel since 4.14; or -1
 * @compat_entry:  a function that only a kernel with 32-bit calls has
 * @compat_differ: 32-bit calls with other arguments than the native ones of the same name
 * @compat_elf:    e_machine of 32-bit programs
 * @entries:       forms of the name of the function that a call enters by, for printf with the
 *                 call's name
 * @events:        tracepoints of calls that are not named after their call
 * @loads_unattachable: the kernel may load fexit programs that it cannot attach
 */
struct arch_facts {
	const char *name;
	struct arch_abi abis[ABI_COUNT];
	struct arch_register number, arguments[ARCH_ARGUMENTS], compat[ARCH_ARGUMENTS];
	const char *compat_member, *compat_type, *compat_entry;
	int compat_offset;
	const char *const *compat_differ;
	uint16_t compat_elf;
	const char *entries[ABI_COUNT][ARCH_ENTRIES];
	const struct arch_event *events;
	size_t nevents;
	bool loads_unattachable;
};

/** arch_facts - the architecture that this is compiled for */
extern const struct arch_facts arch_facts;

/**
 * arch_stack_regs() - where on a task's kernel stack the registers of its system call begin
 *
 * For kernels before 5.15, where no helper finds them.
 *
 * Return: bytes from the start of the stack.
 */
int arch_stack_regs(void);

/**
 * arch_call_compat() - make a 32-bit call from this program; where the kernel does not answer it, a
 * signal comes
 *
 * Return: whether it was answered; false where no program can.
 */
bool arch_call_compat(void);

/**
 * arch_try_compat() - make a call of another ABI; for kernel_answers()
 *
 * Return: whether the kernel answered it.
 */
bool arch_try_compat(void);

#endif
