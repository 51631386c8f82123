/* SPDX-License-Identifier: MIT */
/* What a run of bcc-fork is asked for, and the program and hooks that takes. See fork_choices.h. */
#define _GNU_SOURCE
#include "fork_options.h"

#include <errno.h>
#include <string.h>

#include "kernel_defines.h"
#include "names.h"
#include "number.h"
#include "perf_stream.h"
#include "syscall_names.h"

enum {
	NAMES = 4096, /* before an exec: they are asked for within it */
	ENDED = 1024, /* processes whose last threads are ending at one moment, and more */
	PER_CPU = 128,
	ARGS_DEFAULT = 8192,
	ARGS_MOST = 24000, /* with a path, and one argument of an exec that fails, 32 KiB: all an
			      element of a per-CPU map can be */
};

enum fork_option {
	OPT_EVENT = OPTION_OWN,
	OPT_FAILED,
	OPT_RUSAGE,
	OPT_MAX_ARGS,
	OPT_BUFFER,
	OPT_TREE,
	OPT_LINEAGE,
	OPT_SUMMARY,
	OPT_HOST_PIDS,
};

const struct option_entry fork_options[FORK_OPTIONS] = {
	{ 'E', "event", "LIST", "only these events: fork, thread, exec, exit", OPT_EVENT, true },
	{ 'x', "failed", NULL, "also execs that fail, with the errno", OPT_FAILED, false },
	{ 0, "rusage", NULL, "at exit: processor time, memory, page faults", OPT_RUSAGE, false },
	{ 0, "tree", NULL, "indent each line by the process's place in the tree", OPT_TREE, false },
	{ 0, "lineage", NULL, "the names of all ancestors in each line: sshd > bash > make",
	  OPT_LINEAGE, false },
	{ 0, "summary", NULL,
	  "numbers instead of events: rates, who forks most (--top N, default 10),\nshortest "
	  "lives, failures; at the end, or with -i every so often",
	  OPT_SUMMARY, false },
	{ 0, "host-pids", NULL, "in a container: the process ids the host knows", OPT_HOST_PIDS,
	  false },
	{ 0, "max-args", "BYTES", "of an exec's arguments, at most so much (default 8192)",
	  OPT_MAX_ARGS, false },
	{ 0, "buffer", "PAGES", "perf buffer of each CPU, a power of two (default 128)", OPT_BUFFER,
	  false },
};

static int parse_events(struct fork_choices *choices, const char *list, struct error *err)
{
	for (size_t at = 0;; at++) {
		size_t len = strcspn(list + at, ","), type = 0;

		while (type < FORK_TYPES &&
		       (strlen(fork_type_name((enum fork_type)type)) != len ||
			strncmp(list + at, fork_type_name((enum fork_type)type), len) != 0))
			type++;
		if (type == FORK_TYPES)
			return error_set(
				err, -EINVAL,
				"'%.*s' is not an event (there are: fork, thread, exec, exit)",
				(int)len, list + at);
		choices->events[type] = true;
		at += len;
		if (!list[at])
			return 0;
	}
}

static int parse_amount(const char *value, uint64_t most, const char *what, uint64_t *amount,
			struct error *err)
{
	if (number_u64(value, strlen(value), 1, most, amount) < 0)
		return error_set(err, -EINVAL, "'%s' is not a number of %s (1 to %llu)", value,
				 what, (unsigned long long)most);
	return 0;
}

int fork_choices_parse(void *context, int id, const char *value, struct error *err)
{
	struct fork_choices *choices = context;

	switch (id) {
	case OPT_EVENT:
		return parse_events(choices, value, err);
	case OPT_MAX_ARGS:
		return parse_amount(value, ARGS_MOST, "bytes", &choices->max_args, err);
	case OPT_BUFFER:
		return options_pages(value, &choices->buffer_pages, err);
	case OPT_FAILED:
		choices->failed = true;
		return 0;
	case OPT_TREE:
		choices->tree = true;
		return 0;
	case OPT_LINEAGE:
		choices->lineage = true;
		return 0;
	case OPT_HOST_PIDS:
		choices->host_pids = true;
		return 0;
	case OPT_SUMMARY:
		choices->summary = true;
		return 0;
	default:
		choices->rusage = true;
		return 0;
	}
}

