/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* arm64. See arch.h. */
#ifndef ARCH_ARM64_H
#define ARCH_ARM64_H

#define ARCH_MACRO "__aarch64__"
#define ARCH_MULTIARCH "aarch64-linux-gnu"

/* Native, arm. */
#define ARCH_ABIS 2
#define COMPAT_PREFIX "arm:"
#define ARCH_ABI_NAMES "arm:openat"
#define ARCH_CALLS_X86_64 0U
#define ARCH_CALLS_NOT_ARM (1U << ABI_NATIVE)

/* A 32-bit call whose arguments need no conversion enters by the native function. */
#define ARCH_FUNCTIONS(f, call) f("__arm64_sys_" call) f("__arm64_compat_sys_" call)

#define X32_BIT 0

/* TIF_32BIT of thread_info.flags: all calls of a 32-bit program are 32-bit calls, and no others. */
#define COMPAT_STATE(task) READ_CURRENT(task, flags)
#define COMPAT_BIT 0x400000

#define EXEC_KEEPS_NUMBER 1

/* __ARM_NR_BASE: breakpoint, cacheflush, set_tls ... */
#define PRIVATE_CALLS 0xf0000

#define LARGE_FILE_FLAG 0400000

#endif
