/* SPDX-License-Identifier: MIT */
/* The id of this process in the initial PID namespace. See host_id.h. */
#define _GNU_SOURCE
#include "host_id.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "kernel.h"

/* r0 = bpf_get_current_pid_tgid(); return r0 >> 32; */
static const struct bpf_insn program[] = {
	{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_current_pid_tgid },
	{ .code = BPF_ALU64 | BPF_RSH | BPF_K, .dst_reg = BPF_REG_0, .imm = 32 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static int load(void)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insns = (uint64_t)(uintptr_t)program,
		.insn_cnt = array_size(program),
		.license = (uint64_t)(uintptr_t) "GPL",
		.prog_name = "host_id",
	};

	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

int host_id(uint32_t *id)
{
	union bpf_attr attr = { .test = { .prog_fd = 0 } };
	cleanup_close int fd = -1;

	*id = (uint32_t)getpid();
	if (!kernel_pid_namespace())
		return 0;
	fd = load();
	if (fd < 0)
		return -errno;
	attr.test.prog_fd = (uint32_t)fd;
	/* The kernel runs it here and now, as this process. */
	if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof(attr)) < 0)
		return -errno;
	*id = attr.test.retval;
	return 0;
}
