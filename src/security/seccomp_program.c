/* SPDX-License-Identifier: MIT */
/* Writes a seccomp filter. See seccomp_program.h. */
#define _GNU_SOURCE
#include "seccomp_program.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/syscall.h>

enum {
	FIRST_NEW_CALL = 424, /* pidfd_send_signal, Linux 5.1 */
};

static void add(struct seccomp_program *p, struct sock_filter insn)
{
	if (p->count < SECCOMP_INSNS_MAX)
		p->insns[p->count++] = insn;
}

static void add_verdict(struct seccomp_program *p, uint32_t verdict)
{
	add(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static void refuse(struct seccomp_program *p, int code)
{
	add_verdict(p, SECCOMP_RET_ERRNO | (uint32_t)code);
}

static void load(struct seccomp_program *p, size_t offset)
{
	add(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* The next instruction runs only if the comparison holds. */
static void only_if(struct seccomp_program *p, unsigned comparison, uint32_t value)
{
	add(p, (struct sock_filter)BPF_JUMP((unsigned short)(BPF_JMP | comparison | BPF_K), value,
					    0, 1));
}

static void only_unless(struct seccomp_program *p, unsigned comparison, uint32_t value)
{
	add(p, (struct sock_filter)BPF_JUMP((unsigned short)(BPF_JMP | comparison | BPF_K), value,
					    1, 0));
}

static void refuse_if(struct seccomp_program *p, unsigned comparison, uint32_t value)
{
	only_if(p, comparison, value);
	refuse(p, EPERM);
}

void seccomp_native_only(struct seccomp_program *p)
{
	load(p, offsetof(struct seccomp_data, arch));
	only_unless(p, BPF_JEQ, seccomp_arch_native());
	refuse(p, EPERM);
	load(p, offsetof(struct seccomp_data, nr));
#ifdef __X32_SYSCALL_BIT
	seccomp_refuse_bits(p, __X32_SYSCALL_BIT);
#endif
}

void seccomp_allow_calls(struct seccomp_program *p, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i] >= 0)
			seccomp_allow_value(p, (uint32_t)calls[i]);
}

void seccomp_refuse_calls(struct seccomp_program *p, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i] >= 0)
			seccomp_refuse_value(p, (uint32_t)calls[i]);
}

void seccomp_lack_new_calls(struct seccomp_program *p)
{
	only_if(p, BPF_JGE, FIRST_NEW_CALL);
	refuse(p, ENOSYS);
}

void seccomp_end_allowing(struct seccomp_program *p)
{
	add_verdict(p, SECCOMP_RET_ALLOW);
}

void seccomp_end_refusing(struct seccomp_program *p)
{
	refuse(p, EPERM);
}

unsigned short seccomp_begin(struct seccomp_program *p, int call)
{
	if (call < 0)
		return 0;
	add(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 0));
	return p->count;
}

void seccomp_end(struct seccomp_program *p, unsigned short began, bool allow)
{
	if (allow)
		seccomp_end_allowing(p);
	else
		seccomp_end_refusing(p);
	p->insns[began - 1].jf = (unsigned char)(p->count - began);
}

/* Both architectures are little-endian. */
void seccomp_argument(struct seccomp_program *p, unsigned argument)
{
	load(p, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
}

void seccomp_allow_value(struct seccomp_program *p, uint32_t value)
{
	only_if(p, BPF_JEQ, value);
	seccomp_end_allowing(p);
}

void seccomp_refuse_value(struct seccomp_program *p, uint32_t value)
{
	refuse_if(p, BPF_JEQ, value);
}

void seccomp_refuse_above(struct seccomp_program *p, uint32_t value)
{
	refuse_if(p, BPF_JGT, value);
}

void seccomp_refuse_other(struct seccomp_program *p, uint32_t value)
{
	only_unless(p, BPF_JEQ, value);
	refuse(p, EPERM);
}

void seccomp_refuse_bits(struct seccomp_program *p, uint32_t bits)
{
	refuse_if(p, BPF_JSET, bits);
}

void seccomp_refuse_pointer(struct seccomp_program *p, unsigned argument)
{
	for (size_t half = 0; half < 2; half++) {
		load(p, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t) +
				half * sizeof(uint32_t));
		seccomp_refuse_other(p, 0);
	}
}

void seccomp_allow_values(struct seccomp_program *p, int call, unsigned argument,
			  const uint32_t *values, size_t count)
{
	unsigned short began = seccomp_begin(p, call);

	if (!began)
		return;
	seccomp_argument(p, argument);
	for (size_t i = 0; i < count; i++)
		seccomp_allow_value(p, values[i]);
	seccomp_end(p, began, false);
}

void seccomp_allow_without(struct seccomp_program *p, int call, unsigned argument, uint32_t bits)
{
	unsigned short began = seccomp_begin(p, call);

	if (!began)
		return;
	seccomp_argument(p, argument);
	seccomp_refuse_bits(p, bits);
	seccomp_end(p, began, true);
}

void seccomp_allow_reading(struct seccomp_program *p)
{
	const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

	seccomp_allow_without(p, SCMP_SYS(openat), 2, writing);
	seccomp_allow_without(p, SCMP_SYS(open), 1, writing);
}
