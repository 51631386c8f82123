/* SPDX-License-Identifier: MIT */
/* Facts about the running kernel for a program. See kernel_defines.h. */
#define _GNU_SOURCE
#include "kernel_defines.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "arch_facts.h"
#include "permission.h"
#include "probe_reliability.h"
#include "syscall_names.h"
#include "tracefs.h"

void kernel_define_table(const struct kernel *kernel, struct program_text *source, const char *name,
			 uint32_t most, uint32_t preallocated)
{
	bool on_demand = kernel->version >= KERNEL_VERSION_OF(6, 1);
	char text[64];

	snprintf(text, sizeof(text), "%s_MAX", name);
	program_text_define(source, text, "%u",
			    on_demand || most < preallocated ? most : preallocated);
	snprintf(text, sizeof(text), "%s_FLAGS", name);
	program_text_define(source, text, "%u", on_demand ? (unsigned)BPF_F_NO_PREALLOC : 0);
}

/* The last part of "ns.inum". */
static const char *last_name(const char *member)
{
	const char *dot = strrchr(member, '.');

	return dot ? dot + 1 : member;
}

/* Types that cannot be read, and without any the members that cannot be found out. */
static int explain_unknown(const struct kernel *kernel, int code, struct error *err)
{
	if (!kernel->btf && kernel->btf_lacks != -ENOENT)
		return error_set(err, -ENOENT,
				 "reading the kernel's types from /sys/kernel/btf/vmlinux: %s",
				 error_words(kernel->btf_lacks));
	if (!kernel->btf)
		error_hint(err, "a kernel with CONFIG_DEBUG_INFO_BTF=y tells; see --check");
	return code;
}

int kernel_define_members(const struct kernel *kernel, struct program_text *source,
			  const struct kernel_member *members, struct error *err)
{
	for (; members->structure; members++) {
		const char *name = last_name(members->member);
		int offset = kernel_offset(kernel, members->structure, members->member, err);

		if (offset < 0)
			return explain_unknown(kernel, offset, err);
		program_text_member(
			source, &(struct kernel_layout_member){
					.structure = members->structure,
					.name = name,
					.type = members->type,
					.origin = name == members->member ? NULL : members->member,
					.offset = (size_t)offset,
				});
	}
	return 0;
}

bool kernel_try_members(const struct kernel *kernel, struct program_text *source,
			const struct kernel_member *members)
{
	struct error ignored = ERROR_INIT;
	bool are_there = kernel_define_members(kernel, source, members, &ignored) == 0;

	error_clear(&ignored);
	return are_there;
}

int kernel_define_task(const struct kernel *kernel, struct program_text *source, struct error *err)
{
	static const struct kernel_member members[] = {
		{ "task_struct", "tgid", "u32" },
		{ "task_struct", "pid", "u32" },
		{ "task_struct", "real_parent", "struct task_struct *" },
		{ "task_struct", "start_time", "u64" },
		{ NULL, NULL, NULL },
	};

	return kernel_define_members(kernel, source, members, err);
}

int kernel_define_effective_user(const struct kernel *kernel, struct program_text *source,
				 struct error *err)
{
	static const struct kernel_member members[] = {
		{ "task_struct", "cred", "struct cred *" },
		{ "cred", "euid", "u32" },
		{ NULL, NULL, NULL },
	};

	return kernel_define_members(kernel, source, members, err);
}

void kernel_define_leader(const struct kernel *kernel, struct program_text *source)
{
	static const struct kernel_member leader[] = {
		{ "task_struct", "group_leader", "struct task_struct *" },
		{ "task_struct", "comm", "char[16]" },
		{ NULL, NULL, NULL },
	};

	if (kernel_try_members(kernel, source, leader))
		program_text_define(source, "LEADER_COMM", "1");
}

