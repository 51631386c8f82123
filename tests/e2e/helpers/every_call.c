/* SPDX-License-Identifier: MIT */
/*
 * Makes every system call there is, without any effect, so that strace shows how it classifies
 * each.
 *
 *   every_call COUNT
 *
 * Makes the calls 0 to COUNT - 1 of each ABI that a 64-bit program can use here and prints
 * `ABI CALLS` for each ABI. A seccomp filter answers them with ENOSYS; strace sees a call before
 * the filter does. The filter lets the program's own calls pass: they lack MARK in the first
 * argument.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat.h"

enum {
	MARK = 0x6b8b4567,
	X32_BIT = 0x40000000,
	X86_64_URETPROBE = 335,
	X86_64_UPROBE = 336,
};

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "what does seccomp call this architecture?"
#endif

#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)

/*
 * Answer a call that carries MARK, and every call of another ABI, with ENOSYS: the C library makes
 * none of those. The filter compares the low half of the argument, which comes first, as both
 * architectures are little-endian.
 */
static int forbid(void)
{
	struct sock_filter code[] = {
		FIELD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 0, 4),
		FIELD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 2, 0),
		FIELD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MARK, 0, 1),
		ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
		ANSWER(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static bool native(long number)
{
	return syscall(number, MARK, 0, 0, 0, 0, 0) == -1 && errno == ENOSYS;
}

#if defined(__x86_64__)
/* Only the kernel's own trampolines may make these calls: the kernel asks no filter and kills any
 * other caller. */
static bool is_deadly(long number)
{
	return number == X86_64_URETPROBE || number == X86_64_UPROBE;
}

static bool x32(long number)
{
	return native(number | X32_BIT);
}

static bool compat(long number)
{
	return compat_call(number, 0, 0, 0, 0) == -ENOSYS;
}
#else
static bool is_deadly(long number)
{
	(void)number;
	return false;
}
#endif

static void make_calls(const char *abi, bool (*call)(long number), long count, bool deadly)
{
	long made = 0;

	for (long number = 0; number < count; number++) {
		if (deadly && is_deadly(number))
			continue;
		if (!call(number)) {
			fprintf(stderr, "every_call: %s %ld: not answered by the filter\n", abi,
				number);
			exit(1);
		}
		made++;
	}
	printf("%s %ld\n", abi, made);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? number(argv[1]) : 0;
	bool has_compat = compat_is_there();

	if (forbid()) {
		perror("every_call: seccomp");
		return 1;
	}
	make_calls("native", native, count, true);
#if defined(__x86_64__)
	make_calls("x32", x32, count, true);
	if (has_compat)
		make_calls("compat", compat, count, false);
#else
	(void)has_compat;
#endif
	return 0;
}
