/* SPDX-License-Identifier: MIT */
/* The kernel function that a system call enters by. See syscall_symbol.h. */
#define _GNU_SOURCE
#include "syscall_symbol.h"

#include <string.h>

#include "cleanup.h"

/*
 * The names since 4.17, when these functions began to take one argument, the registers. A 32-bit
 * call whose arguments need no conversion has no __ia32_compat_sys_ function.
 */
static const char *const forms[ABI_COUNT][2] = {
#if defined(__x86_64__)
	[ABI_NATIVE] = { "__x64_sys_%s" },
	[ABI_COMPAT] = { "__ia32_compat_sys_%s", "__ia32_sys_%s" },
#else
	[ABI_NATIVE] = { "__arm64_sys_%s" },
	[ABI_COMPAT] = { "__arm64_compat_sys_%s" },
#endif
};

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
	for (int i = 0; i < 2 && forms[abi][i]; i++) {
		snprintf(buf, SYSCALL_SYMBOL_MAX, forms[abi][i], call);
		if (kernel->btf ? btf_has(kernel->btf, buf) : is_symbol(buf))
			return true;
	}
	return false;
}