void kernel_define_start(const struct kernel *kernel, struct program_text *source)
{
	static const struct kernel_member start[] = {
		{ "task_struct", "group_leader", "struct task_struct *" },
		{ "task_struct", "start_boottime", "u64" },
		{ NULL, NULL, NULL },
	};

	if (kernel_try_members(kernel, source, start))
		program_text_define(source, "TASK_START", "1");
}

bool kernel_tells_starts(const struct kernel *kernel)
{
	struct error ignored = ERROR_INIT;
	bool tells = kernel_offset(kernel, "task_struct", "group_leader", &ignored) >= 0 &&
		     kernel_offset(kernel, "task_struct", "start_boottime", &ignored) >= 0;

	error_clear(&ignored);
	return tells;
}

int kernel_define_namespace(const struct kernel *kernel, struct program_text *source,
			    struct error *err)
{
	static const struct kernel_member members[] = {
		{ "task_struct", "thread_pid", "struct pid *" },
		{ "task_struct", "signal", "struct signal_struct *" },
		{ "task_struct", "real_parent", "struct task_struct *" },
		{ "signal_struct", "pids", "struct pid *[2]" },
		{ "pid", "level", "u32" },
		{ "pid", "numbers", "u64[2]" },
		{ "pid_namespace", "ns.inum", "u32" },
		{ NULL, NULL, NULL },
	};
	uint32_t inode = kernel_pid_namespace();

	if (!inode)
		return 0;
	program_text_define(source, "PIDNS", "%u", inode);
	return kernel_define_members(kernel, source, members, err);
}

static int define_register(const struct kernel *kernel, struct program_text *source,
			   const struct arch_register *reg, const char *name, const char *type,
			   struct error *err)
{
	int offset = reg->offset;

	if (kernel->btf) {
		offset = btf_offset(kernel->btf, "pt_regs", reg->origin, err);
		if (offset < 0)
			return offset;
		offset += reg->plus;
	}
	program_text_member(source, &(struct kernel_layout_member){
					    .structure = "syscall_regs",
					    .name = name,
					    .type = type,
					    .origin = reg->origin,
					    .offset = (size_t)offset,
				    });
	return 0;
}

/* A number is 32 bits wide for the kernel, whatever the width of the register. */
int kernel_define_number(const struct kernel *kernel, struct program_text *source,
			 struct error *err)
{
	return define_register(kernel, source, &arch_facts.number, "number", "s32", err);
}

