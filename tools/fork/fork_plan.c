/* SPDX-License-Identifier: MIT */
/* The program and hooks that a run of bcc-fork takes. See fork_plan.h. */
#include "fork_plan.h"

#include <errno.h>
#include <string.h>

#include "kernel_defines.h"
#include "syscall_names.h"

enum {
	NAMES = 4096, /* before an exec: they are asked for within it */
	ENDED = 1024, /* processes whose last threads are ending at one moment, and more */
	PER_CPU = 128,
	ARGS_DEFAULT = 8192,
};

/* Have the program send @type. */
static void plan_event(const struct fork_options *options, struct plan *plan, enum fork_type type)
{
	static const char *const defines[FORK_TYPES] = {
		[FORK_FORK] = "EVENT_FORK",
		[FORK_THREAD] = "EVENT_THREAD",
		[FORK_EXEC] = "EVENT_EXEC",
		[FORK_EXIT] = "EVENT_EXIT",
	};

	if (fork_sends(options, type))
		program_text_define(plan->source, defines[type], "1");
}

/* Which events are lost as lineage: those that are sent and not shown. */
static void define_lineage(const struct fork_options *options, struct program_text *source)
{
	unsigned types = 0;

	for (enum fork_type type = 0; type < FORK_TYPES; type++)
		if (fork_sends(options, type) && !fork_shows(options, type))
			types |= 1u << type;
	if (types)
		program_text_define(source, "LINEAGE_TYPES", "%u", types);
}

/* A summary has no use for arguments. */
static size_t argument_bytes(const struct fork_options *options)
{
	if (options->summary)
		return 1;
	return options->max_args ? options->max_args : ARGS_DEFAULT;
}

size_t fork_record_max(const struct fork_options *options)
{
	if (!fork_sends(options, FORK_EXEC))
		return sizeof(struct fork_exit_usage);
	return sizeof(struct fork_exec) + FORK_PATH + argument_bytes(options);
}

/* Where the tracepoints' tasks keep what an event says. */
static const struct kernel_member task_members[] = {
	{ "task_struct", "tgid", "u32" },
	{ "task_struct", "pid", "u32" },
	{ "task_struct", "real_parent", "struct task_struct *" },
	{ "task_struct", "group_leader", "struct task_struct *" },
	{ "task_struct", "exit_code", "u32" },
	{ "task_struct", "start_time", "u64" },
	{ "task_struct", "signal", "struct signal_struct *" },
	{ "task_struct", "mm", "struct mm_struct *" },
	{ "signal_struct", "flags", "u32" },
	{ "signal_struct", "group_exit_code", "u32" },
	{ "signal_struct", "nr_threads", "u32" },
	{ "signal_struct", "live", "u32" },
	{ "mm_struct", "arg_start", "u64" },
	{ "mm_struct", "arg_end", "u64" },
	{ "linux_binprm", "filename", "const char *" },
	{ NULL, NULL, NULL },
};

static const struct kernel_member usage_members[] = {
	{ "task_struct", "se.sum_exec_runtime", "u64" },
	{ "task_struct", "utime", "u64" },
	{ "task_struct", "stime", "u64" },
	{ "task_struct", "min_flt", "u64" },
	{ "task_struct", "maj_flt", "u64" },
	{ "signal_struct", "sum_sched_runtime", "u64" },
	{ "signal_struct", "utime", "u64" },
	{ "signal_struct", "stime", "u64" },
	{ "signal_struct", "min_flt", "u64" },
	{ "signal_struct", "maj_flt", "u64" },
	{ "signal_struct", "maxrss", "u64" },
	{ NULL, NULL, NULL },
};

/* One of the tracepoints, raw or classic as the plan has it. */
static void plan_tracepoint(struct plan *plan, const char *name)
{
	static const struct {
		const char *name, *raw, *classic, *target;
	} functions[] = {
#define TRACEPOINT(category, name)                                                                 \
	{ #name, "raw_tracepoint__" #name, "tracepoint__" #name, category "/" #name }
		TRACEPOINT("task", task_newtask),
		TRACEPOINT("task", task_rename),
		TRACEPOINT("sched", sched_process_exec),
		TRACEPOINT("sched", sched_process_exit),
#undef TRACEPOINT
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (strcmp(functions[i].name, name) != 0)
			continue;
		if (plan->classic_births)
			plan_hook(plan, HOOK_TRACEPOINT, functions[i].classic, functions[i].target);
		else
			plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, functions[i].raw,
				  functions[i].name);
	}
}

static void plan_births(const struct fork_options *options, struct plan *plan)
{
	plan_event(options, plan, FORK_FORK);
	plan_event(options, plan, FORK_THREAD);
	plan->has_newtask_hook = fork_sends(options, FORK_FORK) || fork_sends(options, FORK_THREAD);
	if (plan->has_newtask_hook)
		plan_tracepoint(plan, "task_newtask");
}

