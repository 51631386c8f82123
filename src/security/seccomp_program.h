/* SPDX-License-Identifier: MIT */
/*
 * Writes a seccomp filter: a classic BPF program that the kernel runs at each system call.
 * libseccomp would write it too, but needs 1.5 ms for what takes a few microseconds here.
 *
 * The accumulator holds the number of the call, except between seccomp_begin() and seccomp_end().
 */
#ifndef SECCOMP_PROGRAM_H
#define SECCOMP_PROGRAM_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SECCOMP_INSNS_MAX = 512,
};

/** struct seccomp_program - zero it first */
struct seccomp_program {
	struct sock_filter insns[SECCOMP_INSNS_MAX];
	unsigned short count;
};

/* Calls that this architecture does not have: their numbers, or those of libseccomp, are negative.
 * The functions below leave them out.
 */

/** seccomp_native_only() - refuse calls of other ABIs (32 bit, x32), and load the number. */
void seccomp_native_only(struct seccomp_program *p);

/** seccomp_allow_calls() - allow these calls, whatever their arguments. */
void seccomp_allow_calls(struct seccomp_program *p, const int *calls, size_t count);

/** seccomp_refuse_calls() - let these calls fail with EPERM. */
void seccomp_refuse_calls(struct seccomp_program *p, const int *calls, size_t count);

/**
 * seccomp_lack_new_calls() - let calls newer than Linux 5.0 fail with ENOSYS
 *
 * Their numbers are the same on all architectures. The C library tries some of them first, and
 * falls back to an older one only on ENOSYS. Whatever a later kernel adds is covered too.
 */
void seccomp_lack_new_calls(struct seccomp_program *p);

/** seccomp_end_allowing() - last instruction: allow, or refuse with EPERM, what is left. */
void seccomp_end_allowing(struct seccomp_program *p);
void seccomp_end_refusing(struct seccomp_program *p);

/**
 * seccomp_begin() - what is added from here to seccomp_end() is for one call only
 * Return: the argument for seccomp_end(); 0 when there is no such call, which needs no
 * instructions then.
 */
unsigned short seccomp_begin(struct seccomp_program *p, int call);

/** seccomp_end() - the call is allowed, or refused with EPERM, if nothing decided before. */
void seccomp_end(struct seccomp_program *p, unsigned short began, bool allow);

/** seccomp_argument() - load the low half of an argument: an int has no other. */
void seccomp_argument(struct seccomp_program *p, unsigned argument);

/** seccomp_allow_value() - allow the call if the loaded argument has this value. */
void seccomp_allow_value(struct seccomp_program *p, uint32_t value);

/** seccomp_refuse_value() - refuse the call if the loaded argument has this value. */
void seccomp_refuse_value(struct seccomp_program *p, uint32_t value);

/** seccomp_refuse_above() - refuse the call if the loaded argument is larger, taken as unsigned. */
void seccomp_refuse_above(struct seccomp_program *p, uint32_t value);

/** seccomp_refuse_other() - refuse the call unless the loaded argument has this value. */
void seccomp_refuse_other(struct seccomp_program *p, uint32_t value);

/** seccomp_refuse_bits() - refuse the call if the loaded argument has any of these bits. */
void seccomp_refuse_bits(struct seccomp_program *p, uint32_t bits);

/** seccomp_refuse_pointer() - refuse the call unless this argument is a null pointer. */
void seccomp_refuse_pointer(struct seccomp_program *p, unsigned argument);

/** seccomp_allow_values() - allow the call if one argument has one of these values, else refuse. */
void seccomp_allow_values(struct seccomp_program *p, int call, unsigned argument,
			  const uint32_t *values, size_t count);

/** seccomp_allow_without() - allow the call if one argument has none of these bits. */
void seccomp_allow_without(struct seccomp_program *p, int call, unsigned argument, uint32_t bits);

/** seccomp_allow_reading() - allow opening files, for reading only. */
void seccomp_allow_reading(struct seccomp_program *p);

#endif
