/* SPDX-License-Identifier: MIT */
/* What newer architectures have in place of old system calls: arm64 has openat, and no open. */
#ifndef SYSCALL_SUCCESSOR_H
#define SYSCALL_SUCCESSOR_H

/**
 * syscall_successor() - the call that programs make where the native ABI lacks one
 * @name: of a call, without prefix
 *
 * Return: a name in static storage; NULL if the native ABI has @name, or nothing like it.
 */
const char *syscall_successor(const char *name);

#endif
