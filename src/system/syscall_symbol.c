/* SPDX-License-Identifier: MIT */
/* The kernel function that a system call enters by. See syscall_symbol.h. */
#define _GNU_SOURCE
#include "syscall_symbol.h"

#include <string.h>

#include "arch_facts.h"
#include "cleanup.h"

static bool is_symbol(const char *name)
{
	cleanup_fclose FILE *symbols = fopen("/proc/kallsyms", "re");
	char line[256], word[128];

	while (symbols && fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%*s %*s %127s", word) == 1 && strcmp(word, name) == 0)
			return true;
	return false;
}

bool syscall_symbol_find(const struct kernel *kernel, enum syscall_abi abi, const char *call,
			 char *buf)
{
	/* The names since 4.17, when these functions began to take one argument, the registers. */
	for (int i = 0; i < ARCH_ENTRIES && arch_facts.entries[abi][i]; i++) {
		snprintf(buf, SYSCALL_SYMBOL_MAX, arch_facts.entries[abi][i], call);
		if (kernel->btf ? btf_has(kernel->btf, buf) : is_symbol(buf))
			return true;
	}
	return false;
}
