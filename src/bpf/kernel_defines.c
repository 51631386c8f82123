/* SPDX-License-Identifier: MIT */
/* What a program is told about the running kernel. See kernel_defines.h. */
#define _GNU_SOURCE
#include "kernel_defines.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>

#include "probe_reliability.h"
#include "syscall_names.h"
#include "tracefs.h"

void kernel_define_table(const struct kernel *kernel, struct source *source, const char *name,
			 uint32_t most, uint32_t preallocated)
{
	bool on_demand = kernel->version >= KERNEL_VERSION_OF(6, 1);
	char text[64];

	snprintf(text, sizeof(text), "%s_MAX", name);
	source_define(source, text, "%u", on_demand || most < preallocated ? most : preallocated);
	snprintf(text, sizeof(text), "%s_FLAGS", name);
	source_define(source, text, "%u", on_demand ? (unsigned)BPF_F_NO_PREALLOC : 0);
}

int kernel_define_offsets(const struct kernel *kernel, struct source *source,
			  const struct offset *offsets, struct error *err)
{
	if (!kernel->btf && kernel->btf_lacks != -ENOENT)
		return error_set(err, -ENOENT,
				 "reading the kernel's types from /sys/kernel/btf/vmlinux: %s",
				 error_name(kernel->btf_lacks));
	if (!kernel->btf) {
		error_set(err, -ENOENT,
			  "the kernel has no BTF (/sys/kernel/btf/vmlinux), so its structures are "
			  "unknown");
		return error_hint(err,
				  "it takes a kernel with CONFIG_DEBUG_INFO_BTF=y; see --check");
	}
	for (; offsets->define; offsets++) {
		int offset = btf_offset(kernel->btf, offsets->type, offsets->member, err);

		if (offset < 0)
			return offset;
		source_define(source, offsets->define, "%d", offset);
	}
	return 0;
}

int kernel_define_task(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset offsets[] = {
		{ "TASK_TGID", "task_struct", "tgid" },
		{ "TASK_PID", "task_struct", "pid" },
		{ "TASK_REAL_PARENT", "task_struct", "real_parent" },
		{ "TASK_START_TIME", "task_struct", "start_time" },
		{ NULL, NULL, NULL },
	};

	return kernel_define_offsets(kernel, source, offsets, err);
}

void kernel_define_leader(const struct kernel *kernel, struct source *source)
{
	static const struct offset leader[] = {
		{ "TASK_GROUP_LEADER", "task_struct", "group_leader" },
		{ "TASK_COMM", "task_struct", "comm" },
		{ NULL, NULL, NULL },
	};
	struct error ignored = ERROR_INIT;

	kernel_define_offsets(kernel, source, leader, &ignored);
	error_clear(&ignored);
}

int kernel_define_namespace(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset offsets[] = {
		{ "TASK_THREAD_PID", "task_struct", "thread_pid" },
		{ "TASK_SIGNAL", "task_struct", "signal" },
		{ "TASK_REAL_PARENT", "task_struct", "real_parent" },
		{ "SIGNAL_PIDS", "signal_struct", "pids" },
		{ "PID_LEVEL", "pid", "level" },
		{ "PID_NUMBERS", "pid", "numbers" },
		{ "NS_INUM", "pid_namespace", "ns.inum" },
		{ NULL, NULL, NULL },
	};
	uint32_t inode = kernel_pid_namespace();

	if (!inode)
		return 0;
	source_define(source, "PIDNS", "%u", inode);
	return kernel_define_offsets(kernel, source, offsets, err);
}

#if defined(__x86_64__)
static const char syscall_register[] = "orig_ax";
#else
static const char syscall_register[] = "syscallno";
#endif

enum {
	/* x86-64 keeps a task's registers at the top of its stack of 16 KiB; since FRED two words
	   below it. */
	KERNEL_STACK = 16384,
	PT_REGS = 168,
};

