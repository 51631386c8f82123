/* SPDX-License-Identifier: MIT */
/*
 * Every combination of what the programs can be compiled with compiles, as an ordinary user, to a
 * program for each hook that makes use of nothing an old kernel lacks.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "by.h"
#include "compiling.h"
#include "embedded.h"
#include "glob.h"

enum filter_set {
	PIDS = 1,
	TIDS = 2,
	PPIDS = 4,
	UIDS = 8,
	NAME = 16,
	CGROUP = 32,
	FOLLOWED = 64,
	ALL_FILTERS = 127,
};

/* Each on its own, pairs that share a helper or a variable, and all. */
static const unsigned filter_sets[] = {
	0,
	PIDS,
	TIDS,
	PPIDS,
	UIDS,
	NAME,
	CGROUP,
	FOLLOWED,
	PIDS | TIDS,
	PIDS | NAME,
	TIDS | FOLLOWED,
	UIDS | NAME,
	PPIDS | CGROUP,
	FOLLOWED | PPIDS,
	CGROUP | FOLLOWED,
	ALL_FILTERS,
};

enum flag {
	HOOK_KPROBE_ = 1,
	HOOK_SYS_EXIT_ = 2,
	HOOK_TRACEPOINT_ = 4,
	COMPAT_ = 8,
	COUNT_EXITS_ = 16,
	TASK_PT_REGS_ = 32,
	HOLD_COMMAND_ = 64,
	TASK_BTF_ = 128,
	EVENT_FORK_ = 256,
	EVENT_THREAD_ = 512,
	EVENT_EXEC_ = 1024,
	EVENT_EXIT_ = 2048,
	ALL_EVENTS = EVENT_FORK_ | EVENT_THREAD_ | EVENT_EXEC_ | EVENT_EXIT_,
	EXIT_GROUP_DEAD_ = 4096,
	USAGE_ = 8192,
	EXEC_FAILED_ = 16384,
	PIDNS_ = 32768,
	BIRTH_TRACEPOINT_ = 65536,
	EXIT_TRACEPOINT_ = 131072,
	LATENCY_ = 1 << 18,
	SELECT_ = 1 << 19,
	FAILED_ONLY_ = 1 << 20,
	FILTER_ERRNO_ = 1 << 21,
	HOOK_EXITS_ = 1 << 22, /* with COUNT_EXITS_ or without */
	TASK_COMM_ = 1 << 23,
};

/* One compile. @by: what rows are about; none: the array of counters */
struct job {
	const char *program;
	unsigned flags, filters;
	struct by by;
	const struct hook *hooks;
	size_t nhooks;
};

