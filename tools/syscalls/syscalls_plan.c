/* SPDX-License-Identifier: MIT */
/* The program and hooks that a run of bcc-syscalls takes. See syscalls_plan.h. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "arg_parts.h"
#include "kernel_defines.h"
#include "lib/arch.h"
#include "probe_reliability.h"
#include "syscall_names.h"
#include "syscalls_plan.h"
#include "tracefs.h"

enum {
	CALLS_USED = 512, /* by system call alone: more than any machine uses */
	CALLS_USED_PER_CPU = 256,
	EXECS = 1024, /* that are between the kernel's new program and their return, and more */
	EXECS_PER_CPU = 128,
	STARTED_PREALLOCATED = 65536,
};

/* Classic tracepoints. */
#define ENTER "raw_syscalls/sys_enter"
#define EXEC "sched/sched_process_exec"

static bool selects_maker(const struct syscall_set *set)
{
	uint32_t slots[SYSCALL_NAMED_MAX];
	size_t count = syscall_slots(MAKER_CALLS, slots);
	bool selects = false;

	for (size_t i = 0; i < count; i++)
		selects |= syscall_set_has(set, slots[i]);
	return selects;
}

static void define_results(const struct syscalls_options *options, struct program_text *source)
{
	if (options->set.any)
		program_text_define(source, "SELECT", "1");
	if (options->set.any && selects_maker(&options->set))
		program_text_define(source, "SELECT_MAKERS", "1");
	if (options->tracing.failed)
		program_text_define(source, "FAILED_ONLY", "1");
	kernel_define_errnos(source, &options->tracing.errnos);
}

/* Filters whose answer can change while a call lasts. A thread that executes a program takes its
 * leader's id. */
static bool filter_changes(const struct filter *filter)
{
	return filter_uses_names(filter) || filter_uses_cgroups(filter) ||
	       filter_compares(filter, FILTER_TIDS) || filter_compares(filter, FILTER_UIDS) ||
	       filter_compares(filter, FILTER_EUIDS) || filter_compares(filter, FILTER_PPIDS);
}

static uint32_t rows_max(const struct syscalls_options *options)
{
	uint32_t cpus = kernel_map_capacity(2, 1),
		 most = group_by_rows_max(options->tracing.latency);

	if (!options->tracing.latency || syscalls_by(options).words != 1u << BY_SYSCALL)
		return most;
	/* A large machine's CPUs do not each use all the calls there are. */
	return CALLS_USED * cpus < most ? CALLS_USED * cpus
					: kernel_map_capacity(most, CALLS_USED_PER_CPU);
}

static void define_rows(const struct plan_input *in, struct plan *plan)
{
	struct program_text *source = plan->source;
	const struct syscalls_options *options = in->options;
	struct group_by by = syscalls_by(options);

	program_text_define(source, "ROWS", "1");
	kernel_define_table(in->kernel, source, "TABLE", rows_max(options), UINT32_MAX);
	group_by_define(&by, source);
	plan_identities(plan, in->kernel, &by);
}

static void define_started(const struct plan_input *in, struct program_text *source)
{
	kernel_define_table(in->kernel, source, "STARTED", kernel_processes_max(),
			    STARTED_PREALLOCATED);
	if (filter_changes(in->filter))
		program_text_define(source, "FILTER_CHANGES", "1");
}

static bool is_selected(size_t slot, void *context)
{
	return syscalls_are_selected(context, slot);
}

/* Where the memory of a program begins that has been executed. */
static bool define_argv(const struct plan_input *in, struct program_text *source)
{
	static const struct kernel_member members[] = {
		{ "task_struct", "mm", "struct mm_struct *" },
		{ "mm_struct", "arg_start", "u64" },
		{ "mm_struct", "arg_end", "u64" },
		{ NULL, NULL, NULL },
	};

	/* The strings are read one by one. */
	return !(in->kernel->lacks & BPF_LOOPS) && kernel_try_members(in->kernel, source, members);
}

/* What arguments point to: lines for people show it. */
static void define_memory(const struct plan_input *in, struct plan *plan)
{
	struct program_text *source = plan->source;
	const struct syscalls_options *options = in->options;
	unsigned limit = syscalls_string_limit(options), kinds;

	if (!options->in_words)
		return;
	kinds = arg_parts_kinds(is_selected, (void *)options, limit);
	if (kinds & 1u << PART_GIVEN) {
		program_text_define(source, "READ_GIVEN", "1");
		program_text_define(source, "GIVENS_MAX", "%u",
				    kernel_map_capacity(EXECS, EXECS_PER_CPU));
		program_text_define(source, "GIVEN_FIRST", "%u",
				    limit < CALL_STRUCT_MAX ? CALL_STRUCT_MAX : (limit + 7) & ~7u);
	}
	if (kinds & (1u << PART_GIVEN | 1u << PART_FILLED))
		program_text_define(source, "READ_BYTES", "1");
	if (!(kinds & 1u << PART_STRINGS))
		return;
	if (define_argv(in, source))
		program_text_define(source, "READ_STRINGS", "1");
	else
		plan_without(plan, "argv");
}