int kernel_define_regs(const struct kernel *kernel, struct program_text *source, struct error *err)
{
	static const struct kernel_member stack[] = {
		{ "task_struct", "stack", "u64" },
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_number(kernel, source, err), regs;

	if (r < 0)
		return r;
	/* Linux 5.15: a helper finds the registers. */
	if (btf_has(kernel->btf, "bpf_task_pt_regs")) {
		program_text_define(source, "HAVE_TASK_PT_REGS", "1");
		return 0;
	}
	regs = kernel->btf ? arch_stack_regs() : kernel_offset(kernel, "stack", "regs", err);
	if (regs < 0)
		return regs;
	program_text_define(source, "STACK_REGS", "%d", regs);
	return kernel_define_members(kernel, source, stack, err);
}

int kernel_check_text(const struct kernel *kernel, struct error *err)
{
	if (kernel->lacks & BPF_READS_TEXT)
		return error_set(err, -ENOTSUP,
				 "this kernel's programs cannot read text (Linux 4.11)");
	return 0;
}

int kernel_check_loops(const struct kernel *kernel, struct error *err)
{
	if (kernel->lacks & BPF_LOOPS)
		return error_set(
			err, -ENOTSUP,
			"this kernel's programs have no loops (Linux 5.3), which paths take");
	return 0;
}

/* A program knows the registers by what a system call uses them for. */
int kernel_define_arguments(const struct kernel *kernel, struct program_text *source,
			    struct error *err)
{
	static const char *const native[ARCH_ARGUMENTS] = { "arg1", "arg2", "arg3",
							    "arg4", "arg5", "arg6" };
	static const char *const compat[ARCH_ARGUMENTS] = { "compat1", "compat2", "compat3",
							    "compat4", "compat5", "compat6" };
	int r = 0;

	for (int i = 0; r == 0 && i < ARCH_ARGUMENTS; i++)
		r = define_register(kernel, source, &arch_facts.arguments[i], native[i], "u64",
				    err);
	for (int i = 0; r == 0 && i < ARCH_ARGUMENTS; i++)
		r = define_register(kernel, source, &arch_facts.compat[i], compat[i], "u32", err);
	return r;
}

/* A kernel without 32-bit calls has no entry for any of them. */
static bool has_compat(const struct kernel *kernel)
{
	if (kernel->btf)
		return btf_has(kernel->btf, arch_facts.compat_entry);
	return kernel_answers_compat(kernel);
}

int kernel_define_compat(const struct kernel *kernel, struct program_text *source,
			 struct error *err)
{
	const struct kernel_member state[] = {
		{ "task_struct", arch_facts.compat_member, arch_facts.compat_type },
		{ NULL, NULL, NULL },
	};

	struct error ignored = ERROR_INIT;

	if (!has_compat(kernel))
		return 0;
	if (kernel_try_members(kernel, source, state)) {
		program_text_define(source, "COMPAT", "1");
		return 1;
	}
	/* Without that privilege a run can only print its program. */
	if (kernel->btf || permission_to_load(&ignored) < 0) {
		error_clear(&ignored);
		return 0;
	}
	return error_set(err, -ENOTSUP,
			 "the kernel has no BTF, and how to tell 32-bit calls is not known");
}

int kernel_define_field(const struct kernel *kernel, struct program_text *source, const char *event,
			const struct kernel_member *field, struct error *err)
{
	/* The program's names of fields are C identifiers without the kernel's underscores. */
	const char *name = field->member + strspn(field->member, "_");
	struct tracefs_field where;
	char reason[sizeof(err->text)];
	int r;

	if (kernel->tracefs < 0)
		return error_set(err, -ENOTSUP, "tracefs is not mounted and cannot be: %s",
				 error_words(kernel->tracefs));
	r = tracefs_field(kernel->tracefs, event, field->member, &where, err);
	if (r < 0) {
		snprintf(reason, sizeof(reason), "%s", err->text);
		return error_set(err, -ENOTSUP, "%s", reason);
	}
	program_text_member(source, &(struct kernel_layout_member){ .structure = field->structure,
								    .name = name,
								    .type = field->type,
								    .offset = where.offset });
	return 0;
}

int kernel_define_births(const struct kernel *kernel, struct program_text *source,
			 struct error *err)
{
	static const char event[] = "task/task_newtask";
	static const struct kernel_member pid = { "task_newtask", "pid", "u32" },
					  flags = { "task_newtask", "clone_flags", "u64" };
	int r;

	if (kernel_raw_tracepoints_are_exact(kernel) || kernel_pid_namespace())
		return error_set(err, -ENOTSUP,
				 "raw tracepoints tell more, and miss nothing on this kernel");
	r = kernel_define_field(kernel, source, event, &pid, err);
	if (r == 0)
		r = kernel_define_field(kernel, source, event, &flags, err);
	if (r == 0)
		program_text_define(source, "BIRTH_TRACEPOINT", "1");
	return r;
}

void kernel_define_errnos(struct program_text *source, const struct errno_set *errnos)
{
	char expression[ERRNO_SET_EXPRESSION_MAX];

	if (errnos->count)
		program_text_define(source, "FILTER_ERRNO(e)", "%s",
				    errno_set_expression(errnos, expression));
}

void kernel_define_slots(struct program_text *source, const char *define, const char *names)
{
	char cases[SYSCALL_CASES_MAX];

	program_text_define(source, define, "%s", syscall_slot_cases(names, cases));
}
