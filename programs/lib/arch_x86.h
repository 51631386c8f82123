/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* x86-64. See arch.h. */
#ifndef ARCH_X86_H
#define ARCH_X86_H

#define ARCH_MACRO "__x86_64__"
#define ARCH_MULTIARCH "x86_64-linux-gnu"

/* Native, i386, x32. */
#define ARCH_ABIS 3
#define COMPAT_PREFIX "i386:"
#define ARCH_ABI_NAMES "i386:openat, x32:openat"
#define ARCH_CALLS_X86_64 (1U << ABI_NATIVE | 1U << ABI_X32)
#define ARCH_CALLS_NOT_ARM (1U << ABI_NATIVE | 1U << ABI_COMPAT | 1U << ABI_X32)

/* A 32-bit call whose arguments need no conversion has no __ia32_compat_sys_ function. */
#define ARCH_FUNCTIONS(f, call)                                                                    \
	f("__x64_sys_" call) f("__ia32_compat_sys_" call) f("__ia32_sys_" call)

#define X32_BIT 0x40000000

/* TS_COMPAT of thread_info.status, set while a task is in a 32-bit call, which any task can make.
 */
#define COMPAT_STATE(task) READ_CURRENT(task, status)
#define COMPAT_BIT 0x0002

/* The kernel makes the number that of execve in the new program's ABI. */
#define EXEC_KEEPS_NUMBER 0

#define PRIVATE_CALLS 0

#define LARGE_FILE_FLAG 0100000

#endif