/* Failed execs are seen as the call returns: the number of every call of the machine is looked at.
 */
static int plan_failed(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const struct kernel_member late[] = {
		{ "mm_struct", "exe_file", "struct file *" },
		{ "file", "f_path.dentry", "struct dentry *" },
		{ "dentry", "d_name.name", "const char *" },
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_number(in->kernel, plan->source, err);

	if (r == 0)
		r = kernel_define_arguments(in->kernel, plan->source, err);
	if (r == 0)
		r = kernel_define_members(in->kernel, plan->source, late, err);
	if (r < 0)
		return r;
	r = kernel_define_compat(in->kernel, plan->source, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "EXEC_FAILED", "1");
	program_text_define(plan->source, "EXECVE", "%d", syscall_number(ABI_NATIVE, "execve"));
	program_text_define(plan->source, "EXECVEAT", "%d", syscall_number(ABI_NATIVE, "execveat"));
	program_text_define(plan->source, "EXECVE_COMPAT", "%d",
			    syscall_number(ABI_COMPAT, "execve"));
	program_text_define(plan->source, "EXECVEAT_COMPAT", "%d",
			    syscall_number(ABI_COMPAT, "execveat"));
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	return 0;
}

static int plan_execs(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct fork_options *options = in->options;

	if (!fork_sends(options, FORK_EXEC))
		return 0;
	plan_event(options, plan, FORK_EXEC);
	program_text_define(plan->source, "ARGS_MAX", "%zu", argument_bytes(options));
	program_text_define(plan->source, "NAMES_MAX", "%u", kernel_map_capacity(NAMES, PER_CPU));
	plan_tracepoint(plan, "task_rename");
	plan_tracepoint(plan, "sched_process_exec");
	return options->failed ? plan_failed(in, plan, err) : 0;
}

static int plan_exits(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct fork_options *options = in->options;
	int r = 0;

	if (!fork_sends(options, FORK_EXIT))
		return 0;
	plan_event(options, plan, FORK_EXIT);
	program_text_define(plan->source, "ENDED_MAX", "%u", kernel_map_capacity(ENDED, PER_CPU));
	/* 6.16+: the tracepoint says itself whether the process has ended. */
	if (!plan->classic_births &&
	    btf_tracepoint_args(in->kernel->btf, "btf_trace_sched_process_exit") >= 2)
		program_text_define(plan->source, "EXIT_GROUP_DEAD", "1");
	if (options->rusage || fork_needs_tree(options)) {
		program_text_define(plan->source, "USAGE", "1");
		r = kernel_define_members(in->kernel, plan->source, usage_members, err);
	}
	plan_tracepoint(plan, "sched_process_exit");
	return r;
}

static int plan_all(const struct plan_input *in, struct plan *plan, struct error *err)
{
	int r = kernel_define_members(in->kernel, plan->source, task_members, err);

	if (r == 0)
		r = kernel_define_effective_user(in->kernel, plan->source, err);
	if (r < 0)
		return r;
	define_lineage(in->options, plan->source);
	plan_births(in->options, plan);
	r = plan_execs(in, plan, err);
	return r == 0 ? plan_exits(in, plan, err) : r;
}

static int plan_raw(const struct plan_input *in, struct plan *plan, struct error *err)
{
	int r = program_text_new(&plan->source, "fork/fork.bpf.c", err);

	plan->raw_births = true;
	return r == 0 ? plan_all(in, plan, err) : r;
}

static int plan_classic(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const struct {
		const char *event;
		struct kernel_member field;
	} fields[] = {
		{ "task/task_rename", { "task_rename", "pid", "u32" } },
		{ "sched/sched_process_exec", { "sched_process_exec", "filename", "u32" } },
		{ "sched/sched_process_exit", { "sched_process_exit", "group_dead", "u8" } },
	};
	int r = program_text_new(&plan->source, "fork/fork.bpf.c", err);

	if (r == 0)
		r = kernel_define_births(in->kernel, plan->source, err);
	for (size_t i = 0; r == 0 && i < sizeof(fields) / sizeof(fields[0]); i++)
		r = kernel_define_field(in->kernel, plan->source, fields[i].event, &fields[i].field,
					err);
	if (r == 0)
		program_text_define(plan->source, "EXIT_GROUP_DEAD", "1");
	plan->classic_births = true;
	return r == 0 ? plan_all(in, plan, err) : r;
}

const struct probe_set fork_probe_sets[FORK_PROBE_SETS] = {
	{ "classic tracepoints", plan_classic },
	{ "raw tracepoints", plan_raw },
};
