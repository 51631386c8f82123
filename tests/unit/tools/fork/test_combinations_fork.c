/* SPDX-License-Identifier: MIT */
/* What bcc-fork's program can be compiled with. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

enum own_flag {
	EVENT_FORK_ = FLAG_OWN,
	EVENT_THREAD_ = FLAG_OWN << 1,
	EVENT_EXEC_ = FLAG_OWN << 2,
	EVENT_EXIT_ = FLAG_OWN << 3,
	ALL_EVENTS = EVENT_FORK_ | EVENT_THREAD_ | EVENT_EXEC_ | EVENT_EXIT_,
	EXIT_GROUP_DEAD_ = FLAG_OWN << 4,
	USAGE_ = FLAG_OWN << 5,
	EXEC_FAILED_ = FLAG_OWN << 6,
};

/* Which of them there are depends on the events; there is a raw and a classic way to see most. */
static const struct {
	unsigned flags;
	struct hook raw, classic;
} fork_hooks[] = {
	{ EVENT_FORK_ | EVENT_THREAD_,
	  { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_newtask", "task_newtask" },
	  { HOOK_TRACEPOINT, "tracepoint__task_newtask", "task/task_newtask" } },
	{ EVENT_EXEC_,
	  { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_rename", "task_rename" },
	  { HOOK_TRACEPOINT, "tracepoint__task_rename", "task/task_rename" } },
	{ EVENT_EXEC_,
	  { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exec", "sched_process_exec" },
	  { HOOK_TRACEPOINT, "tracepoint__sched_process_exec", "sched/sched_process_exec" } },
	{ EXEC_FAILED_,
	  { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit" },
	  { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit" } },
	{ EVENT_EXIT_,
	  { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit", "sched_process_exit" },
	  { HOOK_TRACEPOINT, "tracepoint__sched_process_exit", "sched/sched_process_exit" } },
};

/* Room for the hooks of all jobs. */
static struct hook hooks[512][COUNT(fork_hooks)];
static size_t nhooks;

/* How the running task is read matters only where it is read. */
static bool reads_task(unsigned flags, unsigned filters)
{
	return (filters & PPIDS) || (flags & (EXEC_FAILED_ | BIRTH_TRACEPOINT_ | COMPAT_));
}

static void add(unsigned flags, unsigned filters)
{
	struct job job = { .program = "fork/fork.bpf.c", .flags = flags, .filters = filters };
	bool classic = flags & BIRTH_TRACEPOINT_;

	if ((flags & TASK_BTF_) && !reads_task(flags, filters))
		return;
	assert_true(nhooks < COUNT(hooks));
	job.hooks = hooks[nhooks];
	for (size_t i = 0; i < COUNT(fork_hooks); i++)
		if (flags & fork_hooks[i].flags)
			hooks[nhooks][job.nhooks++] =
				classic ? fork_hooks[i].classic : fork_hooks[i].raw;
	nhooks++;
	add_job(job);
}

static void add_fork(unsigned filters, unsigned more)
{
	static const unsigned exits[] = { 0, EXIT_GROUP_DEAD_, USAGE_, EXIT_GROUP_DEAD_ | USAGE_ };
	static const unsigned execs[] = { 0, EXEC_FAILED_, EXEC_FAILED_ | COMPAT_ };

	for (size_t i = 0; i < COUNT(exits) * COUNT(execs); i++) {
		unsigned exit = exits[i % COUNT(exits)], exec = execs[i / COUNT(exits)];

		if (filters == ALL_FILTERS || (!exit && exec != EXEC_FAILED_))
			add(ALL_EVENTS | exit | exec | more, filters);
	}
	if (more || filters != FOLLOWED)
		return;
	/* Some events without the others. */
	for (unsigned events = EVENT_FORK_; events < ALL_EVENTS; events += EVENT_FORK_)
		add(events | (events & EVENT_EXIT_ ? USAGE_ : 0) |
			    (events & EVENT_EXEC_ ? EXEC_FAILED_ : 0),
		    filters);
}

/* Run in a PID namespace of its own: other ways to every id. */
static void add_namespace(unsigned filters)
{
	add(ALL_EVENTS | USAGE_ | EXEC_FAILED_ | PIDNS_, filters);
	add(EVENT_EXIT_ | PIDNS_, filters);
}

/* Births seen through the classic tracepoint: another way to the child's id. */
static void add_classic(unsigned filters)
{
	for (unsigned more = 0; more <= USAGE_; more += USAGE_)
		add(ALL_EVENTS | EXIT_GROUP_DEAD_ | more | BIRTH_TRACEPOINT_, filters);
	add(EVENT_EXIT_ | EXIT_GROUP_DEAD_ | BIRTH_TRACEPOINT_, filters);
	add(EVENT_EXEC_ | EXEC_FAILED_ | BIRTH_TRACEPOINT_, filters);
	/* As the kernels that take it have it. */
	add(ALL_EVENTS | USAGE_ | EXEC_FAILED_ | EXIT_GROUP_DEAD_ | BIRTH_TRACEPOINT_ | TASK_BTF_,
	    filters);
}

static void add_all(void)
{
	static const unsigned classic[] = { 0, FOLLOWED, ALL_FILTERS };
	static const unsigned namespaces[] = { 0, PIDS | TIDS, PPIDS, FOLLOWED, ALL_FILTERS };

	for (size_t i = 0; i < COUNT(classic); i++)
		add_classic(classic[i]);
	for (size_t i = 0; i < COUNT(namespaces); i++)
		add_namespace(namespaces[i]);
	for (size_t i = 0; i < COUNT(filter_sets); i++)
		for (unsigned more = 0; more <= TASK_BTF_; more += TASK_BTF_)
			add_fork(filter_sets[i], more);
}

static void define_fork(struct source *s, const struct job *job)
{
	static const struct layout_member members[] = {
		{ "task_struct", "group_leader", "struct task_struct *", NULL, 0 },
		{ "task_struct", "exit_code", "u32", NULL, 0 },
		{ "task_struct", "mm", "struct mm_struct *", NULL, 0 },
		{ "task_struct", "status", "u32", NULL, 1 },
		{ "signal_struct", "flags", "u32", NULL, 0 },
		{ "signal_struct", "live", "u32", NULL, 0 },
		{ "signal_struct", "group_exit_code", "u32", NULL, 0 },
		{ "signal_struct", "nr_threads", "u32", NULL, 0 },
		{ "mm_struct", "arg_start", "u64", NULL, 0 },
		{ "mm_struct", "arg_end", "u64", NULL, 0 },
		{ "linux_binprm", "filename", "const char *", NULL, 0 },
	};
	static const struct layout_member usage[] = {
		{ "task_struct", "sum_exec_runtime", "u64", NULL, 0 },
		{ "task_struct", "utime", "u64", NULL, 0 },
		{ "task_struct", "stime", "u64", NULL, 0 },
		{ "task_struct", "min_flt", "u64", NULL, 0 },
		{ "task_struct", "maj_flt", "u64", NULL, 0 },
		{ "signal_struct", "sum_sched_runtime", "u64", NULL, 0 },
		{ "signal_struct", "utime", "u64", NULL, 0 },
		{ "signal_struct", "stime", "u64", NULL, 0 },
		{ "signal_struct", "min_flt", "u64", NULL, 0 },
		{ "signal_struct", "maj_flt", "u64", NULL, 0 },
		{ "signal_struct", "maxrss", "u64", NULL, 0 },
	};
	static const struct layout_member registers[] = {
		{ "syscall_regs", "number", "s32", NULL, 0 },
		{ "syscall_regs", "arg1", "u64", NULL, 0 },
		{ "syscall_regs", "arg2", "u64", NULL, 0 },
		{ "syscall_regs", "arg3", "u64", NULL, 0 },
		{ "syscall_regs", "compat1", "u32", NULL, 0 },
		{ "syscall_regs", "compat2", "u32", NULL, 0 },
		{ "syscall_regs", "compat3", "u32", NULL, 0 },
	};
	static const struct flag_define flag_defines[] = {
		{ EVENT_FORK_, "EVENT_FORK", "1" },
		{ EVENT_THREAD_, "EVENT_THREAD", "1" },
		{ EVENT_EXEC_, "EVENT_EXEC", "1" },
		{ EVENT_EXIT_, "EVENT_EXIT", "1" },
		{ USAGE_, "USAGE", "1" },
		{ EXEC_FAILED_, "EXEC_FAILED", "1" },
		{ EXEC_FAILED_, "EXECVE", "59" },
		{ EXEC_FAILED_, "EXECVEAT", "322" },
		{ EXEC_FAILED_, "EXECVE_COMPAT", "11" },
		{ EXEC_FAILED_, "EXECVEAT_COMPAT", "358" },
		{ EXIT_GROUP_DEAD_, "EXIT_GROUP_DEAD", "1" },
		{ COMPAT_, "COMPAT", "1" },
	};

	define_members(s, members, COUNT(members));
	define_members(s, usage, COUNT(usage));
	define_members(s, registers, COUNT(registers));
	source_define(s, "ARGS_MAX", "%d", 8192);
	source_define(s, "NAMES_MAX", "%d", 4096);
	source_define(s, "ENDED_MAX", "%d", 1024);
	define_flags(s, job, flag_defines, COUNT(flag_defines));
}

static bool sees_births(const struct job *job)
{
	return job->flags & (EVENT_FORK_ | EVENT_THREAD_);
}

static int check_events(const struct job *job, const struct object *o)
{
	return check_map(job, o, "events", true);
}

static const char *const programs[] = { "fork/fork.bpf.c", NULL };
static const char *const never[] = { NULL };

const struct suite suite = {
	.programs = programs,
	.never = never,
	.add = add_all,
	.define = define_fork,
	.own_birth = sees_births,
	.check_maps = check_events,
};
