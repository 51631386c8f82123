/* SPDX-License-Identifier: MIT */
/* System calls newer than libseccomp. See recent_calls.h. */
#include "recent_calls.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "lib/arch.h"

enum {
	ALL = 1U << ABI_NATIVE | 1U << ABI_COMPAT | 1U << ABI_X32,
	X86_64 = ARCH_CALLS_X86_64,
	NOT_ARM = ARCH_CALLS_NOT_ARM,
};

/*
 * By number. From 424 on all ABIs have the same numbers. The kernel's tables hold them:
 * scripts/syscall.tbl, arch/x86/entry/syscalls/ and arch/arm/tools/syscall.tbl. A call is here for
 * an ABI if that table has it, even if the kernel then answers ENOSYS, as for map_shadow_stack on a
 * CPU without shadow stacks.
 */
static const struct recent_call calls[] = {
	{ 335, "uretprobe", X86_64 },
	{ 336, "uprobe", X86_64 },
	{ 424, "pidfd_send_signal", ALL },
	{ 425, "io_uring_setup", ALL },
	{ 426, "io_uring_enter", ALL },
	{ 427, "io_uring_register", ALL },
	{ 428, "open_tree", ALL },
	{ 429, "move_mount", ALL },
	{ 430, "fsopen", ALL },
	{ 431, "fsconfig", ALL },
	{ 432, "fsmount", ALL },
	{ 433, "fspick", ALL },
	{ 434, "pidfd_open", ALL },
	{ 435, "clone3", ALL },
	{ 436, "close_range", ALL },
	{ 437, "openat2", ALL },
	{ 438, "pidfd_getfd", ALL },
	{ 439, "faccessat2", ALL },
	{ 440, "process_madvise", ALL },
	{ 441, "epoll_pwait2", ALL },
	{ 442, "mount_setattr", ALL },
	{ 443, "quotactl_fd", ALL },
	{ 444, "landlock_create_ruleset", ALL },
	{ 445, "landlock_add_rule", ALL },
	{ 446, "landlock_restrict_self", ALL },
	{ 447, "memfd_secret", NOT_ARM },
	{ 448, "process_mrelease", ALL },
	{ 449, "futex_waitv", ALL },
	{ 450, "set_mempolicy_home_node", ALL },
	{ 451, "cachestat", ALL },
	{ 452, "fchmodat2", ALL },
	{ 453, "map_shadow_stack", ALL },
	{ 454, "futex_wake", ALL },
	{ 455, "futex_wait", ALL },
	{ 456, "futex_requeue", ALL },
	{ 457, "statmount", ALL },
	{ 458, "listmount", ALL },
	{ 459, "lsm_get_self_attr", ALL },
	{ 460, "lsm_set_self_attr", ALL },
	{ 461, "lsm_list_modules", ALL },
	{ 462, "mseal", ALL },
	{ 463, "setxattrat", ALL },
	{ 464, "getxattrat", ALL },
	{ 465, "listxattrat", ALL },
	{ 466, "removexattrat", ALL },
	{ 467, "open_tree_attr", ALL },
	{ 468, "file_getattr", ALL },
	{ 469, "file_setattr", ALL },
	{ 470, "listns", ALL },
	{ 471, "rseq_slice_yield", ALL },
};

static int compare(const void *number, const void *call)
{
	return *(const int *)number - ((const struct recent_call *)call)->number;
}

const char *recent_calls_name(enum syscall_abi abi, int number)
{
	const struct recent_call *call =
		bsearch(&number, calls, array_size(calls), sizeof(calls[0]), compare);

	return call && call->abis & 1U << abi ? call->name : NULL;
}

int recent_calls_number(enum syscall_abi abi, const char *name)
{
	for (size_t i = 0; i < array_size(calls); i++)
		if (calls[i].abis & 1U << abi && strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	return -1;
}

const struct recent_call *recent_calls_entry(size_t index)
{
	return index < array_size(calls) ? &calls[index] : NULL;
}
