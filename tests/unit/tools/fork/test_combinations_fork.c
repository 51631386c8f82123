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
	static const char *const offsets[] = {
		"TASK_GROUP_LEADER",      "TASK_EXIT_CODE",
		"TASK_START_TIME",        "TASK_MM",
		"SIGNAL_FLAGS",           "SIGNAL_LIVE",
		"SIGNAL_GROUP_EXIT_CODE", "SIGNAL_NR_THREADS",
		"MM_ARG_START",           "MM_ARG_END",
		"BINPRM_FILENAME",
	};
	static const char *const usage[] = {
		"TASK_RUNTIME",   "TASK_UTIME",     "TASK_STIME",    "TASK_MIN_FLT",
		"TASK_MAJ_FLT",   "SIGNAL_RUNTIME", "SIGNAL_UTIME",  "SIGNAL_STIME",
		"SIGNAL_MIN_FLT", "SIGNAL_MAJ_FLT", "SIGNAL_MAXRSS", "USAGE",
	};
	static const char *const failed[] = {
		"REGS_SYSCALL", "REGS_ARG1",     "REGS_ARG2",       "REGS_ARG3",
		"REGS_COMPAT1", "REGS_COMPAT2",  "REGS_COMPAT3",    "EXECVE",
		"EXECVEAT",     "EXECVE_COMPAT", "EXECVEAT_COMPAT", "EXEC_FAILED",
	};
	static const struct flag_define flag_defines[] = {
		{ EVENT_FORK_, "EVENT_FORK", "DROP_BUFFER" },
		{ EVENT_THREAD_, "EVENT_THREAD", "DROP_BUFFER" },
		{ EVENT_EXEC_, "EVENT_EXEC", "DROP_BUFFER" },
		{ EVENT_EXIT_, "EVENT_EXIT", "DROP_BUFFER" },
		{ EXIT_GROUP_DEAD_, "EXIT_GROUP_DEAD", "1" },
		{ COMPAT_, "TASK_COMPAT_STATUS", "1" },
	};

	define_numbers(s, offsets, COUNT(offsets));
	source_define(s, "ARGS_MAX", "%d", 8192);
	source_define(s, "NAMES_MAX", "%d", 4096);
	source_define(s, "ENDED_MAX", "%d", 1024);
	if (job->flags & USAGE_)
		define_numbers(s, usage, COUNT(usage));
	if (job->flags & EXEC_FAILED_)
		define_numbers(s, failed, COUNT(failed));
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