int kernel_define_regs(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset stack[] = {
		{ "TASK_STACK", "task_struct", "stack" },
		{ NULL, NULL, NULL },
	};
	const struct offset regs[] = {
		{ "REGS_SYSCALL", "pt_regs", syscall_register },
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_offsets(kernel, source, regs, err);

	if (r < 0)
		return r;
	/* 5.15+; the kernel knows best where they are. */
	if (btf_has(kernel->btf, "bpf_task_pt_regs")) {
		source_define(source, "HAVE_TASK_PT_REGS", "1");
		return 0;
	}
	source_define(source, "STACK_REGS", "%d", KERNEL_STACK - PT_REGS);
	return kernel_define_offsets(kernel, source, stack, err);
}

int kernel_define_arguments(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const struct offset arguments[] = {
#if defined(__x86_64__)
		{ "REGS_ARG1", "pt_regs", "di" },
		{ "REGS_ARG2", "pt_regs", "si" },
		{ "REGS_ARG3", "pt_regs", "dx" },
		{ "REGS_ARG4", "pt_regs", "r10" },
		{ "REGS_ARG5", "pt_regs", "r8" },
		{ "REGS_ARG6", "pt_regs", "r9" },
		{ "REGS_COMPAT1", "pt_regs", "bx" },
		{ "REGS_COMPAT2", "pt_regs", "cx" },
		{ "REGS_COMPAT3", "pt_regs", "dx" },
		{ "REGS_COMPAT4", "pt_regs", "si" },
		{ "REGS_COMPAT5", "pt_regs", "di" },
		{ "REGS_COMPAT6", "pt_regs", "bp" },
#endif
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_offsets(kernel, source, arguments, err);

#if defined(__aarch64__)
	/* An array, which the result overwrites the first of; the call's own copy is in orig_x0. */
	for (int i = 0; r == 0 && i < 6; i++) {
		int base = btf_offset(kernel->btf, "pt_regs", i ? "regs" : "orig_x0", err);
		char name[16];

		if (base < 0)
			return base;
		snprintf(name, sizeof(name), "REGS_ARG%d", i + 1);
		source_define(source, name, "%d", base + (i ? 8 * i : 0));
		snprintf(name, sizeof(name), "REGS_COMPAT%d", i + 1);
		source_define(source, name, "%d", base + (i ? 8 * i : 0));
	}
#endif
	return r;
}

bool kernel_define_compat(const struct kernel *kernel, struct source *source)
{
	struct error ignored = ERROR_INIT;
	int offset = -ENOENT;

	/* A kernel without 32-bit calls has no entry for any of them. */
	if (btf_has(kernel->btf, "__ia32_compat_sys_openat"))
		offset = btf_offset(kernel->btf, "task_struct", "thread_info.status", &ignored);
	if (offset >= 0)
		source_define(source, "TASK_COMPAT_STATUS", "%d", offset);
	error_clear(&ignored);
	return offset >= 0;
}

int kernel_define_field(const struct kernel *kernel, struct source *source, const char *define,
			const char *event, const char *field, struct error *err)
{
	struct tracefs_field where;
	char reason[sizeof(err->text)];
	int r;

	if (kernel->tracefs < 0)
		return error_set(err, -ENOTSUP, "tracefs is not mounted and cannot be: %s",
				 error_name(kernel->tracefs));
	r = tracefs_field(kernel->tracefs, event, field, &where, err);
	if (r < 0) {
		snprintf(reason, sizeof(reason), "%s", err->text);
		return error_set(err, -ENOTSUP, "%s", reason);
	}
	source_define(source, define, "%u", where.offset);
	return 0;
}

int kernel_define_births(const struct kernel *kernel, struct source *source, struct error *err)
{
	static const char event[] = "task/task_newtask";
	int r;

	if (kernel_raw_tracepoints_are_exact(kernel) || kernel_pid_namespace())
		return error_set(err, -ENOTSUP,
				 "raw tracepoints tell more, and miss nothing on this kernel");
	r = kernel_define_field(kernel, source, "NEWTASK_PID", event, "pid", err);
	if (r == 0)
		r = kernel_define_field(kernel, source, "NEWTASK_FLAGS", event, "clone_flags", err);
	if (r == 0)
		source_define(source, "BIRTH_TRACEPOINT", "1");
	return r;
}

void define_errnos(struct source *source, const struct errnos *errnos)
{
	char expression[ERRNOS_EXPRESSION_MAX];

	if (errnos->count)
		source_define(source, "FILTER_ERRNO(e)", "%s",
			      errnos_expression(errnos, expression));
}

void define_slots(struct source *source, const char *define, const char *names)
{
	char cases[SYSCALL_CASES_MAX];

	source_define(source, define, "%s", syscall_slot_cases(names, cases));
}
