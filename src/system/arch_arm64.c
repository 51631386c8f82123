/* SPDX-License-Identifier: MIT */
/* arm64. See arch_facts.h. */
#define _GNU_SOURCE
#include "arch_facts.h"

#include <elf.h>
#include <seccomp.h>
#include <unistd.h>

static const char *const compat_differ[] = { NULL };

static const struct arch_event events[] = {
	{ "fadvise64", "fadvise64_64" },
	{ "personality", "arm64_personality" },
};

const struct arch_facts arch_facts = {
	.name = "arm64",
	.abis = {
		[ABI_NATIVE] = { SCMP_ARCH_AARCH64, "" },
		[ABI_COMPAT] = { SCMP_ARCH_ARM, COMPAT_PREFIX },
		[ABI_X32] = { SCMP_ARCH_AARCH64, "?:" },
	},
	.number = { "syscallno", 0, 280 },
	/* The result overwrites the first of the array; orig_x0 keeps the argument. */
	.arguments = {
		{ "orig_x0", 0, 272 }, { "regs", 8, 8 },   { "regs", 16, 16 },
		{ "regs", 24, 24 },    { "regs", 32, 32 }, { "regs", 40, 40 },
	},
	.compat = {
		{ "orig_x0", 0, 272 }, { "regs", 8, 8 },   { "regs", 16, 16 },
		{ "regs", 24, 24 },    { "regs", 32, 32 }, { "regs", 40, 40 },
	},
	.compat_member = "thread_info.flags",
	.compat_type = "u64",
	/* Assembly finds the flags at the start of thread_info, and that at the start of the task. */
	.compat_offset = 0,
	.compat_entry = "__arm64_compat_sys_openat",
	.compat_differ = compat_differ,
	.compat_elf = EM_ARM,
	/* A 32-bit call whose arguments need no conversion enters by the native function. */
	.entries = {
		[ABI_NATIVE] = { "__arm64_sys_%s" },
		[ABI_COMPAT] = { "__arm64_compat_sys_%s" },
	},
	.events = events,
	.nevents = sizeof(events) / sizeof(events[0]),
	/* Linux 6.0 to 6.3 have the trampolines, but ftrace cannot call them. */
	.loads_unattachable = true,
};

int arch_stack_regs(void)
{
	enum {
		KERNEL_STACK = 16384,
		PT_REGS = 336,
	};
	long page = sysconf(_SC_PAGESIZE);

	return (page > KERNEL_STACK ? (int)page : KERNEL_STACK) - PT_REGS;
}

/* A 64-bit program cannot make a 32-bit call. */
bool arch_call_compat(void)
{
	return false;
}

bool arch_try_compat(void)
{
	return true;
}
