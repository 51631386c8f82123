/* SPDX-License-Identifier: MIT */
/* The program and hooks that a run of bcc-syscalls takes. See syscalls_choices.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "kernel_defines.h"
#include "probe_reliability.h"
#include "syscall_names.h"
#include "syscalls_options.h"
#include "tracefs.h"

enum {
	CALLS_USED = 512, /* by system call alone: more than any machine uses */
	CALLS_USED_PER_CPU = 256,
	EXECS = 1024, /* that are between the kernel's new program and their return, and more */
	EXECS_PER_CPU = 128,
	STARTED_PREALLOCATED = 65536,
};

static void define_results(const struct syscalls_choices *choices, struct source *source)
{
	if (choices->set.any)
		source_define(source, "SELECT", "1");
	if (choices->failed)
		source_define(source, "FAILED_ONLY", "1");
	define_errnos(source, &choices->errnos);
}

/* Filters whose answer can change while a call lasts. A thread that executes a program takes its
 * leader's id. */
static bool filter_changes(const struct filter *filter)
{
	return filter->name || filter->cgroup >= 0 || filter->ids[FILTER_TIDS].count ||
	       filter->ids[FILTER_UIDS].count || filter->ids[FILTER_PPIDS].count;
}

static uint32_t rows_max(const struct syscalls_choices *choices)
{
	uint32_t cpus = kernel_room(2, 1), most = by_rows_max(choices->latency);

	if (!choices->latency || syscalls_choices_by(choices).words != 1u << BY_SYSCALL)
		return most;
	/* A large machine's CPUs do not each use all the calls there are. */
	return CALLS_USED * cpus < most ? CALLS_USED * cpus : kernel_room(most, CALLS_USED_PER_CPU);
}

static void define_rows(const struct run *run, struct source *source)
{
	const struct syscalls_choices *choices = run->state;
	struct by by = syscalls_choices_by(choices);

	source_define(source, "ROWS", "1");
	kernel_define_table(&run->kernel, source, "TABLE", rows_max(choices), UINT32_MAX);
	by_define(&by, source);
	if (by_has(&by, BY_PROCESS) && !by_has(&by, BY_THREAD))
		kernel_define_leader(&run->kernel, source);
}

static void define_started(const struct run *run, struct source *source)
{
	kernel_define_table(&run->kernel, source, "STARTED", kernel_processes_max(),
			    STARTED_PREALLOCATED);
	if (filter_changes(&run->options.filter))
		source_define(source, "FILTER_CHANGES", "1");
}

static int plan_begin(const struct run *run, struct plan *plan, struct error *err)
{
	const struct syscalls_choices *choices = run->state;
	int r = source_new(&plan->source,
			   choices->stream ? "syscalls/stream.bpf.c" : "syscalls/count.bpf.c", err);

	if (r < 0)
		return r;
	if (run->options.command)
		source_define(plan->source, "HOLD_COMMAND", "1");
	kernel_define_compat(&run->kernel, plan->source);
	define_slots(plan->source, "FORK_SLOTS", "fork,vfork,clone,clone3");
	define_slots(plan->source, "EXECVE_SLOTS", "execve,execveat");
	define_results(choices, plan->source);
	if (choices->latency || choices->stream)
		define_started(run, plan->source);
	if (choices->latency)
		source_define(plan->source, "LATENCY", "1");
	if (choices->stream)
		source_define(plan->source, "EXECS_MAX", "%u", kernel_room(EXECS, EXECS_PER_CPU));
	if (!choices->stream && !syscalls_choices_counts(choices))
		define_rows(run, plan->source);
	return 0;
}

/* exit and exit_group never return: see them in sched_process_exit, in the registers of who ends.
 * Needs BTF. */
static int define_exits(const struct run *run, struct source *source, struct error *err)
{
	int r = kernel_define_regs(&run->kernel, source, err);

	if (r < 0)
		return r;
	source_define(source, "COUNT_EXITS", "1");
	source_define(source, "EXIT_CALLS", "case %d: case %d:", syscall_number(ABI_NATIVE, "exit"),
		      syscall_number(ABI_NATIVE, "exit_group"));
	source_define(source, "EXIT_CALLS_COMPAT",
		      "case %d: case %d:", syscall_number(ABI_COMPAT, "exit"),
		      syscall_number(ABI_COMPAT, "exit_group"));
	return 0;
}

