/* SPDX-License-Identifier: MIT */
/*
 * System calls that this process will not make any more: refused with EPERM from here on (seccomp).
 *
 * A list of what is refused, not of what is allowed: looking up a user's name runs modules of the C
 * library that nobody here knows, and no result may depend on the filter. It is there for what a
 * fault in the process could be used for: executing and forking, other processes' memory, loading
 * programs, mounting, becoming somebody else, making and changing files.
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include <sys/types.h>

#include "error.h"

enum syscall_filter {
	SYSCALL_FILTER_TOOL,     /* reads maps and files, may signal one process */
	SYSCALL_FILTER_COMPILER, /* nothing of bpf(2), no sockets, no signals to others */
};

/**
 * syscall_filter_install() - for good
 * @command: for SYSCALL_FILTER_TOOL: who may be sent signals besides this process; 0: nobody
 * Return: 0; -ENOTSUP: the kernel has no such filters; or negative errno. Takes
 * no_new_privs or CAP_SYS_ADMIN.
 */
int syscall_filter_install(enum syscall_filter filter, pid_t command, struct error *err);

#endif