static void define_stream(const struct plan_input *in, struct plan *plan)
{
	program_text_define(plan->source, "EXECS_MAX", "%u",
			    kernel_map_capacity(EXECS, EXECS_PER_CPU));
	define_memory(in, plan);
}

/* What tells 32-bit calls, and an exec by which another ABI begins, see programs/lib/arch.h. */
static int define_compat(const struct kernel *kernel, struct program_text *source,
			 struct error *err)
{
	static const struct kernel_member memory[] = {
		{ "task_struct", "mm", "struct mm_struct *" },
		{ "mm_struct", "arg_end", "u64" },
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_compat(kernel, source, err);

	if (r <= 0 || !EXEC_KEEPS_NUMBER)
		return r;
	r = kernel_define_members(kernel, source, memory, err);
	return r == 0 ? kernel_define_arguments(kernel, source, err) : r;
}

static int plan_begin(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct syscalls_options *options = in->options;
	int r = program_text_new(
		&plan->source,
		options->tracing.stream ? "syscalls/stream.bpf.c" : "syscalls/count.bpf.c", err);

	if (r == 0 && options->tracing.stream)
		r = kernel_check_text(in->kernel, err);
	if (r < 0)
		return r;
	if (in->command)
		program_text_define(plan->source, "HOLD_COMMAND", "1");
	r = define_compat(in->kernel, plan->source, err);
	if (r < 0)
		return r;
	kernel_define_slots(plan->source, "FORK_SLOTS", FORK_CALLS);
	kernel_define_slots(plan->source, "EXECVE_SLOTS", EXEC_CALLS);
	kernel_define_slots(plan->source, "SIGRETURN_SLOTS", "rt_sigreturn,sigreturn");
	define_results(options, plan->source);
	if (options->tracing.latency || options->tracing.stream)
		define_started(in, plan->source);
	if (options->tracing.latency)
		program_text_define(plan->source, "LATENCY", "1");
	if (options->tracing.stream)
		define_stream(in, plan);
	if (!options->tracing.stream && !syscalls_counters_suffice(options))
		define_rows(in, plan);
	return 0;
}

/*
 * exit and exit_group never return: see them in sched_process_exit, in the registers of who ends.
 * Where these cannot be found, see the calls begin.
 *
 * Return: is it in sched_process_exit?
 */
static bool define_exits(const struct plan_input *in, struct program_text *source)
{
	struct error ignored = ERROR_INIT;
	bool finds_regs = kernel_define_regs(in->kernel, source, &ignored) == 0;

	error_clear(&ignored);
	program_text_define(source, finds_regs ? "COUNT_EXITS" : "COUNT_EXIT_ENTRIES", "1");
	kernel_define_slots(source, "EXIT_SLOTS", "exit,exit_group");
	return finds_regs;
}

static bool sees_entries(const struct syscalls_options *options)
{
	return options->tracing.latency || options->tracing.stream;
}

/* The tracepoint of calls that begin, where nothing but exits asks for it. */
static int plan_exit_entries(const struct plan_input *in, struct plan *plan, bool raw,
			     struct error *err)
{
	static const struct kernel_member id = { "sys_enter", "id", "s32" };

	if (raw) {
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_enter", "sys_enter");
		return 0;
	}
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_enter", ENTER);
	return kernel_define_field(in->kernel, plan->source, ENTER, &id, err);
}

/*
 * The hook at which a thread ends is also where its start time is forgotten.
 * @raw_calls, @raw_exits: calls, and ends of threads, are seen by raw tracepoints
 */
static int plan_exits(const struct plan_input *in, struct plan *plan, bool raw_calls,
		      bool raw_exits, struct error *err)
{
	const struct syscalls_options *options = in->options;

	if (!define_exits(in, plan->source) && !sees_entries(options))
		return plan_exit_entries(in, plan, raw_calls, err);
	program_text_define(plan->source, "HOOK_EXITS", "1");
	if (raw_exits) {
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit",
			  "sched_process_exit");
	} else {
		program_text_define(plan->source, "EXIT_TRACEPOINT", "1");
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sched_process_exit",
			  "sched/sched_process_exit");
	}
	return 0;
}