/* The hook at which a thread ends is also where its start time is forgotten. */
static int plan_exits(const struct run *run, struct plan *plan, bool raw, struct error *err)
{
	const struct syscalls_choices *choices = run->state;
	int r = 0;

	if (!run->kernel.btf && !choices->latency && !choices->stream)
		return 0;
	if (run->kernel.btf)
		r = define_exits(run, plan->source, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_EXITS", "1");
	if (raw) {
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit",
			  "sched_process_exit");
	} else {
		source_define(plan->source, "EXIT_TRACEPOINT", "1");
		plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sched_process_exit",
			  "sched/sched_process_exit");
	}
	return 0;
}

/* What a record of each call takes besides. */
static int define_record(const struct run *run, struct source *source, struct error *err)
{
	static const struct kernel_member path[] = {
		{ "linux_binprm", "filename", "const char *" },
		{ NULL, NULL, NULL },
	};
	int r = kernel_define_arguments(&run->kernel, source, err);

	return r == 0 ? kernel_define_members(&run->kernel, source, path, err) : r;
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

int syscalls_plan_raw(const struct run *run, struct plan *plan, struct error *err)
{
	const struct syscalls_choices *choices = run->state;
	int r = plan_begin(run, plan, err);

	if (r == 0 && choices->stream)
		r = define_record(run, plan->source, err);
	if (r < 0)
		return r;
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	if (choices->latency || choices->stream) {
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_enter", "sys_enter");
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exec",
			  "sched_process_exec");
	}
	return plan_exits(run, plan,
			  kernel_raw_tracepoints_are_exact(&run->kernel) ||
				  !may_see_classic(&run->kernel),
			  err);
}

static int plan_enter_classic(const struct run *run, struct plan *plan, struct error *err)
{
	static const char enter[] = "raw_syscalls/sys_enter", exec[] = "sched/sched_process_exec";
	static const struct kernel_member id = { "sys_enter", "id", "s32" },
					  args = { "sys_enter", "args", "u64[6]" },
					  filename = { "sched_process_exec", "filename", "u32" },
					  old_pid = { "sched_process_exec", "old_pid", "u32" };
	const struct syscalls_choices *choices = run->state;
	int r = kernel_define_field(&run->kernel, plan->source, enter, &id, err);

	if (r == 0 && choices->stream)
		r = kernel_define_field(&run->kernel, plan->source, enter, &args, err);
	if (r == 0 && choices->stream)
		r = kernel_define_field(&run->kernel, plan->source, exec, &filename, err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, exec, &old_pid, err);
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_enter", enter);
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sched_process_exec", exec);
	return r;
}

int syscalls_plan_classic(const struct run *run, struct plan *plan, struct error *err)
{
	static const char event[] = "raw_syscalls/sys_exit";
	static const struct kernel_member id = { "sys_exit", "id", "s32" },
					  ret = { "sys_exit", "ret", "s64" };
	const struct syscalls_choices *choices = run->state;
	int r = plan_begin(run, plan, err);

	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, event, &id, err);
	if (r == 0)
		r = kernel_define_field(&run->kernel, plan->source, event, &ret, err);
	if (r < 0)
		return r;
	source_define(plan->source, "HOOK_TRACEPOINT", "1");
	plan_hook(plan, HOOK_TRACEPOINT, "tracepoint__sys_exit", event);
	if (choices->latency || choices->stream)
		r = plan_enter_classic(run, plan, err);
	return r < 0 ? r : plan_exits(run, plan, false, err);
}

int syscalls_plan_raw_if_exact(const struct run *run, struct plan *plan, struct error *err)
{
	if (!kernel_raw_tracepoints_are_exact(&run->kernel))
		return error_set(err, -ENOTSUP, "raw tracepoints can miss calls on this kernel");
	return syscalls_plan_raw(run, plan, err);
}
