/* SPDX-License-Identifier: MIT */
/*
 * A library for LD_PRELOAD. Lets a tool find what an old kernel would let it find: OLD_KERNEL is
 * 5.4, 4.18 or 4.9. Commands of bpf(2), types of programs and maps, helpers, instructions and
 * system calls that came later are refused as that kernel would refuse them, and uname(2) tells its
 * version. What the verifier of that kernel would not understand is not known here.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The last of each that a kernel has; @attr_size: bytes of union bpf_attr. */
static const struct old_kernel {
	const char *release;
	int command, program, map, helper;
	unsigned insns;
	size_t attr_size, program_size, map_size;
	bool has_jmp32, has_less_than, takes_version, has_pidfd, has_fsopen;
} kernels[] = {
	{ "5.4.0", BPF_BTF_GET_NEXT_ID, BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_MAP_TYPE_DEVMAP_HASH, 110,
	  1000000, 112, 112, 60, true, true, false, true, true },
	{ "4.18.0", BPF_TASK_FD_QUERY, BPF_PROG_TYPE_LIRC_MODE2, BPF_MAP_TYPE_SOCKHASH, 80, 4096,
	  72, 72, 60, false, true, true, false, false },
	{ "4.9.0", BPF_OBJ_GET, BPF_PROG_TYPE_PERF_EVENT, BPF_MAP_TYPE_CGROUP_ARRAY, 41, 4096, 48,
	  44, 20, false, false, true, false, false },
};

enum {
	INSNS_MAX = 1 << 16,
	UNSEEN = 0,
	ON_PATH,
	DONE,
};

static const struct old_kernel *kernel;

__attribute__((constructor)) static void choose(void)
{
	const char *name = getenv("OLD_KERNEL");
	size_t len = name ? strlen(name) : 0;

	for (size_t i = 0; len && i < sizeof(kernels) / sizeof(kernels[0]); i++)
		if (strncmp(kernels[i].release, name, len) == 0 && kernels[i].release[len] == '.')
			kernel = &kernels[i];
	if (name && !kernel)
		abort();
}

/* A program that has a loop is refused before Linux 5.3. Depth first, as the old verifier did. */
static unsigned char state[INSNS_MAX];

static bool loops_from(const struct bpf_insn *insns, unsigned count, unsigned from)
{
	static unsigned stack[INSNS_MAX];
	unsigned depth = 0;

	stack[depth++] = from;
	while (depth) {
		unsigned at = stack[depth - 1], class = insns[at].code & 7,
			 op = insns[at].code & 0xf0;
		bool jumps = (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL;
		unsigned to[2], nto = 0;

		if (state[at] == ON_PATH) {
			state[at] = DONE;
			depth--;
			continue;
		}
		if (state[at] == DONE) {
			depth--;
			continue;
		}
		state[at] = ON_PATH;
		if (!(jumps && (op == BPF_JA || op == BPF_EXIT)))
			to[nto++] = at + 1 + (insns[at].code == (BPF_LD | BPF_DW | BPF_IMM));
		if (jumps && op != BPF_EXIT)
			to[nto++] = at + 1 + (unsigned)insns[at].off;
		for (unsigned i = 0; i < nto; i++) {
			if (to[i] >= count)
				continue;
			if (state[to[i]] == ON_PATH)
				return true;
			if (state[to[i]] == UNSEEN && depth < INSNS_MAX)
				stack[depth++] = to[i];
		}
	}
	return false;
}

static bool has_loop(const struct bpf_insn *insns, unsigned count)
{
	memset(state, 0, sizeof(state));
	return count <= INSNS_MAX && loops_from(insns, count, 0);
}

static bool knows(const struct bpf_insn *insn)
{
	unsigned class = insn->code & 7, op = insn->code & 0xf0;
	bool less = op == BPF_JLT || op == BPF_JLE || op == BPF_JSLT || op == BPF_JSLE;

	if (insn->code == (BPF_JMP | BPF_CALL))
		return insn->src_reg == 0 && insn->imm <= kernel->helper;
	if (class == BPF_JMP32)
		return kernel->has_jmp32;
	if (class == BPF_JMP && less)
		return kernel->has_less_than;
	/* Only additions, without their result. */
	if (class == BPF_STX && (insn->code & 0xe0) == BPF_ATOMIC)
		return insn->imm == 0;
	/* Sign extension and the like came as offsets. */
	return class != BPF_ALU64 || insn->off == 0;
}

/* Return: 0 or an errno. */
static int check_program(const union bpf_attr *attr)
{
	const struct bpf_insn *insns = (const struct bpf_insn *)(uintptr_t)attr->insns;

	if ((int)attr->prog_type > kernel->program)
		return EINVAL;
	if (attr->insn_cnt > kernel->insns)
		return E2BIG;
	if (kernel->takes_version && attr->prog_type == BPF_PROG_TYPE_KPROBE && !attr->kern_version)
		return EINVAL;
	for (unsigned i = 0; i < attr->insn_cnt; i++) {
		if (!knows(&insns[i]))
			return EINVAL;
		i += insns[i].code == (BPF_LD | BPF_DW | BPF_IMM);
	}
	return !kernel->has_fsopen && has_loop(insns, attr->insn_cnt) ? EINVAL : 0;
}

static bool is_zero(const char *bytes, size_t from, size_t to)
{
	for (; from < to; from++)
		if (bytes[from])
			return false;
	return true;
}

static int check_bpf(int command, const union bpf_attr *attr, size_t size)
{
	const char *bytes = (const char *)attr;

	if (!is_zero(bytes, kernel->attr_size, size))
		return E2BIG;
	if (command > kernel->command)
		return EINVAL;
	if (command == BPF_PROG_LOAD)
		return is_zero(bytes, kernel->program_size, size) ? check_program(attr) : EINVAL;
	if (command == BPF_MAP_CREATE &&
	    ((int)attr->map_type > kernel->map || !is_zero(bytes, kernel->map_size, size)))
		return EINVAL;
	return 0;
}

/* Return: 0 or an errno. */
static int check(long number, const long *args)
{
	switch (number) {
	case SYS_bpf:
		return check_bpf((int)args[0], (const union bpf_attr *)args[1], (size_t)args[2]);
	case SYS_pidfd_open:
		return kernel->has_pidfd ? 0 : ENOSYS;
	case SYS_fsopen:
	case SYS_fsconfig:
	case SYS_fsmount:
		return kernel->has_fsopen ? 0 : ENOSYS;
	case SYS_close_range:
		return ENOSYS;
	default:
		return 0;
	}
}

long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long args[6];
	int refused;
	va_list ap;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		args[i] = va_arg(ap, long);
	va_end(ap);
	refused = kernel ? check(number, args) : 0;
	if (refused) {
		errno = refused;
		return -1;
	}
	return real(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}

int uname(struct utsname *uts)
{
	static int (*real)(struct utsname *);
	int r;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "uname");
	r = real(uts);
	if (r == 0 && kernel)
		snprintf(uts->release, sizeof(uts->release), "%s", kernel->release);
	return r;
}
