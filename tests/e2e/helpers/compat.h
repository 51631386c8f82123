/* SPDX-License-Identifier: MIT */
/*
 * System calls as a 32-bit (i386) program makes them, from a 64-bit one. Other machines than x86-64
 * do not have them, and neither does a kernel without CONFIG_IA32_EMULATION.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "common.h"

/* Numbers of i386, which the 64-bit headers do not have. */
enum {
	I386_OPEN = 5,
	I386_CLOSE = 6,
	I386_CREAT = 8,
	I386_GETPPID = 64,
	I386_OPENAT = 295,
	I386_OPEN_BY_HANDLE_AT = 342,
	I386_OPENAT2 = 437,
};

/** compat_call() - Return: what the kernel returns, a negative errno if the call failed */
static inline long compat_call(long nr, long a, long b, long c, long d)
{
#if defined(__x86_64__)
	int result = (int)nr;

	/* Older kernels do not preserve r8 to r11. */
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"((int)a), "c"((int)b), "d"((int)c), "S"((int)d), "D"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
#else
	(void)nr, (void)a, (void)b, (void)c, (void)d;
	return -ENOSYS;
#endif
}

/**
 * compat_is_there() - does this kernel have 32-bit calls?
 *
 * Where it does not, the instruction ends the process with a signal, so a child tries it.
 */
static inline bool compat_is_there(void)
{
#if defined(__x86_64__)
	pid_t pid = raw_fork();

	if (pid == 0)
		_exit(compat_call(I386_GETPPID, 0, 0, 0, 0) <= 0);
	return reap(pid) == 0;
#else
	return false;
#endif
}

#endif
