/* SPDX-License-Identifier: MIT */
/* Names and numbers of system calls. See syscall_names.h. */
#define _GNU_SOURCE
#include "syscall_names.h"

#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "cleanup.h"
#include "recent_calls.h"

static const struct {
	uint32_t arch;
	const char *prefix; /* of names in reports */
	int bit;            /* set in libseccomp's numbers, not in those of slots */
} abis[ABI_COUNT] = {
#if defined(__x86_64__)
	[ABI_NATIVE] = { SCMP_ARCH_X86_64, "", 0 },
	[ABI_COMPAT] = { SCMP_ARCH_X86, "i386:", 0 },
	[ABI_X32] = { SCMP_ARCH_X32, "x32:", __X32_SYSCALL_BIT },
#elif defined(__aarch64__)
	[ABI_NATIVE] = { SCMP_ARCH_AARCH64, "", 0 },
	[ABI_COMPAT] = { SCMP_ARCH_ARM, "arm:", 0 },
	[ABI_X32] = { SCMP_ARCH_AARCH64, "?:", 0 },
#else
#error "which ABIs does this architecture answer?"
#endif
};

const char *syscall_prefix(enum syscall_abi abi)
{
	return abis[abi].prefix;
}

char *syscall_name(enum syscall_abi abi, int number)
{
	char *name = seccomp_syscall_resolve_num_arch(abis[abi].arch, number | abis[abi].bit);
	const char *recent = name ? NULL : recent_calls_name(abi, number);

	return recent ? strdup(recent) : name;
}

int syscall_number(enum syscall_abi abi, const char *name)
{
	int number = seccomp_syscall_resolve_name_arch(abis[abi].arch, name);

	return number < 0 ? recent_calls_number(abi, name) : number & ~abis[abi].bit;
}

void syscall_slot_name(size_t slot, char *buf, size_t size)
{
	enum syscall_abi abi = (enum syscall_abi)(slot / ABI_CALLS);
	int number = (int)(slot % ABI_CALLS);
	cleanup_free char *name = NULL;

	if (number == SYSCALL_NONE)
		snprintf(buf, size, "%srt_sigreturn", abis[abi].prefix);
	else if (number == SYSCALL_OTHER)
		snprintf(buf, size, "%sunknown", abis[abi].prefix);
	else if ((name = syscall_name(abi, number)))
		snprintf(buf, size, "%s%s", abis[abi].prefix, name);
	else
		snprintf(buf, size, "%s%d", abis[abi].prefix, number);
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
