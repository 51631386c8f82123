/* SPDX-License-Identifier: MIT */
/* Names and numbers of system calls. See syscall_names.h. */
#define _GNU_SOURCE
#include "syscall_names.h"

#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch_facts.h"
#include "cleanup.h"
#include "recent_calls.h"

int syscall_kernel_number(enum syscall_abi abi, int number)
{
	if (PRIVATE_CALLS && abi == ABI_COMPAT && number >= PRIVATE_SLOT &&
	    number < PRIVATE_SLOT + PRIVATE_CALLS_COUNT)
		return PRIVATE_CALLS + number - PRIVATE_SLOT;
	return number;
}

/* The same as libseccomp has it, and back. */

static int to_seccomp(enum syscall_abi abi, int number)
{
	return abi == ABI_X32 ? number | X32_BIT : syscall_kernel_number(abi, number);
}

static int from_seccomp(enum syscall_abi abi, int number)
{
	if (abi == ABI_X32)
		return number & ~X32_BIT;
	if (PRIVATE_CALLS && number >= PRIVATE_CALLS &&
	    number < PRIVATE_CALLS + PRIVATE_CALLS_COUNT)
		return PRIVATE_SLOT + number - PRIVATE_CALLS;
	return number;
}

const char *syscall_prefix(enum syscall_abi abi)
{
	return arch_facts.abis[abi].prefix;
}

char *syscall_name(enum syscall_abi abi, int number)
{
	char *name = seccomp_syscall_resolve_num_arch(arch_facts.abis[abi].seccomp,
						      to_seccomp(abi, number));
	const char *recent = name ? NULL : recent_calls_name(abi, number);

	return recent ? strdup(recent) : name;
}

int syscall_number(enum syscall_abi abi, const char *name)
{
	int number = seccomp_syscall_resolve_name_arch(arch_facts.abis[abi].seccomp, name);

	return number < 0 ? recent_calls_number(abi, name) : from_seccomp(abi, number);
}

void syscall_slot_name(size_t slot, char *buf, size_t size)
{
	enum syscall_abi abi = (enum syscall_abi)(slot / ABI_CALLS);
	int number = (int)(slot % ABI_CALLS);
	cleanup_free char *name = NULL;

	if (number == SYSCALL_NONE)
		snprintf(buf, size, "%srt_sigreturn", syscall_prefix(abi));
	else if (number == SYSCALL_OTHER)
		snprintf(buf, size, "%sunknown", syscall_prefix(abi));
	else if ((name = syscall_name(abi, number)))
		snprintf(buf, size, "%s%s", syscall_prefix(abi), name);
	else
		snprintf(buf, size, "%s%d", syscall_prefix(abi), number);
}

size_t syscall_slots(const char *names, uint32_t slots[SYSCALL_NAMED_MAX])
{
	char name[SYSCALL_NAME_MAX];
	size_t count = 0;

	for (size_t at = 0; names[at]; at += names[at] == ',') {
		size_t size = strcspn(names + at, ",");

		snprintf(name, sizeof(name), "%.*s", (int)size, names + at);
		at += size;
		for (int abi = 0; abi < ABI_COUNT; abi++) {
			int number = syscall_number((enum syscall_abi)abi, name);

			if (number >= 0 && count < SYSCALL_NAMED_MAX)
				slots[count++] = (uint32_t)(abi * ABI_CALLS + number);
		}
	}
	return count;
}

const char *syscall_slot_cases(const char *names, char *buf)
{
	uint32_t slots[SYSCALL_NAMED_MAX];
	size_t count = syscall_slots(names, slots), len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < count && len < SYSCALL_CASES_MAX; i++)
		len += (size_t)snprintf(buf + len, SYSCALL_CASES_MAX - len, "case %u: ", slots[i]);
	return buf;
}