/* A loss leaves a thread that takes its leader's id without a time, and no call uncounted. */
static int plan_exec_classic(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const struct kernel_member filename = { "sched_process_exec", "filename", "u32" },
					  old_pid = { "sched_process_exec", "old_pid", "u32" };
	const struct syscalls_options *options = in->options;
	int r = kernel_define_field(in->kernel, plan->source, EXEC, &old_pid, err);

	if (r == 0 && options->tracing.stream)
		r = kernel_define_field(in->kernel, plan->source, EXEC, &filename, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "EXEC_TRACEPOINT", "1");
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sched_process_exec", EXEC);
	plan_timing_only(plan, "tracepoint__sched_process_exec");
	return 0;
}

/* The path of an exec is in a structure of the kernel, or in the record of the classic tracepoint.
 */
static int plan_exec(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const struct kernel_member path[] = {
		{ "linux_binprm", "filename", "const char *" },
		{ NULL, NULL, NULL },
	};
	const struct syscalls_options *options = in->options;

	if (options->tracing.stream && !kernel_try_members(in->kernel, plan->source, path))
		return plan_exec_classic(in, plan, err);
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exec",
		  "sched_process_exec");
	plan_timing_only(plan, "raw_tracepoint__sched_process_exec");
	return 0;
}

/* Where raw tracepoints can miss an event the classic one is better, but not everybody may read
 * tracefs. */
static bool may_see_classic(const struct kernel *kernel)
{
	struct error ignored = ERROR_INIT;
	int id = tracefs_event_id(kernel->tracefs, "sched/sched_process_exit", &ignored);

	error_clear(&ignored);
	return id >= 0;
}

static int plan_raw(const struct plan_input *in, struct plan *plan, struct error *err)
{
	const struct syscalls_options *options = in->options;
	int r = plan_begin(in, plan, err);

	if (r == 0)
		r = kernel_define_number(in->kernel, plan->source, err);
	if (r == 0 && options->tracing.stream) {
		program_text_define(plan->source, "ARGS_AT_RETURN", "1");
		r = kernel_define_arguments(in->kernel, plan->source, err);
	}
	if (r < 0)
		return r;
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	if (sees_entries(options)) {
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_enter", "sys_enter");
		plan_timing_only(plan, "raw_tracepoint__sys_enter");
		r = plan_exec(in, plan, err);
	}
	if (r < 0)
		return r;
	return plan_exits(
		in, plan, true,
		kernel_raw_tracepoints_are_exact(in->kernel) || !may_see_classic(in->kernel), err);
}

static int plan_enter_classic(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const struct kernel_member enter_id = { "sys_enter", "id", "s32" },
					  args = { "sys_enter", "args", "u64[6]" };
	const struct syscalls_options *options = in->options;
	int r = kernel_define_field(in->kernel, plan->source, ENTER, &enter_id, err);

	if (r == 0 && options->tracing.stream)
		r = kernel_define_field(in->kernel, plan->source, ENTER, &args, err);
	if (r == 0 && options->tracing.stream && btf_has(in->kernel->btf, "bpf_task_pt_regs")) {
		program_text_define(plan->source, "ARGS_AT_RETURN", "1");
		r = kernel_define_arguments(in->kernel, plan->source, err);
	}
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_enter", ENTER);
	plan_timing_only(plan, "tracepoint__sys_enter");
	return r == 0 ? plan_exec_classic(in, plan, err) : r;
}

static int plan_classic(const struct plan_input *in, struct plan *plan, struct error *err)
{
	static const char event[] = "raw_syscalls/sys_exit";
	static const struct kernel_member leave_id = { "sys_exit", "id", "s32" },
					  leave_ret = { "sys_exit", "ret", "s64" };
	const struct syscalls_options *options = in->options;
	int r = plan_begin(in, plan, err);

	if (r == 0)
		r = kernel_define_field(in->kernel, plan->source, event, &leave_id, err);
	if (r == 0)
		r = kernel_define_field(in->kernel, plan->source, event, &leave_ret, err);
	if (r < 0)
		return r;
	program_text_define(plan->source, "HOOK_TRACEPOINT", "1");
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_exit", event);
	if (sees_entries(options))
		r = plan_enter_classic(in, plan, err);
	return r < 0 ? r : plan_exits(in, plan, false, false, err);
}

static int plan_raw_if_exact(const struct plan_input *in, struct plan *plan, struct error *err)
{
	if (!kernel_raw_tracepoints_are_exact(in->kernel))
		return error_set(err, -ENOTSUP, "raw tracepoints can miss calls on this kernel");
	return plan_raw(in, plan, err);
}

/* The raw tracepoint is cheaper; where it can miss calls the classic one goes first. */
const struct probe_set syscalls_probe_sets[SYSCALLS_PROBE_SETS] = {
	{ "the raw tracepoint sys_exit", plan_raw_if_exact },
	{ "the tracepoint raw_syscalls:sys_exit", plan_classic },
	{ "the raw tracepoint sys_exit, though it can miss calls", plan_raw },
};
