/* SPDX-License-Identifier: MIT */
/* What bcc-syscalls' programs can be compiled with. See combinations.h. */
#define _GNU_SOURCE
#include "combinations.h"

#include "rows.h"

enum own_flag {
	HOOK_TRACEPOINT_ = FLAG_OWN,
	HOOK_EXITS_ = FLAG_OWN << 1, /* with COUNT_EXITS_ or without */
	COUNT_EXITS_ = FLAG_OWN << 2,
	HOLD_COMMAND_ = FLAG_OWN << 3,
	EXIT_TRACEPOINT_ = FLAG_OWN << 4,
	SELECT_ = FLAG_OWN << 5,
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

/* How the running task is read matters only where it is read. */
static bool reads_task(unsigned flags, unsigned filters)
{
	return (filters & PPIDS) || (flags & (BIRTH_TRACEPOINT_ | COMPAT_));
}

static void add(const char *program, unsigned flags, unsigned filters, const struct hook *hooks,
		size_t nhooks)
{
	if ((flags & TASK_BTF_) && !reads_task(flags, filters))
		return;
	add_job((struct job){ program, flags, filters, { 0 }, hooks, nhooks });
}

static void add_rows_job(unsigned flags, unsigned filters, unsigned words, const struct hook *hooks,
			 size_t nhooks)
{
	add_job((struct job){ "syscalls/count.bpf.c", flags, filters, { words }, hooks, nhooks });
}

static void add_syscalls(unsigned filters, unsigned more)
{
	static const unsigned exits[] = { 0, COUNT_EXITS_ | HOOK_EXITS_,
					  COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ };
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
			add("syscalls/count.bpf.c", flags, filters, syscalls_raw, nhooks);
			add("syscalls/count.bpf.c", flags | HOOK_TRACEPOINT_, filters,
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
		(1 << BY_CALL) - 1,
	};
	const unsigned exits = COUNT_EXITS_ | TASK_PT_REGS_ | HOOK_EXITS_;

	for (size_t i = 0; i < COUNT(words); i++) {
		unsigned more = i % 2 ? SELECT_ | TASK_COMM_ : COMPAT_;

		add_rows_job(exits | more, filters, words[i], syscalls_raw, 2);
		add_rows_job(exits | more | LATENCY_, filters, words[i], calls_raw, 4);
		if (!is_thorough(filters))
			continue;
		add_rows_job(exits | more | TASK_BTF_ | COMPAT_ | LATENCY_, filters, words[i],
			     calls_raw, 4);
		add_rows_job(exits | more | LATENCY_ | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_ |
				     TASK_BTF_ | COMPAT_,
			     filters, words[i], calls_classic, 4);
	}
	/* A kernel without types: ends are only seen. */
	add_rows_job(HOOK_EXITS_ | LATENCY_ | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_, filters,
		     1 << BY_SYSCALL, calls_classic, 4);
	if (filters & FOLLOWED)
		add_rows_job(exits | LATENCY_ | HOLD_COMMAND_ | PIDNS_, filters, 1 << BY_PROCESS,
			     calls_raw, 4);
}

/* Which calls count, where rows are counted and where there is the array of counters. */
static void add_results(unsigned filters)
{
	static const unsigned flags[] = { SELECT_, FAILED_ONLY_, FILTER_ERRNO_,
					  SELECT_ | FAILED_ONLY_ | FILTER_ERRNO_ };
	const unsigned exits = COUNT_EXITS_ | TASK_PT_REGS_ | HOOK_EXITS_ | COMPAT_;

	for (size_t i = 0; i < COUNT(flags); i++) {
		add("syscalls/count.bpf.c", exits | flags[i], filters, syscalls_raw, 2);
		add_rows_job(exits | flags[i] | LATENCY_, filters, 1 << BY_PROCESS, calls_raw, 4);
		add("syscalls/stream.bpf.c", exits | flags[i], filters, calls_raw, 4);
	}
}

/* A record of each call. */
static void add_calls(unsigned filters)
{
	const unsigned exits = COUNT_EXITS_ | TASK_PT_REGS_ | HOOK_EXITS_;

	add("syscalls/stream.bpf.c", exits, filters, calls_raw, 4);
	add("syscalls/stream.bpf.c", exits | COMPAT_ | TASK_BTF_, filters, calls_raw, 4);
	add("syscalls/stream.bpf.c",
	    exits | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_ | TASK_BTF_ | COMPAT_, filters,
	    calls_classic, 4);
	add("syscalls/stream.bpf.c", HOOK_EXITS_ | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_, filters,
	    calls_classic, 4);
	if (filters & FOLLOWED)
		add("syscalls/stream.bpf.c", exits | HOLD_COMMAND_ | PIDNS_, filters, calls_raw, 4);
}

/* Run in a PID namespace of its own: other ways to every id. */
static void add_namespace(unsigned filters)
{
	add("syscalls/count.bpf.c", COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ | COMPAT_ | PIDNS_,
	    filters, syscalls_raw, 2);
	if (filters & FOLLOWED)
		add("syscalls/count.bpf.c", HOLD_COMMAND_ | PIDNS_, filters, syscalls_raw, 1);
}

/* Births seen through the classic tracepoint: another way to the child's id. */
static void add_classic(unsigned filters)
{
	const unsigned exits = COUNT_EXITS_ | HOOK_EXITS_ | TASK_PT_REGS_ | BIRTH_TRACEPOINT_;

	add("syscalls/count.bpf.c", exits, filters, syscalls_raw, 2);
	add("syscalls/count.bpf.c", exits | HOOK_TRACEPOINT_ | EXIT_TRACEPOINT_ | TASK_BTF_,
	    filters, syscalls_classic, 2);
}

static void add_all(void)
{
	static const unsigned classic[] = { 0, FOLLOWED, ALL_FILTERS };
	static const unsigned namespaces[] = { 0, PIDS | TIDS, PPIDS, FOLLOWED, ALL_FILTERS };

	for (size_t i = 0; i < COUNT(classic); i++)
		add_classic(classic[i]);
	for (size_t i = 0; i < COUNT(namespaces); i++)
		add_namespace(namespaces[i]);
	add_results(0);
	add_results(ALL_FILTERS);
	for (size_t i = 0; i < COUNT(filter_sets); i++) {
		if (is_thorough(filter_sets[i]) || filter_sets[i] == NAME)
			add_rows(filter_sets[i]);
		if (is_thorough(filter_sets[i]))
			add_calls(filter_sets[i]);
		for (unsigned more = 0; more <= TASK_BTF_; more += TASK_BTF_)
			add_syscalls(filter_sets[i], more);
	}
}

static void define_starts(struct source *s, const struct job *job)
{
	static const struct layout_member members[] = {
		{ "sys_enter", "id", "u32", NULL, 8 },
		{ "sys_enter", "args", "u64[6]", NULL, 16 },
		{ "sys_exit", "id", "s32", NULL, 8 },
		{ "sys_exit", "ret", "s64", NULL, 16 },
		{ "sched_process_exec", "old_pid", "u32", NULL, 16 },
		{ "sched_process_exec", "filename", "u32", NULL, 8 },
		{ "linux_binprm", "filename", "const char *", NULL, 8 },
		{ "task_struct", "stack", "u64", NULL, 32 },
		{ "task_struct", "status", "u32", NULL, 20 },
		{ "syscall_regs", "number", "s32", NULL, 120 },
	};
	static const char *const arguments[][2] = {
		{ "arg1", "u64" },    { "arg2", "u64" },    { "arg3", "u64" },
		{ "arg4", "u64" },    { "arg5", "u64" },    { "arg6", "u64" },
		{ "compat1", "u32" }, { "compat2", "u32" }, { "compat3", "u32" },
		{ "compat4", "u32" }, { "compat5", "u32" }, { "compat6", "u32" },
	};

	source_define(s, "STARTED_MAX", "%d", 32768);
	source_define(s, "EXECS_MAX", "%d", 1024);
	source_define(s, "STARTED_FLAGS", "%d", BPF_F_NO_PREALLOC);
	define_members(s, members, COUNT(members));
	for (size_t i = 0; i < COUNT(arguments); i++)
		define_member(s, "syscall_regs", arguments[i][0], arguments[i][1], 8 * i);
	if (job->filters & (NAME | TIDS | UIDS | PPIDS | CGROUP))
		source_define(s, "FILTER_CHANGES", "1");
}

static void define_syscalls(struct source *s, const struct job *job)
{
	static const struct flag_define defines[] = {
		{ SELECT_, "SELECT", "1" },
		{ HOOK_EXITS_, "HOOK_EXITS", "1" },
		{ HOOK_TRACEPOINT_, "HOOK_TRACEPOINT", "1" },
		{ COUNT_EXITS_, "COUNT_EXITS", "1" },
		{ COUNT_EXITS_, "EXIT_CALLS", "case 60: case 231:" },
		{ COUNT_EXITS_, "EXIT_CALLS_COMPAT", "case 1: case 252:" },
		{ COUNT_EXITS_, "STACK_REGS", "(16384 - 168)" },
		{ COMPAT_, "COMPAT", "1" },
		{ HOLD_COMMAND_, "HOLD_COMMAND", "1" },
		{ EXIT_TRACEPOINT_, "EXIT_TRACEPOINT", "1" },
	};

	if (job->by.words) {
		source_define(s, "ROWS", "1");
		define_rows(s, job);
	}
	define_starts(s, job);
	source_define(s, "FORK_SLOTS", "case 57: case 58: case 56: case 435: case 1026:");
	source_define(s, "EXECVE_SLOTS", "case 59: case 1035: case 2568:");
	define_flags(s, job, defines, COUNT(defines));
}

static int check_tables(const struct job *job, const struct object *o)
{
	if (strstr(job->program, "stream"))
		return check_map(job, o, "events", true);
	if (!job->by.words)
		return check_map(job, o, "counts", true);
	return check_rows(job, o,
			  job->flags & LATENCY_ ? sizeof(struct row_times)
						: sizeof(struct row_count));
}

static const char *const programs[] = { "syscalls/count.bpf.c", "syscalls/stream.bpf.c", NULL };
static const char *const never[] = { "DISTINCT", "FOLLOW_OWN_BIRTH", NULL };

const struct suite suite = {
	.programs = programs,
	.never = never,
	.add = add_all,
	.define = define_syscalls,
	.check_maps = check_tables,
};