static const struct hook openat_kprobe[] = {
	{ HOOK_KPROBE, "kprobe__openat", "__x64_sys_openat" },
	{ HOOK_KRETPROBE, "kretprobe__openat", "__x64_sys_openat" },
	{ HOOK_KPROBE, "kprobe__openat_compat", "__ia32_compat_sys_openat" },
	{ HOOK_KRETPROBE, "kretprobe__openat_compat", "__ia32_compat_sys_openat" },
};
static const struct hook openat_sys_exit[] = {
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit" },
};
static const struct hook openat_tracepoint[] = {
	{ HOOK_TRACEPOINT, "tracepoint__sys_exit_openat", "syscalls/sys_exit_openat" },
};
static const struct hook syscalls_raw[] = {
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit" },
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit", "sched_process_exit" },
};
static const struct hook syscalls_tracepoint[] = {
	{ HOOK_TRACEPOINT, "tracepoint__sys_exit", "raw_syscalls/sys_exit" },
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit", "sched_process_exit" },
};
static const struct hook syscalls_classic[] = {
	{ HOOK_TRACEPOINT, "tracepoint__sys_exit", "raw_syscalls/sys_exit" },
	{ HOOK_TRACEPOINT, "tracepoint__sched_process_exit", "sched/sched_process_exit" },
};
/* With latency, and for a record of each call; the end of a thread comes last. */
static const struct hook calls_raw[] = {
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit" },
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_enter", "sys_enter" },
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exec", "sched_process_exec" },
	{ HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit", "sched_process_exit" },
};
static const struct hook calls_classic[] = {
	{ HOOK_TRACEPOINT, "tracepoint__sys_exit", "raw_syscalls/sys_exit" },
	{ HOOK_TRACEPOINT, "tracepoint__sys_enter", "raw_syscalls/sys_enter" },
	{ HOOK_TRACEPOINT, "tracepoint__sched_process_exec", "sched/sched_process_exec" },
	{ HOOK_TRACEPOINT, "tracepoint__sched_process_exit", "sched/sched_process_exit" },
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
static const struct hook follow_birth = { HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_newtask",
					  "task_newtask" };
static const struct hook follow_birth_classic = { HOOK_TRACEPOINT, "tracepoint__task_newtask",
						  "task/task_newtask" };
static const struct hook follow_end = { HOOK_RAW_TRACEPOINT_BTF,
					"raw_tracepoint__sched_process_free",
					"sched_process_free" };

static struct job jobs[2048];
static size_t njobs;

/* With these everything else is combined; with the others, what is usual: a filter is the same code
 * everywhere. */
static bool is_thorough(unsigned filters)
{
	return filters == 0 || filters == FOLLOWED || filters == ALL_FILTERS;
}

/* How the running task is read matters only where it is read. */
static bool reads_task(unsigned flags, unsigned filters)
{
	return (filters & PPIDS) || (flags & (EXEC_FAILED_ | BIRTH_TRACEPOINT_)) ||
	       ((flags & COMPAT_) && !(flags & HOOK_KPROBE_));
}

static void add_job(const char *program, unsigned flags, unsigned filters, const struct hook *hooks,
		    size_t nhooks)
{
	if ((flags & TASK_BTF_) && !reads_task(flags, filters))
		return;
	assert_true(njobs < COUNT(jobs));
	jobs[njobs++] = (struct job){ program, flags, filters, { 0 }, hooks, nhooks };
}

static void add_rows_job(unsigned flags, unsigned filters, unsigned words, const struct hook *hooks, size_t nhooks)
{
	add_job("syscalls.bpf.c", flags, filters, hooks, nhooks);
	jobs[njobs - 1].by.words = words;
}

static void add_openat(unsigned filters, unsigned more)
{
	static const struct {
		unsigned flag;
		const struct hook *hooks;
		size_t native, compat;
	} ways[] = {
		{ HOOK_KPROBE_, openat_kprobe, 2, 4 },
		{ HOOK_SYS_EXIT_, openat_sys_exit, 1, 1 },
		{ HOOK_TRACEPOINT_, openat_tracepoint, 1, 0 },
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		add_job("openat.bpf.c", ways[i].flag | more, filters, ways[i].hooks,
			ways[i].native);
		if (ways[i].compat)
			add_job("openat.bpf.c", ways[i].flag | COMPAT_ | more, filters,
				ways[i].hooks, ways[i].compat);
	}
}

static void add_syscalls(unsigned filters, unsigned more)
{
	static const unsigned exits[] = { 0, COUNT_EXITS_ | HOOK_EXITS_, COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ };
	static const unsigned others[] = { 0, COMPAT_, HOLD_COMMAND_, COMPAT_ | HOLD_COMMAND_ };

	for (size_t e = 0; e < COUNT(exits); e++) {
		for (size_t o = 0; o < COUNT(others); o++) {
			unsigned flags = exits[e] | others[o] | more;
			size_t nhooks = exits[e] ? 2 : 1;

			if ((flags & HOLD_COMMAND_) && !(filters & FOLLOWED))
				continue;
			if (!is_thorough(filters) &&
			    flags != (COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ | COMPAT_ | more))
				continue;
			add_job("syscalls.bpf.c", flags, filters, syscalls_raw, nhooks);
			add_job("syscalls.bpf.c", flags | HOOK_TRACEPOINT_, filters,
				syscalls_tracepoint, nhooks);
		}
	}
}

/* Rows by each key and some together, with latency and without. */
static void add_rows(unsigned filters)
{
	static const unsigned words[] = {
		1 << BY_SYSCALL,
		1 << BY_PROCESS,
		1 << BY_THREAD,
		1 << BY_COMM,
		1 << BY_USER,
		1 << BY_CGROUP,
		1 << BY_ERRNO,
		1 << BY_PROCESS | 1 << BY_SYSCALL,
		1 << BY_SYSCALL | 1 << BY_ERRNO,
		(1 << BY_WORDS) - 1,
	};
	const unsigned exits = COUNT_EXITS_ | TASK_PT_REGS_ | HOOK_EXITS_;

	for (size_t i = 0; i < COUNT(words); i++) {
		unsigned more = i % 2 ? SELECT_ | TASK_COMM_ : COMPAT_;

		add_rows_job(exits | more, filters, words[i], syscalls_raw, 2);
		add_rows_job(exits | more | LATENCY_, filters, words[i], calls_raw, 4);
		if (!is_thorough(filters))
			continue;
		add_rows_job(exits | more | TASK_BTF_ | COMPAT_ | LATENCY_, filters, words[i], calls_raw, 4);
		add_rows_job(exits | more | LATENCY_ | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_ | TASK_BTF_ | COMPAT_, filters,
			     words[i], calls_classic, 4);
	}
	/* A kernel without types: ends are only seen. */
	add_rows_job(HOOK_EXITS_ | LATENCY_ | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_, filters, 1 << BY_SYSCALL,
		     calls_classic, 4);
	if (filters & FOLLOWED)
		add_rows_job(exits | LATENCY_ | HOLD_COMMAND_ | PIDNS_, filters, 1 << BY_PROCESS, calls_raw, 4);
}

/* Which calls count, where rows are counted and where there is the array of counters. */
static void add_results(unsigned filters)
{
	static const unsigned flags[] = { SELECT_, FAILED_ONLY_, FILTER_ERRNO_, SELECT_ | FAILED_ONLY_ | FILTER_ERRNO_ };
	const unsigned exits = COUNT_EXITS_ | TASK_PT_REGS_ | HOOK_EXITS_ | COMPAT_;

	for (size_t i = 0; i < COUNT(flags); i++) {
		add_job("syscalls.bpf.c", exits | flags[i], filters, syscalls_raw, 2);
		add_rows_job(exits | flags[i] | LATENCY_, filters, 1 << BY_PROCESS, calls_raw, 4);
		add_job("calls.bpf.c", exits | flags[i], filters, calls_raw, 4);
	}
}

/* A record of each call. */
static void add_calls(unsigned filters)
{
	const unsigned exits = COUNT_EXITS_ | TASK_PT_REGS_ | HOOK_EXITS_;

	add_job("calls.bpf.c", exits, filters, calls_raw, 4);
	add_job("calls.bpf.c", exits | COMPAT_ | TASK_BTF_, filters, calls_raw, 4);
	add_job("calls.bpf.c", exits | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_ | TASK_BTF_ | COMPAT_, filters, calls_classic, 4);
	add_job("calls.bpf.c", HOOK_EXITS_ | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_, filters, calls_classic, 4);
	if (filters & FOLLOWED)
		add_job("calls.bpf.c", exits | HOLD_COMMAND_ | PIDNS_, filters, calls_raw, 4);
}

static void add_fork(unsigned filters, unsigned more)
{
	static const unsigned exits[] = { 0, EXIT_GROUP_DEAD_, USAGE_, EXIT_GROUP_DEAD_ | USAGE_ };
	static const unsigned execs[] = { 0, EXEC_FAILED_, EXEC_FAILED_ | COMPAT_ };

	for (size_t i = 0; i < COUNT(exits) * COUNT(execs); i++) {
		unsigned exit = exits[i % COUNT(exits)], exec = execs[i / COUNT(exits)];

		if (filters == ALL_FILTERS || (!exit && exec != EXEC_FAILED_))
			add_job("fork.bpf.c", ALL_EVENTS | exit | exec | more, filters, NULL, 0);
	}
	if (more || filters != FOLLOWED)
		return;
	/* Some events without the others. */
	for (unsigned events = EVENT_FORK_; events < ALL_EVENTS; events += EVENT_FORK_)
		add_job("fork.bpf.c",
			events | (events & EVENT_EXIT_ ? USAGE_ : 0) |
				(events & EVENT_EXEC_ ? EXEC_FAILED_ : 0),
			filters, NULL, 0);
}

/* Run in a PID namespace of its own: other ways to every id. */
static void add_namespace(unsigned filters)
{
	add_job("openat.bpf.c", HOOK_KPROBE_ | COMPAT_ | PIDNS_, filters, openat_kprobe, 4);
	add_job("openat.bpf.c", HOOK_SYS_EXIT_ | PIDNS_, filters, openat_sys_exit, 1);
	add_job("syscalls.bpf.c", COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ | COMPAT_ | PIDNS_, filters,
		syscalls_raw, 2);
	if (filters & FOLLOWED)
		add_job("syscalls.bpf.c", HOLD_COMMAND_ | PIDNS_, filters, syscalls_raw, 1);
	add_job("fork.bpf.c", ALL_EVENTS | USAGE_ | EXEC_FAILED_ | PIDNS_, filters, NULL, 0);
	add_job("fork.bpf.c", EVENT_EXIT_ | PIDNS_, filters, NULL, 0);
}

/* Births seen through the classic tracepoint: another way to the child's id. */
static void add_classic(unsigned filters)
{
	add_job("openat.bpf.c", HOOK_KPROBE_ | BIRTH_TRACEPOINT_, filters, openat_kprobe, 2);
	add_job("syscalls.bpf.c", COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ | BIRTH_TRACEPOINT_, filters,
		syscalls_raw, 2);
	add_job("syscalls.bpf.c",
		HOOK_TRACEPOINT_ | COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ | BIRTH_TRACEPOINT_ | EXIT_TRACEPOINT_ |
			TASK_BTF_,
		filters, syscalls_classic, 2);
	for (unsigned more = 0; more <= USAGE_; more += USAGE_)
		add_job("fork.bpf.c", ALL_EVENTS | EXIT_GROUP_DEAD_ | more | BIRTH_TRACEPOINT_,
			filters, NULL, 0);
	add_job("fork.bpf.c", EVENT_EXIT_ | EXIT_GROUP_DEAD_ | BIRTH_TRACEPOINT_, filters, NULL, 0);
	add_job("fork.bpf.c", EVENT_EXEC_ | EXEC_FAILED_ | BIRTH_TRACEPOINT_, filters, NULL, 0);
	/* As the kernels that take it have it. */
	add_job("fork.bpf.c",
		ALL_EVENTS | USAGE_ | EXEC_FAILED_ | EXIT_GROUP_DEAD_ | BIRTH_TRACEPOINT_ |
			TASK_BTF_,
		filters, NULL, 0);
	add_job("openat.bpf.c", HOOK_SYS_EXIT_ | COMPAT_ | BIRTH_TRACEPOINT_ | TASK_BTF_, filters,
		openat_sys_exit, 1);
}

static void add_all_jobs(void)
{
	add_classic(0);
	add_classic(FOLLOWED);
	add_classic(ALL_FILTERS);
	add_namespace(0);
	add_namespace(PIDS | TIDS);
	add_namespace(PPIDS);
	add_namespace(FOLLOWED);
	add_namespace(ALL_FILTERS);
	add_results(0);
	add_results(ALL_FILTERS);
	for (size_t i = 0; i < COUNT(filter_sets); i++) {
		if (is_thorough(filter_sets[i]) || filter_sets[i] == NAME)
			add_rows(filter_sets[i]);
		if (is_thorough(filter_sets[i]))
			add_calls(filter_sets[i]);
		for (unsigned more = 0; more <= TASK_BTF_; more += TASK_BTF_) {
			add_openat(filter_sets[i], more);
			add_syscalls(filter_sets[i], more);
			add_fork(filter_sets[i], more);
		}
	}
}

static void define_ids(struct source *s, const char *name, int ids)
{
	char text[1024] = "";
	size_t len = 0;

	for (int i = 0; i < ids; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s(id) == PARAMETER(%d)",
					i ? " || " : "(", source_parameter(s, 1000));
	source_define(s, name, "%s)", text);
}

static void define_filters(struct source *s, unsigned filters)
{
	struct glob glob;

	if (filters & PIDS)
		define_ids(s, "FILTER_PID(id)", 1);
	if (filters & TIDS)
		define_ids(s, "FILTER_TID(id)", 3);
	if (filters & PPIDS)
		define_ids(s, "FILTER_PPID(id)", 2);
	if (filters & UIDS)
		define_ids(s, "FILTER_UID(id)", 10);
	if (filters & CGROUP)
		source_define(s, "FILTER_CGROUP", "1");
	if (filters & FOLLOWED) {
		source_define(s, "FOLLOW", "1");
		source_define(s, "FOLLOW_MAX", "%d", 32768);
		source_define(s, "FOLLOW_FLAGS", "%d", BPF_F_NO_PREALLOC);
	}
	if ((filters & NAME) && glob_parse(&glob, "[!a-c]*y??[0-9x]z") == 0)
		glob_define(&glob, s);
}

static void define_openat(struct source *s, unsigned flags)
{
	source_define(s, "TABLE_MAX", "%d", 4096);
	if (flags & HOOK_KPROBE_)
		source_define(s, "HOOK_KPROBE", "1");
	if (flags & HOOK_SYS_EXIT_) {
		source_define(s, "HOOK_SYS_EXIT", "1");
		source_define(s, "OPENAT", "%d", 257);
		source_define(s, "OPENAT_COMPAT", "%d", 295);
		source_define(s, "REGS_SYSCALL", "%d", 120);
		source_define(s, "TASK_COMPAT_STATUS", "%d", 20);
	}
	if (flags & HOOK_TRACEPOINT_) {
		source_define(s, "HOOK_TRACEPOINT", "1");
		source_define(s, "SYS_EXIT_OPENAT_RET", "%d", 16);
	}
	if (flags & COMPAT_)
		source_define(s, "COMPAT", "1");
}

/* What shows in rows: the key, its size, and what else is kept. */
static void define_rows(struct source *s, const struct job *job)
{
	if (!job->by.words)
		return;
	source_define(s, "ROWS", "1");
	source_define(s, "TABLE_MAX", "%d", 4096);
	by_define(&job->by, s);
	if (job->flags & TASK_COMM_) {
		source_define(s, "TASK_COMM", "%d", 3008);
		source_define(s, "TASK_GROUP_LEADER", "%d", 2528);
	}
}

static void define_starts(struct source *s, const struct job *job)
{
	static const char *const arguments[] = {
		"REGS_ARG1",    "REGS_ARG2",    "REGS_ARG3",    "REGS_ARG4",    "REGS_ARG5",    "REGS_ARG6",
		"REGS_COMPAT1", "REGS_COMPAT2", "REGS_COMPAT3", "REGS_COMPAT4", "REGS_COMPAT5", "REGS_COMPAT6",
	};
	bool classic = job->flags & HOOK_TRACEPOINT_;

	if (job->flags & LATENCY_)
		source_define(s, "LATENCY", "1");
	source_define(s, "STARTED_MAX", "%d", 32768);
	source_define(s, "STARTED_FLAGS", "%d", BPF_F_NO_PREALLOC);
	source_define(s, "SYS_ENTER_ID", "%d", 8);
	source_define(s, "SYS_ENTER_ARGS", "%d", 16);
	source_define(s, "EXEC_OLD_PID", "%d", 16);
	source_define(s, classic ? "EXEC_FILENAME" : "BINPRM_FILENAME", "%d", 8);
	for (size_t i = 0; !classic && i < COUNT(arguments); i++)
		source_define(s, arguments[i], "%zu", 8 * i);
	if (job->filters & (NAME | TIDS | UIDS | PPIDS | CGROUP))
		source_define(s, "FILTER_CHANGES", "1");
}

static void define_results(struct source *s, unsigned flags)
{
	if (flags & SELECT_)
		source_define(s, "SELECT", "1");
	if (flags & FAILED_ONLY_)
		source_define(s, "FAILED_ONLY", "1");
	if (flags & FILTER_ERRNO_)
		source_define(s, "FILTER_ERRNO(e)", "((e) == 2 || (e) == 13)");
}

static void define_syscalls(struct source *s, unsigned flags)
{
	define_results(s, flags);
	if (flags & HOOK_EXITS_)
		source_define(s, "HOOK_EXITS", "1");
	source_define(s, "REGS_SYSCALL", "%d", 120);
	source_define(s, "FORK_SLOTS", "case 57: case 58: case 56: case 435: case 1026:");
	source_define(s, "EXECVE_SLOTS", "case 59: case 1035: case 2568:");
	if (flags & HOOK_TRACEPOINT_) {
		source_define(s, "HOOK_TRACEPOINT", "1");
		source_define(s, "SYS_EXIT_ID", "%d", 8);
		source_define(s, "SYS_EXIT_RET", "%d", 16);
	}
	if (flags & COUNT_EXITS_) {
		source_define(s, "COUNT_EXITS", "1");
		source_define(s, "EXIT_CALLS", "case 60: case 231:");
		source_define(s, "EXIT_CALLS_COMPAT", "case 1: case 252:");
		source_define(s, "TASK_STACK", "%d", 32);
		source_define(s, "STACK_REGS", "%d", 16384 - 168);
	}
	if (flags & TASK_PT_REGS_)
		source_define(s, "HAVE_TASK_PT_REGS", "1");
	if (flags & COMPAT_)
		source_define(s, "TASK_COMPAT_STATUS", "%d", 20);
	if (flags & HOLD_COMMAND_)
		source_define(s, "HOLD_COMMAND", "1");
	if (flags & EXIT_TRACEPOINT_)
		source_define(s, "EXIT_TRACEPOINT", "1");
}

static void define_numbers(struct source *s, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		source_define(s, names[i], "%zu", 8 * i + 96);
}

static void define_fork(struct source *s, unsigned flags)
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
	static const struct {
		unsigned flag;
		const char *define;
	} flag_defines[] = {
		{ EVENT_FORK_, "EVENT_FORK" },           { EVENT_THREAD_, "EVENT_THREAD" },
		{ EVENT_EXEC_, "EVENT_EXEC" },           { EVENT_EXIT_, "EVENT_EXIT" },
		{ EXIT_GROUP_DEAD_, "EXIT_GROUP_DEAD" }, { COMPAT_, "TASK_COMPAT_STATUS" },
	};

	define_numbers(s, offsets, COUNT(offsets));
	source_define(s, "ARGS_MAX", "%d", 8192);
	if (flags & USAGE_)
		define_numbers(s, usage, COUNT(usage));
	if (flags & EXEC_FAILED_)
		define_numbers(s, failed, COUNT(failed));
	for (size_t i = 0; i < COUNT(flag_defines); i++)
		if (flags & flag_defines[i].flag)
			source_define(s, flag_defines[i].define, "1");
}

static void define_births(struct source *s)
{
	source_define(s, "BIRTH_TRACEPOINT", "1");
	source_define(s, "NEWTASK_PID", "8");
	source_define(s, "NEWTASK_FLAGS", "32");
	source_define(s, "RENAME_PID", "8");
	source_define(s, "EXEC_FILENAME", "8");
}

static struct source *source_of(const struct job *job)
{
	struct error err = ERROR_INIT;
	struct source *s = NULL;

	if (source_new(&s, job->program, &err) < 0)
		return NULL;
	define_task(s);
	define_filters(s, job->filters);
	if (job->flags & TASK_BTF_)
		source_define(s, "CURRENT_TASK_BTF", "1");
	if (job->flags & PIDNS_)
		define_namespace(s);
	if (job->flags & BIRTH_TRACEPOINT_)
		define_births(s);
	switch (job->program[0]) {
	case 'o':
		define_openat(s, job->flags);
		break;
	case 's':
		define_rows(s, job);
		/* fall through */
	case 'c':
		define_starts(s, job);
		define_syscalls(s, job->flags);
		break;
	default:
		define_fork(s, job->flags);
		break;
	}
	return s;
}

/* The job's own, and what following adds. */
static size_t hooks_of(const struct job *job, struct hook *hooks)
{
	bool is_fork = job->program[0] == 'f', classic = job->flags & BIRTH_TRACEPOINT_;
	size_t n = 0;

	for (size_t i = 0; i < job->nhooks; i++)
		hooks[n++] = job->hooks[i];
	for (size_t i = 0; is_fork && i < COUNT(fork_hooks); i++)
		if (job->flags & fork_hooks[i].flags)
			hooks[n++] = classic ? fork_hooks[i].classic : fork_hooks[i].raw;
	if (!(job->filters & FOLLOWED))
		return n;
	if (!(job->flags & (EVENT_FORK_ | EVENT_THREAD_)))
		hooks[n++] = classic ? follow_birth_classic : follow_birth;
	/* There a number is forgotten when it is used again. */
	if (!(job->flags & (PIDNS_ | BIRTH_TRACEPOINT_)))
		hooks[n++] = follow_end;
	return n;
}

static int complain(const struct job *job, const char *what, const char *detail)
{
	fprintf(stderr, "%s, flags %#x, filters %#x: %s %s\n", job->program, job->flags,
		job->filters, what, detail ? detail : "");
	return 1;
}

/* Helpers of Linux 5.10, and two that the tool asks for only where they are. */
static bool helper_exists(const struct job *job, int helper)
{
	static const int always[] = {
		BPF_FUNC_map_lookup_elem,       BPF_FUNC_map_update_elem,
		BPF_FUNC_map_delete_elem,       BPF_FUNC_ktime_get_ns,
		BPF_FUNC_get_current_pid_tgid,  BPF_FUNC_get_current_uid_gid,
		BPF_FUNC_get_current_comm,      BPF_FUNC_perf_event_output,
		BPF_FUNC_get_current_task,      BPF_FUNC_current_task_under_cgroup,
		BPF_FUNC_probe_read_user,       BPF_FUNC_probe_read_kernel,
		BPF_FUNC_probe_read_kernel_str, BPF_FUNC_probe_read_user_str,
		BPF_FUNC_get_smp_processor_id,  BPF_FUNC_get_current_cgroup_id,
	};

	for (size_t i = 0; i < COUNT(always); i++)
		if (helper == always[i])
			return true;
	return (helper == BPF_FUNC_get_current_task_btf && (job->flags & TASK_BTF_)) ||
	       (helper == BPF_FUNC_task_pt_regs && (job->flags & TASK_PT_REGS_));
}

static bool has_reloc(const struct object_program *p, size_t insn)
{
	for (size_t i = 0; i < p->nrelocs; i++)
		if (p->relocs[i].insn == insn)
			return true;
	return false;
}

/* What a look at the instructions can tell. */
static int check_insns(const struct job *job, const struct object_program *p)
{
	if (!p->ninsns || p->insns[p->ninsns - 1].code != (BPF_JMP | BPF_EXIT))
		if (p->insns[p->ninsns - 1].code != (BPF_JMP | BPF_JA))
			return complain(job, p->name, "does not end");
	for (size_t i = 0; i < p->ninsns; i++) {
		const struct bpf_insn *insn = &p->insns[i];

		if (insn->code == (BPF_LD | BPF_DW | BPF_IMM)) {
			if ((insn->src_reg == BPF_PSEUDO_MAP_FD) != has_reloc(p, i) ||
			    insn->src_reg > BPF_PSEUDO_MAP_FD || (insn->src_reg && insn->imm))
				return complain(job, p->name, "loads no map and no number");
			i++;
		} else if (insn->code == (BPF_JMP | BPF_CALL) &&
			   (insn->src_reg || !helper_exists(job, insn->imm))) {
			fprintf(stderr, "helper %d: ", insn->imm);
			return complain(job, p->name, "calls what there is not");
		}
	}
	return 0;
}

static int check_maps(const struct job *job, const struct object *o)
{
	int table = object_map(o, "table"), tables = object_map(o, "tables");

	if ((object_map(o, "filter_cgroup") >= 0) != !!(job->filters & CGROUP))
		return complain(job, "filter_cgroup", NULL);
	if ((object_map(o, "followed") >= 0) != !!(job->filters & FOLLOWED))
		return complain(job, "followed", NULL);
	if (object_map(o, "drops") < 0)
		return complain(job, "drops", NULL);
	switch (job->program[0]) {
	case 'o':
		if (table < 0 || tables < 0 || o->maps[tables].inner != table ||
		    o->maps[table].max_entries != 4096)
			return complain(job, "tables", NULL);
		return 0;
	case 's':
		if (job->by.words)
			return table < 0 || tables < 0 || o->maps[table].key_size != by_key_size(&job->by) ?
				       complain(job, "rows", NULL) : 0;
		return object_map(o, "counts") < 0 ? complain(job, "counts", NULL) : 0;
	default:
		return object_map(o, "events") < 0 ? complain(job, "events", NULL) : 0;
	}
}

static int check_object(const struct job *job, const struct object *o, const struct hook *hooks,
			size_t nhooks)
{
	if (o->nprograms != nhooks)
		return complain(job, "not as many programs as hooks", NULL);
	for (size_t i = 0; i < nhooks; i++) {
		char section[HOOK_NAME_MAX];

		if (strcmp(o->programs[i].name, hooks[i].function) != 0 ||
		    strcmp(o->programs[i].section, hook_section(&hooks[i], section)) != 0)
			return complain(job, hooks[i].function, "is not where it should be");
		if (check_insns(job, &o->programs[i]))
			return 1;
	}
	return check_maps(job, o);
}

static int run_job(const struct job *job)
{
	struct hook hooks[OBJECT_PROGRAMS_MAX];
	size_t nhooks = hooks_of(job, hooks);
	struct error err = ERROR_INIT;
	struct source *s = source_of(job);
	struct object o = { .nmaps = 0 };
	int failed;

	if (!s)
		return complain(job, "is not there", NULL);
	failed = compile(s, hooks, nhooks, &o, &err) < 0 ? complain(job, err.text, err.detail)
							 : check_object(job, &o, hooks, nhooks);
	object_clear(&o);
	error_clear(&err);
	source_free(s);
	return failed;
}

/* Compiling takes one CPU, and a process without threads: one process for each CPU. */
static void test_combinations(void **state)
{
	long workers = sysconf(_SC_NPROCESSORS_ONLN);
	pid_t children[64];
	bool failed = false;

	(void)state;
	workers = workers < 1 ? 1 : workers > 64 ? 64 : workers;
	add_all_jobs();
	fflush(NULL);
	for (long w = 0; w < workers; w++) {
		children[w] = fork();
		assert_true(children[w] >= 0);
		if (children[w] == 0) {
			int bad = 0;

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (size_t i = (size_t)w; i < njobs && bad < 5; i += (size_t)workers)
				bad += run_job(&jobs[i]);
			_exit(bad);
		}
	}
	for (long w = 0; w < workers; w++) {
		int status;

		assert_int_equal(waitpid(children[w], &status, 0), children[w]);
		failed |= status != 0;
	}
	print_message("%zu combinations\n", njobs);
	assert_false(failed);
}

static const char *const asked[] = {
	"FILTER_PID",       "FILTER_TID",
	"FILTER_PPID",      "FILTER_UID",
	"FILTER_NAME",      "FILTER_CGROUP",
	"FOLLOW",           "FOLLOW_OWN_BIRTH",
	"HOOK_KPROBE",      "HOOK_SYS_EXIT",
	"HOOK_TRACEPOINT",  "COMPAT",
	"COUNT_EXITS",      "HAVE_TASK_PT_REGS",
	"HOLD_COMMAND",     "EXIT_GROUP_DEAD",
	"CURRENT_TASK_BTF", "TASK_COMPAT_STATUS",
	"__x86_64__",       "EVENT_FORK",
	"EVENT_THREAD",     "EVENT_EXEC",
	"EVENT_EXIT",       "USAGE",
	"EXEC_FAILED",      "PIDNS",
	"BIRTH_TRACEPOINT", "EXIT_TRACEPOINT",
	"ROWS",             "LATENCY",
	"SELECT",           "FAILED_ONLY",
	"FILTER_ERRNO",     "FILTER_CHANGES",
	"HOOK_EXITS",       "KEEP_ARGS",
	"TASK_COMM",        "BY_SYSCALL",
	"BY_PROCESS",       "BY_THREAD",
	"BY_COMM",          "BY_USER",
	"BY_CGROUP",        "BY_ERRNO",
	"SLOT_FIRST",
};

static bool seen[COUNT(asked)];

/* Words in capitals are what is asked about; the others are `defined` and the like. */
static void check_condition(const char *path, char *line)
{
	char *rest, *word;

	for (word = strtok_r(line, " ()!|&", &rest); word; word = strtok_r(NULL, " ()!|&", &rest)) {
		bool known = islower((unsigned char)word[0]);

		for (size_t i = 0; i < COUNT(asked); i++) {
			if (strcmp(word, asked[i]) == 0)
				known = seen[i] = true;
		}
		if (!known)
			fail_msg("programs/%s asks about %s", path, word);
	}
}

/* What the programs ask about is what is answered above: no more, no less. */
static void test_flags_known(void **state)
{
	(void)state;
	for (const struct embedded_file *f = embedded_files; f->path; f++) {
		if (!strstr(f->path, ".bpf."))
			continue;
		for (const char *p = f->text; (p = strstr(p, "\n#")); p++) {
			char line[256];

			snprintf(line, sizeof(line), "%.*s", (int)strcspn(p + 2, "\n"), p + 2);
			if (strncmp(line, "if", 2) == 0 || strncmp(line, "elif", 4) == 0)
				check_condition(f->path, line);
		}
	}
	for (size_t i = 0; i < COUNT(asked); i++)
		if (!seen[i])
			fail_msg("no program asks about %s", asked[i]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_flags_known),
	cmocka_unit_test(test_combinations),
};

int main(void)
{
	setenv("PATH", "/usr/bin:/bin", 1);
	become_nobody();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
