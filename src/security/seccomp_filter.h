/* SPDX-License-Identifier: MIT */
/*
 * A seccomp filter: from its installation on, the kernel refuses some system calls of this process
 * with EPERM, whatever the process executes. It limits what a fault in the process can be used for:
 * executing and forking, reading other processes' memory, loading programs, mounting, becoming
 * another user, making and changing files.
 *
 * The filter lists what is refused, not what is allowed. Looking up a user's name runs modules of
 * the C library (nsswitch.conf) whose system calls nobody here knows, and no result may depend on
 * the filter.
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include <sys/types.h>

#include "error.h"

enum seccomp_filter {
	SECCOMP_FILTER_TOOL,     /* may read maps and files, and signal one other process */
	SECCOMP_FILTER_COMPILER, /* may not use bpf(2) and sockets, nor signal other processes */
};

/**
 * seccomp_filter_install() - install a filter for good
 * @filter:  which one
 * @command: for SECCOMP_FILTER_TOOL, the process that may be sent signals besides this one; or 0
 * @err:     filled on failure
 *
 * The process needs no_new_privs or CAP_SYS_ADMIN.
 *
 * Return: 0; -ENOTSUP when the kernel has no seccomp filters; or another negative errno.
 */
int seccomp_filter_install(enum seccomp_filter filter, pid_t command, struct error *err);

#endif
