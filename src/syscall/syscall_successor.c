/* SPDX-License-Identifier: MIT */
/* Successors of old system calls. See syscall_successor.h. */
#include "syscall_successor.h"

#include <string.h>

#include "cleanup.h"
#include "syscall_names.h"

/*
 * Calls that include/uapi/asm-generic/unistd.h leaves out, and what the C library calls instead;
 * the second where an architecture lacks the first.
 */
static const struct {
	const char *old, *successors[2];
} calls[] = {
	{ "access", { "faccessat" } },
	{ "alarm", { "setitimer" } },
	{ "chmod", { "fchmodat" } },
	{ "chown", { "fchownat" } },
	{ "creat", { "openat" } },
	{ "dup2", { "dup3" } },
	{ "epoll_create", { "epoll_create1" } },
	{ "epoll_wait", { "epoll_pwait" } },
	{ "eventfd", { "eventfd2" } },
	{ "fork", { "clone" } },
	{ "futimesat", { "utimensat" } },
	{ "getdents", { "getdents64" } },
	{ "getpgrp", { "getpgid" } },
	{ "getrlimit", { "prlimit64" } },
	{ "inotify_init", { "inotify_init1" } },
	{ "lchown", { "fchownat" } },
	{ "link", { "linkat" } },
	{ "lstat", { "newfstatat", "statx" } },
	{ "mkdir", { "mkdirat" } },
	{ "mknod", { "mknodat" } },
	{ "open", { "openat" } },
	{ "pause", { "ppoll" } },
	{ "pipe", { "pipe2" } },
	{ "poll", { "ppoll" } },
	{ "readlink", { "readlinkat" } },
	{ "rename", { "renameat", "renameat2" } },
	{ "rmdir", { "unlinkat" } },
	{ "select", { "pselect6" } },
	{ "setrlimit", { "prlimit64" } },
	{ "signalfd", { "signalfd4" } },
	{ "stat", { "newfstatat", "statx" } },
	{ "symlink", { "symlinkat" } },
	{ "time", { "clock_gettime" } },
	{ "unlink", { "unlinkat" } },
	{ "utime", { "utimensat" } },
	{ "utimes", { "utimensat" } },
	{ "vfork", { "clone" } },
};

const char *syscall_successor(const char *name)
{
	if (syscall_number(ABI_NATIVE, name) >= 0)
		return NULL;
	for (size_t i = 0; i < array_size(calls); i++) {
		if (strcmp(calls[i].old, name) != 0)
			continue;
		for (size_t n = 0; n < 2 && calls[i].successors[n]; n++)
			if (syscall_number(ABI_NATIVE, calls[i].successors[n]) >= 0)
				return calls[i].successors[n];
	}
	return NULL;
}
