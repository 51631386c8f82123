/* SPDX-License-Identifier: MIT */
/*
 * Seccomp filters: from its installation on, the kernel refuses system calls of this process,
 * whatever the process executes. That limits what a fault in the process can be used for.
 *
 * The filters of a tool, its inspector and its opener (inspector.h) list what is allowed: the few
 * calls that this code makes, with the arguments it uses. Anything else fails with EPERM. The
 * process is not killed for it: a C library that makes an unforeseen call gets an error, which the
 * tool reports, and the run's last report is not lost. The filters of the compiler and of the
 * resolver of user names list what is refused, since nobody here knows what LLVM and the modules of
 * nsswitch.conf call.
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include "error.h"

enum seccomp_filter {
	SECCOMP_FILTER_TOOL,      /* may read maps, files and clocks, write to what is open */
	SECCOMP_FILTER_INSPECTOR, /* may read files, and write to one descriptor */
	SECCOMP_FILTER_OPENER,    /* may open perf buffers, and send them to one descriptor */
	SECCOMP_FILTER_RESOLVER,  /* may use sockets, but not bpf(2) */
	SECCOMP_FILTER_COMPILER,  /* may not use bpf(2) and sockets */
};

/**
 * seccomp_filter_install() - install a filter for good
 * @filter:  which one
 * @subject: SECCOMP_FILTER_TOOL: the process that may be sent signals besides this one, or 0;
 *           SECCOMP_FILTER_INSPECTOR and _OPENER: the descriptor that may be written to
 * @err:     filled on failure
 *
 * The process needs no_new_privs or CAP_SYS_ADMIN.
 *
 * Return: 0; -ENOTSUP when the kernel has no seccomp filters; or another negative errno.
 */
int seccomp_filter_install(enum seccomp_filter filter, int subject, struct error *err);

#endif
