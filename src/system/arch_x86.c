/* SPDX-License-Identifier: MIT */
/* x86-64. See arch_facts.h. */
#define _GNU_SOURCE
#include "arch_facts.h"

#include <elf.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

/* mmap and select pass all arguments in memory; clone has them in another order. */
static const char *const compat_differ[] = { "mmap", "select", "clone", NULL };

const struct arch_facts arch_facts = {
	.name = "x86-64",
	.abis = {
		[ABI_NATIVE] = { SCMP_ARCH_X86_64, "" },
		[ABI_COMPAT] = { SCMP_ARCH_X86, COMPAT_PREFIX },
		[ABI_X32] = { SCMP_ARCH_X32, "x32:" },
	},
	.number = { "orig_ax", 0, 120 },
	.arguments = {
		{ "di", 0, 112 }, { "si", 0, 104 }, { "dx", 0, 96 },
		{ "r10", 0, 56 }, { "r8", 0, 72 },  { "r9", 0, 64 },
	},
	.compat = {
		{ "bx", 0, 40 },  { "cx", 0, 88 },  { "dx", 0, 96 },
		{ "si", 0, 104 }, { "di", 0, 112 }, { "bp", 0, 32 },
	},
	.compat_member = "thread_info.status",
	.compat_type = "u32",
	.compat_offset = -1,
	.compat_entry = "__ia32_compat_sys_openat",
	.compat_differ = compat_differ,
	.compat_elf = EM_386,
	/* A 32-bit call whose arguments need no conversion has no __ia32_compat_sys_ function. */
	.entries = {
		[ABI_NATIVE] = { "__x64_sys_%s" },
		[ABI_COMPAT] = { "__ia32_compat_sys_%s", "__ia32_sys_%s" },
	},
};

int arch_stack_regs(void)
{
	enum {
		KERNEL_STACK = 16384,
		PT_REGS = 168,
	};

	return KERNEL_STACK - PT_REGS;
}

/* Call getpid(2) as an i386 program does. */
bool arch_call_compat(void)
{
	long result = 20; /* its number there */

	asm volatile("int $0x80"
		     : "+a"(result)
		     :
		     : "memory", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11");
	return result > 0;
}

bool arch_try_compat(void)
{
	return syscall(__X32_SYSCALL_BIT | SYS_getpid) > 0 || arch_call_compat();
}