int fork_choices_check(void *state, const struct options *options, struct error *err)
{
	struct fork_choices *choices = state;

	if (options->top && !choices->summary)
		return error_set(err, -EINVAL, "--top needs --summary");
	if (choices->summary && (choices->tree || choices->lineage))
		return error_set(err, -EINVAL, "--summary and --%s exclude each other",
				 choices->tree ? "tree" : "lineage");
	choices->command_tree =
		options->command && options->format == REPORT_TABLE && !choices->summary;
	return 0;
}

/* Are all types wanted? */
static bool all_events(const struct fork_choices *choices)
{
	for (int i = 0; i < FORK_TYPES; i++)
		if (choices->events[i])
			return false;
	return true;
}

bool fork_choices_shows(const struct fork_choices *choices, enum fork_type type)
{
	return all_events(choices) || choices->events[type] ||
	       (type == FORK_EXEC && choices->failed);
}

bool fork_choices_ancestry(const struct fork_choices *choices)
{
	return choices->tree || choices->lineage || choices->command_tree;
}

/* Is it sent at all? Who is whose child takes all but threads to know. */
static bool wants(const struct fork_choices *choices, enum fork_type type)
{
	return fork_choices_shows(choices, type) ||
	       (type != FORK_THREAD && fork_choices_ancestry(choices));
}

/* Have the program send @type, and count those that are lost as what they are. */
static void plan_event(const struct fork_choices *choices, struct plan *plan, enum fork_type type)
{
	static const struct {
		const char *sent, *lost;
	} defines[FORK_TYPES] = {
		[FORK_FORK] = { "EVENT_FORK", "LOST_FORK" },
		[FORK_THREAD] = { "EVENT_THREAD", "LOST_THREAD" },
		[FORK_EXEC] = { "EVENT_EXEC", "LOST_EXEC" },
		[FORK_EXIT] = { "EVENT_EXIT", "LOST_EXIT" },
	};

	if (!wants(choices, type))
		return;
	source_define(plan->source, defines[type].sent, "1");
	if (!fork_choices_shows(choices, type))
		source_define(plan->source, defines[type].lost, "DROP_LINEAGE");
}

unsigned fork_choices_pages(const struct fork_choices *choices)
{
	return (unsigned)(choices->buffer_pages ? choices->buffer_pages : STREAM_PAGES_DEFAULT);
}

/* A summary has no use for arguments. */
static size_t argument_bytes(const struct fork_choices *choices)
{
	if (choices->summary)
		return 1;
	return choices->max_args ? choices->max_args : ARGS_DEFAULT;
}

size_t fork_choices_record_size(const struct fork_choices *choices)
{
	if (!wants(choices, FORK_EXEC))
		return sizeof(struct fork_exit_usage);
	return sizeof(struct fork_exec) + FORK_PATH + argument_bytes(choices);
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
		if (plan->classic)
			plan_hook(plan, HOOK_TRACEPOINT, functions[i].classic, functions[i].target);
		else
			plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, functions[i].raw,
				  functions[i].name);
	}
}

static void plan_births(const struct fork_choices *choices, struct plan *plan)
{
	plan_event(choices, plan, FORK_FORK);
	plan_event(choices, plan, FORK_THREAD);
	plan->own_birth = wants(choices, FORK_FORK) || wants(choices, FORK_THREAD);
	if (plan->own_birth)
		plan_tracepoint(plan, "task_newtask");
}

/* Failed execs are seen as the call returns: the number of every call of the machine is looked at.
 */
