/* SPDX-License-Identifier: MIT */
/*
 * The capabilities of this process, as sets of 64 bits: bit N is the capability with number N of
 * <linux/capability.h>. The C library has no functions for capget(2) and capset(2), and libcap
 * would be one library more for two system calls.
 */
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include <linux/capability.h>
#include <stdint.h>

/** CAPABILITY_BIT() - the bit of a capability: CAPABILITY_BIT(CAP_BPF). */
#define CAPABILITY_BIT(capability) ((uint64_t)1 << (capability))

/**
 * capabilities_read() - read the effective capabilities of this process
 * @effective: filled
 *
 * Return: 0, or negative errno when the kernel does not tell (a seccomp filter can refuse it).
 */
int capabilities_read(uint64_t *effective);

/** capabilities_effective() - the effective capabilities; none when the kernel does not tell. */
uint64_t capabilities_effective(void);

/**
 * capabilities_set() - set the permitted and effective capabilities, and make none inheritable
 *
 * Return: 0, or -1 with errno, as capset(2).
 */
int capabilities_set(uint64_t permitted, uint64_t effective);

#endif
