/* SPDX-License-Identifier: MIT */
/*
 * The compiler: every combination of what the programs can be compiled with, made-up programs that
 * go wrong in each way there is, and surroundings that must change nothing. All of it as an
 * ordinary user; what is different for root, as root too when that is who runs this.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "compile_child.h"
#include "compiling.h"
#include "embedded.h"
#include "glob.h"

/* ---- all combinations ---- */

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
};

/* One compile. */
struct job {
	const char *program;
	unsigned flags, filters;
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
	jobs[njobs++] = (struct job){ program, flags, filters, hooks, nhooks };
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
	static const unsigned exits[] = { 0, COUNT_EXITS_, COUNT_EXITS_ | TASK_PT_REGS_ };
	static const unsigned others[] = { 0, COMPAT_, HOLD_COMMAND_, COMPAT_ | HOLD_COMMAND_ };

	for (size_t e = 0; e < COUNT(exits); e++) {
		for (size_t o = 0; o < COUNT(others); o++) {
			unsigned flags = exits[e] | others[o] | more;
			size_t nhooks = exits[e] ? 2 : 1;

			if ((flags & HOLD_COMMAND_) && !(filters & FOLLOWED))
				continue;
			if (!is_thorough(filters) &&
			    flags != (COUNT_EXITS_ | TASK_PT_REGS_ | COMPAT_ | more))
				continue;
			add_job("syscalls.bpf.c", flags, filters, syscalls_raw, nhooks);
			add_job("syscalls.bpf.c", flags | HOOK_TRACEPOINT_, filters,
				syscalls_tracepoint, nhooks);
		}
	}
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
	add_job("syscalls.bpf.c", COUNT_EXITS_ | TASK_PT_REGS_ | COMPAT_ | PIDNS_, filters,
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
	add_job("syscalls.bpf.c", COUNT_EXITS_ | TASK_PT_REGS_ | BIRTH_TRACEPOINT_, filters,
		syscalls_raw, 2);
	add_job("syscalls.bpf.c",
		HOOK_TRACEPOINT_ | COUNT_EXITS_ | TASK_PT_REGS_ | BIRTH_TRACEPOINT_ | EXIT_TRACEPOINT_ |
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
	for (size_t i = 0; i < COUNT(filter_sets); i++) {
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

static void define_syscalls(struct source *s, unsigned flags)
{
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

/* ---- made-up programs ---- */

/* One function, kprobe__f(), on a hook. */
static const struct hook f_hook = { HOOK_KPROBE, "kprobe__f", "f" };

static int compile_text(const char *text, const struct hook *hooks, size_t nhooks, struct object *o,
			struct error *err)
{
	struct source *s = NULL;
	int r = source_new_text(&s, "mine.bpf.c", text, err);

	assert_int_equal(r, 0);
	memset(o, 0, sizeof(*o));
	*err = (struct error)ERROR_INIT;
	r = compile(s, hooks, nhooks, o, err);
	source_free(s);
	assert_int_equal(r, err->code);
	return r;
}

static void assert_contains(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("'%s' is not in: %s", part, text);
}

static void check_rejected(const char *text, int code, const char *in_text, const char *in_detail)
{
	struct error err;
	struct object o;
	int r = compile_text(text, &f_hook, 1, &o, &err);

	if (r != code)
		fail_msg("%d, not %d: %s %s", r, code, err.text, err.detail ? err.detail : "");
	assert_int_equal(o.nprograms, 0);
	assert_contains(err.text, in_text);
	assert_contains(err.text, "programs/mine.bpf.c");
	assert_contains(err.detail, in_detail);
	error_clear(&err);
}

static void test_c_errors(void **state)
{
	(void)state;
	check_rejected("\n\nint kprobe__f(void *ctx)\n{\n\treturn nosuch;\n}\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:5:9: error: use of undeclared identifier 'nosuch'");
	check_rejected("int kprobe__f(void *ctx) { return 0 }\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:1:");
	check_rejected("#error none of this\n", -EINVAL, "clang", "none of this");
	/* Behind an include the lines count on from where they were. */
	check_rejected("#include \"drops.bpf.h\"\n#include \"drops.h\"\nint x = ;\n", -EINVAL,
		       "clang", "programs/mine.bpf.c:3:9: error:");
	/* A warning is an error. */
	check_rejected("int kprobe__f(void *ctx) { int *p = ctx; long x = p; return x; }\n",
		       -EINVAL, "clang", "programs/mine.bpf.c:1:");
	check_rejected("int kprobe__f(void *ctx) { int a; return a; }\n", -EINVAL, "clang",
		       "-Wuninitialized");
	check_rejected("#include <linux/nosuch.h>\n", -EINVAL, "clang",
		       "'linux/nosuch.h' file not found");
}

/* In a header of ours that is missing a define: the header and its line. */
static void test_error_in_header(void **state)
{
	(void)state;
	check_rejected("#define FILTER_PPID(id) ((id) == 1)\n#include \"filter.bpf.h\"\n"
		       "int kprobe__f(void *ctx) { return filter_passes(); }\n",
		       -EINVAL, "clang", "programs/filter.bpf.h:");
}

static const char too_large[] =
	"int kprobe__f(void *ctx)\n{\n\tchar a[600];\n\tbpf_get_current_comm(a, sizeof(a));\n"
	"\treturn a[8];\n}\n";

/* What LLVM itself answers with the end of the process. */
static void test_back_end_errors(void **state)
{
	(void)state;
	check_rejected(too_large, -EINVAL, "clang", "stack limit of 512 bytes is exceeded");
	check_rejected(
		"__attribute__((noinline)) static int g(int a, int b, int c, int d, int e, int f)\n"
		"{\n\treturn a + b + c + d + e + f;\n}\n"
		"int kprobe__f(int *ctx) { return g(ctx[0], ctx[1], ctx[2], ctx[3], ctx[4], "
		"ctx[5]); }\n",
		-EINVAL, "clang", "mine.bpf.c");
}

static void test_missing_function(void **state)
{
	(void)state;
	check_rejected("int kprobe__g(void *ctx) { return 0; }\n", -ECHILD, "no object",
		       "function 'kprobe__f' is not in the compiled program");
	check_rejected("", -ECHILD, "no object", "kprobe__f");
	check_rejected("static inline int kprobe__f(void *ctx) { return 0; }\n", -ECHILD,
		       "no object", "kprobe__f");
}

static void test_too_many_maps(void **state)
{
	char text[4096] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i <= OBJECT_MAPS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"BPF_TABLE(\"array\", int, u64, map_%d, 1);\n", i);
	snprintf(text + len, sizeof(text) - len, "int kprobe__f(void *ctx) { return 0; }\n");
	check_rejected(text, -EINVAL, "clang", "");
}

/* A name that is longer than the object can say. */
static void test_long_names(void **state)
{
	char text[512], name[OBJECT_NAME_MAX + 20] = "kprobe__";
	const struct hook hook = { HOOK_KPROBE, name, "f" };
	struct error err;
	struct object o;

	(void)state;
	memset(name + 8, 'n', sizeof(name) - 9);
	name[sizeof(name) - 1] = '\0';
	snprintf(text, sizeof(text), "int %s(void *ctx) { return 0; }\n", name);
	assert_int_equal(compile_text(text, &hook, 1, &o, &err), -ECHILD);
	error_clear(&err);
	snprintf(text, sizeof(text),
		 "BPF_TABLE(\"array\", int, u64, %s, 1);\n"
		 "int kprobe__f(void *ctx) { return 0; }\n",
		 name);
	check_rejected(text, -EINVAL, "clang", "");
}

static void check_one_exit(const struct object_program *p, int value)
{
	assert_int_equal(p->ninsns, 2);
	assert_int_equal(p->insns[0].imm, value);
	assert_int_equal(p->insns[1].code, BPF_JMP | BPF_EXIT);
}

/* Of the functions the hooks name, each once, in the hooks' order; maps that nothing uses stay. */
static void test_only_hooks(void **state)
{
	static const char text[] = "BPF_TABLE(\"hash\", u32, u64, unused, 16);\n"
				   "int kprobe__a(void *ctx) { return 1; }\n"
				   "int kprobe__b(void *ctx) { return 2; }\n"
				   "int raw_tracepoint__c(void *ctx) { return 3; }\n";
	static const struct hook hooks[] = {
		{ HOOK_RAW_TRACEPOINT, "raw_tracepoint__c", "sys_exit" },
		{ HOOK_KPROBE, "kprobe__a", "do_exit" },
	};
	struct error err;
	struct object o;

	(void)state;
	assert_int_equal(compile_text(text, hooks, 2, &o, &err), 0);
	assert_int_equal(o.nprograms, 2);
	assert_string_equal(o.programs[0].name, "raw_tracepoint__c");
	assert_string_equal(o.programs[0].section, "raw_tp/sys_exit");
	check_one_exit(&o.programs[0], 3);
	assert_string_equal(o.programs[1].name, "kprobe__a");
	assert_string_equal(o.programs[1].section, "kprobe/do_exit");
	check_one_exit(&o.programs[1], 1);
	assert_int_equal(o.nmaps, 1);
	assert_string_equal(o.maps[0].name, "unused");
	assert_int_equal(o.maps[0].type, BPF_MAP_TYPE_HASH);
	assert_int_equal(o.maps[0].key_size, 4);
	assert_int_equal(o.maps[0].value_size, 8);
	assert_int_equal(o.maps[0].max_entries, 16);
	assert_int_equal(o.maps[0].inner, -1);
	object_clear(&o);

	assert_int_equal(compile_text(text, hooks, 0, &o, &err), 0);
	assert_int_equal(o.nprograms, 0);
	assert_int_equal(o.nmaps, 1);
	object_clear(&o);
}

/* A program without a map: there is nothing to describe. */
static void test_no_maps(void **state)
{
	struct error err;
	struct object o;

	(void)state;
	assert_int_equal(
		compile_text("int kprobe__f(void *ctx) { return 7; }", &f_hook, 1, &o, &err), 0);
	assert_int_equal(o.nmaps, 0);
	check_one_exit(&o.programs[0], 7);
	object_clear(&o);
}

/* ---- surroundings ---- */

/* Names in a directory that start like this, as one number. */
static size_t count_entries(const char *path, const char *start)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += strncmp(entry->d_name, start, strlen(start)) == 0;
	closedir(dir);
	return n;
}

/* A directory with files a compiler that looks here would trip over. */
struct trap {
	char path[32];
	int before;
};

static const char *const trap_dirs[] = {
	"linux", "include", "include/linux", "include/uapi", "include/uapi/linux", "asm"
};
static const char *const trap_files[] = {
	"linux/version.h",
	"linux/types.h",
	"include/linux/version.h",
	"include/linux/kconfig.h",
	"include/linux/types.h",
	"include/uapi/linux/bpf.h",
	"include/uapi/linux/ptrace.h",
	"asm/ptrace.h",
	"drops.h",
};

static void trap_set(struct trap *trap)
{
	static const char text[] = "#error this file has nothing to do with it\n";

	strcpy(trap->path, "/tmp/test-compile-XXXXXX");
	assert_non_null(mkdtemp(trap->path));
	assert_int_equal(chmod(trap->path, 0755), 0);
	trap->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(chdir(trap->path), 0);
	for (size_t i = 0; i < COUNT(trap_dirs); i++)
		assert_int_equal(mkdir(trap_dirs[i], 0755), 0);
	for (size_t i = 0; i < COUNT(trap_files); i++) {
		int fd = open(trap_files[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

		assert_true(fd >= 0);
		assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
		close(fd);
	}
}

/* Nothing may have been added: then the directory could not be removed. */
static void trap_remove(struct trap *trap)
{
	for (size_t i = 0; i < COUNT(trap_files); i++)
		assert_int_equal(unlink(trap_files[i]), 0);
	for (size_t i = COUNT(trap_dirs); i-- > 0;)
		assert_int_equal(rmdir(trap_dirs[i]), 0);
	/* Where this was started may be a place an ordinary user cannot go back to. */
	if (trap->before < 0 || fchdir(trap->before) < 0)
		assert_int_equal(chdir("/"), 0);
	if (trap->before >= 0)
		close(trap->before);
	assert_int_equal(rmdir(trap->path), 0);
}

static const struct job sample = { "fork.bpf.c", ALL_EVENTS | USAGE_, ALL_FILTERS, NULL, 0 };

static struct compile_output sample_output(void)
{
	struct compile_output output = { .elf = NULL };
	struct hook hooks[OBJECT_PROGRAMS_MAX];
	size_t nhooks = hooks_of(&sample, hooks);
	struct source *s = source_of(&sample);
	struct error err = ERROR_INIT;

	assert_non_null(s);
	if (compile_output(s, hooks, nhooks, &output, &err) < 0)
		fail_msg("%s\n%s", err.text, err.detail);
	source_free(s);
	return output;
}

static void assert_same_output(struct compile_output a, struct compile_output b)
{
	assert_int_equal(a.elf_len, b.elf_len);
	assert_memory_equal(a.elf, b.elf, a.elf_len);
	compile_output_clear(&a);
	compile_output_clear(&b);
}

/* The version BCC's own headers ask about is the stand-in's, not one that somebody has set. */
static void check_version(void)
{
	static const char text[] = "#include <linux/version.h>\n"
				   "#if defined(LINUX_VERSION_CODE_OVERRIDE) || \\\n"
				   "    LINUX_VERSION_CODE != KERNEL_VERSION(5, 10, 0)\n"
				   "#error another version\n"
				   "#endif\n"
				   "int kprobe__f(void *ctx) { return 7; }\n";
	struct error err;
	struct object o;

	if (compile_text(text, &f_hook, 1, &o, &err) < 0)
		fail_msg("%s", err.detail);
	check_one_exit(&o.programs[0], 7);
	object_clear(&o);
}

static void test_surroundings(void **state)
{
	static const char *const variables[] = {
		"BCC_KERNEL_SOURCE",
		"BCC_KERNEL_MODULES_SUFFIX",
		"TMPDIR",
		"TMP",
		"TEMP",
		"HOME",
		"PATH",
		"CPATH",
		"C_INCLUDE_PATH",
		"CPLUS_INCLUDE_PATH",
		"LIBRARY_PATH",
		"PWD",
		"XDG_CACHE_HOME",
	};
	static const char *const values[][2] = {
		{ "BCC_LINUX_VERSION_CODE", "199680" },
		{ "ARCH", "s390" },
		{ "LC_ALL", "tr_TR.UTF-8" },
		{ "CCC_OVERRIDE_OPTIONS", "+-DTRAP +-O0" },
		{ "CLANG_CONFIG_FILE", "/nonexistent" },
		{ "SOURCE_DATE_EPOCH", "1" },
		{ "BCC_DEBUG", "255" },
	};
	size_t left = count_entries("/tmp", "bcc-tools-");
	struct compile_output before = sample_output();
	struct trap trap;
	size_t fds = open_descriptors();
	mode_t mask;

	(void)state;
	trap_set(&trap);
	for (size_t i = 0; i < COUNT(variables); i++)
		setenv(variables[i], trap.path, 1);
	for (size_t i = 0; i < COUNT(values); i++)
		setenv(values[i][0], values[i][1], 1);
	mask = umask(0077);
	assert_same_output(before, sample_output());
	check_version();
	check_rejected("int kprobe__f(void *ctx) { return nosuch; }\n", -EINVAL, "clang",
		       "programs/mine.bpf.c:1:");
	check_rejected(too_large, -EINVAL, "clang", "stack");
	clearenv();
	umask(mask);
	trap_remove(&trap);
	assert_int_equal(count_entries("/tmp", "bcc-tools-"), left);
	/* No process is left, and no descriptor. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(open_descriptors(), fds);
}

static void setup_environment(void)
{
	setenv("PATH", "/usr/bin:/bin", 1);
}

/* The compiler's world holds no file of this machine. */
static void test_no_files(void **state)
{
	(void)state;
	if (sandbox_scratch_needed())
		skip();
	check_rejected("#include </etc/passwd>\n", -EINVAL, "clang", "file not found");
	check_rejected("# include \"/proc/self/status\"\n", -EINVAL, "clang", "file not found");
	check_rejected(
		"asm(\".incbin \\\"/etc/passwd\\\"\");\nint kprobe__f(void *ctx) { return 0; }\n",
		-EINVAL, "clang", "");
}

/* Is /tmp the only place there is? As in a container that allows neither mounts nor user
 * namespaces. */
static bool forbid_private_filesystem(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool done = filter &&
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 0) == 0 &&
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fsopen), 0) == 0 &&
		    seccomp_load(filter) == 0;

	seccomp_release(filter);
	return done;
}

/* Exit status: 0 as it should be; it is a process of its own, as a filter is for good. */
static int compile_in_scratch(void)
{
	static const char text[] = "int kprobe__f(void *ctx) { return 7; }\n";
	struct error err = ERROR_INIT;
	struct source *s = NULL;
	struct object o;

	if (!forbid_private_filesystem() || !sandbox_scratch_needed())
		return 10;
	if (source_new_text(&s, "mine.bpf.c", text, &err) < 0 ||
	    compile(s, &f_hook, 1, &o, &err) < 0) {
		fprintf(stderr, "%s\n%s\n", err.text, err.detail ? err.detail : "");
		return 11;
	}
	source_free(s);
	if (o.nprograms != 1 || o.programs[0].insns[0].imm != 7)
		return 12;
	object_clear(&o);
	if (source_new_text(&s, "mine.bpf.c", "int x = ;", &err) < 0 ||
	    compile(s, &f_hook, 1, &o, &err) != -EINVAL ||
	    !strstr(err.detail, "programs/mine.bpf.c:1:"))
		return 13;
	source_free(s);
	error_clear(&err);
	return 0;
}

static void test_scratch(void **state)
{
	size_t left = count_entries("/tmp", "bcc-tools-");
	struct trap trap;
	int status;
	pid_t child;

	(void)state;
	trap_set(&trap);
	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		umask(0077);
		_exit(compile_in_scratch());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	trap_remove(&trap);
	assert_int_equal(count_entries("/tmp", "bcc-tools-"), left);
}

/* The output is not the place for what a library prints: all of it is in the error, none on our
 * descriptors. */
static void test_silent(void **state)
{
	int out = dup(STDOUT_FILENO), errors = dup(STDERR_FILENO);
	FILE *file = tmpfile();
	struct error err;
	struct object o;
	int r[3];

	(void)state;
	assert_true(out >= 0 && errors >= 0 && file);
	fflush(NULL);
	dup2(fileno(file), STDOUT_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	r[0] = compile_text("int x = ;\n", &f_hook, 1, &o, &err);
	error_clear(&err);
	r[1] = compile_text(too_large, &f_hook, 1, &o, &err);
	error_clear(&err);
	r[2] = compile_text("int kprobe__f(void *ctx) { return 0; }\n", &f_hook, 1, &o, &err);
	object_clear(&o);
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	close(out);
	close(errors);
	assert_int_equal(r[0], -EINVAL);
	assert_int_equal(r[1], -EINVAL);
	assert_int_equal(r[2], 0);
	assert_int_equal(lseek(fileno(file), 0, SEEK_END), 0);
	fclose(file);
}

/* The same text gives the same bytes. */
static void test_repeatable(void **state)
{
	(void)state;
	assert_same_output(sample_output(), sample_output());
}

/* The library that was used is named, and is there. */
static void test_origin(void **state)
{
	struct compile_output output = sample_output();
	char path[4096], *space, version[64];

	(void)state;
	assert_contains(output.origin, "/" COMPILE_LIBRARY);
	for (const char *line = output.origin; *line; line += strcspn(line, "\n") + 1) {
		char identity[128];

		assert_true(strcspn(line, "\n") < sizeof(path));
		memcpy(path, line, strcspn(line, "\n"));
		path[strcspn(line, "\n")] = '\0';
		space = strchr(path, ' ');
		assert_non_null(space);
		*space = '\0';
		assert_int_equal(compile_library_identity(path, identity, sizeof(identity)), 0);
		assert_string_equal(identity, space + 1);
	}
	compile_output_clear(&output);
	assert_int_equal(compile_library_version(version, sizeof(version)), 0);
	assert_true(isdigit((unsigned char)version[0]));
	assert_true(compile_library_identity("/nonexistent", version, sizeof(version)) < 0);
}

static const struct CMUnitTest anybody[] = {
	cmocka_unit_test(test_c_errors),        cmocka_unit_test(test_error_in_header),
	cmocka_unit_test(test_back_end_errors), cmocka_unit_test(test_missing_function),
	cmocka_unit_test(test_too_many_maps),   cmocka_unit_test(test_long_names),
	cmocka_unit_test(test_only_hooks),      cmocka_unit_test(test_no_maps),
	cmocka_unit_test(test_surroundings),    cmocka_unit_test(test_no_files),
	cmocka_unit_test(test_scratch),         cmocka_unit_test(test_silent),
	cmocka_unit_test(test_repeatable),      cmocka_unit_test(test_origin),
};

static const struct CMUnitTest once[] = {
	cmocka_unit_test(test_flags_known),
	cmocka_unit_test(test_combinations),
};

int main(void)
{
	int failed = 0;

	setup_environment();
	if (geteuid() == 0) {
		failed = cmocka_run_group_tests_name("as root", anybody, NULL, NULL);
		setup_environment();
		become_nobody();
	}
	failed += cmocka_run_group_tests_name("as an ordinary user", anybody, NULL, NULL);
	setup_environment();
	return failed + cmocka_run_group_tests_name("combinations", once, NULL, NULL);
}