static int plan_failed(const struct run *run, struct plan *plan, struct error *err)
{
	int r = kernel_define_regs(&run->kernel, plan->source, err);

	if (r == 0)
		r = kernel_define_arguments(&run->kernel, plan->source, err);
	if (r < 0)
		return r;
	kernel_define_compat(&run->kernel, plan->source);
	source_define(plan->source, "EXEC_FAILED", "1");
	source_define(plan->source, "EXECVE", "%d", syscall_number(ABI_NATIVE, "execve"));
	source_define(plan->source, "EXECVEAT", "%d", syscall_number(ABI_NATIVE, "execveat"));
	source_define(plan->source, "EXECVE_COMPAT", "%d", syscall_number(ABI_COMPAT, "execve"));
	source_define(plan->source, "EXECVEAT_COMPAT", "%d",
		      syscall_number(ABI_COMPAT, "execveat"));
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	return 0;
}

static int plan_execs(const struct run *run, struct plan *plan, struct error *err)
{
	const struct fork_choices *choices = run->state;

	if (!wants(choices, FORK_EXEC))
		return 0;
	plan_event(choices, plan, FORK_EXEC);
	source_define(plan->source, "ARGS_MAX", "%zu", argument_bytes(choices));
	source_define(plan->source, "NAMES_MAX", "%u", kernel_room(NAMES, PER_CPU));
	plan_tracepoint(plan, "task_rename");
	plan_tracepoint(plan, "sched_process_exec");
	return choices->failed ? plan_failed(run, plan, err) : 0;
}

static int plan_exits(const struct run *run, struct plan *plan, struct error *err)
{
	const struct fork_choices *choices = run->state;
	int r = 0;

	if (!wants(choices, FORK_EXIT))
		return 0;
	plan_event(choices, plan, FORK_EXIT);
	source_define(plan->source, "ENDED_MAX", "%u", kernel_room(ENDED, PER_CPU));
	/* 6.16+: the tracepoint says itself whether the process has ended. */
	if (!plan->classic &&
	    btf_tracepoint_args(run->kernel.btf, "btf_trace_sched_process_exit") >= 2)
		source_define(plan->source, "EXIT_GROUP_DEAD", "1");
	if (choices->rusage || choices->command_tree) {
		source_define(plan->source, "USAGE", "1");
		r = kernel_define_members(&run->kernel, plan->source, usage_members, err);
	}
	plan_tracepoint(plan, "sched_process_exit");
	return r;
}

static int plan_all(const struct run *run, struct plan *plan, struct error *err)
{
	int r = kernel_define_members(&run->kernel, plan->source, task_members, err);

	if (r < 0)
		return r;
	plan_births(run->state, plan);
	r = plan_execs(run, plan, err);
	return r == 0 ? plan_exits(run, plan, err) : r;
}

int fork_choices_plan(const struct run *run, struct plan *plan, struct error *err)
{
	int r = source_new(&plan->source, "fork/fork.bpf.c", err);

	return r == 0 ? plan_all(run, plan, err) : r;
}

int fork_choices_plan_classic(const struct run *run, struct plan *plan, struct error *err)
{
	static const struct {
		const char *event;
		struct kernel_member field;
	} fields[] = {
		{ "task/task_rename", { "task_rename", "pid", "u32" } },
		{ "sched/sched_process_exec", { "sched_process_exec", "filename", "u32" } },
		{ "sched/sched_process_exit", { "sched_process_exit", "group_dead", "u8" } },
	};
	int r = source_new(&plan->source, "fork/fork.bpf.c", err);

	if (r == 0)
		r = kernel_define_births(&run->kernel, plan->source, err);
	for (size_t i = 0; r == 0 && i < sizeof(fields) / sizeof(fields[0]); i++)
		r = kernel_define_field(&run->kernel, plan->source, fields[i].event,
					&fields[i].field, err);
	if (r == 0)
		source_define(plan->source, "EXIT_GROUP_DEAD", "1");
	plan->classic = true;
	return r == 0 ? plan_all(run, plan, err) : r;
}
