/* SPDX-License-Identifier: MIT */
/*
 * bcc-fork: processes and threads being created, executing programs and ending, as they happen.
 *
 * The program (programs/fork.bpf.c) sends a record for each; perf buffers carry them here, where they are put
 * in order and printed.
 */
#include "fork.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cleanup.h"
#include "fork_event.h"
#include "number.h"
#include "processes.h"
#include "run.h"
#include "stream.h"
#include "syscall_names.h"
#include "tool.h"

enum {
	ARGS_DEFAULT = 8192,
	ARGS_MOST = 32768, /* an event must stay below 64 KiB */
	BUFFER_DEFAULT = 128,
	BUFFER_MOST = 65536,
	TICK_NS = 50000000,
};

enum fork_option {
	OPT_EVENT = OPTION_OWN,
	OPT_FAILED,
	OPT_RUSAGE,
	OPT_MAX_ARGS,
	OPT_BUFFER,
	OPT_TREE,
	OPT_LINEAGE,
};

static const struct option_entry own_options[] = {
	{ 'E', "event", "LIST", "only these events: fork, thread, exec, exit", OPT_EVENT },
	{ 'x', "failed", NULL, "also execs that fail, with the errno", OPT_FAILED },
	{ 0, "rusage", NULL, "at exit: processor time, memory, page faults", OPT_RUSAGE },
	{ 0, "tree", NULL, "indent each line by the process's place in the tree", OPT_TREE },
	{ 0, "lineage", NULL, "the names of all ancestors in each line: sshd > bash > make", OPT_LINEAGE },
	{ 0, "max-args", "BYTES", "of an exec's arguments, at most so much (default 8192)", OPT_MAX_ARGS },
	{ 0, "buffer", "PAGES", "perf buffer of each CPU, a power of two (default 128)", OPT_BUFFER },
};

struct fork_state {
	bool events[FORK_TYPES]; /* none: all */
	bool failed;
	bool rusage;
	bool tree;
	bool lineage;
	uint64_t max_args; /* 0: the default */
	uint64_t buffer_pages;
	struct stream *stream;
	struct processes *processes; /* for a tree or lineage; else NULL */
	uint32_t command;            /* the tree's root, or 0 */
	struct report *report;
	uint64_t wall_ns; /* wall clock minus the kernel's */
	uint64_t counts[FORK_TYPES];
	uint64_t failures;
};

static int parse_events(struct fork_state *state, const char *list, struct error *err)
{
	for (size_t at = 0;; at++) {
		size_t len = strcspn(list + at, ","), type = 0;

		while (type < FORK_TYPES && (strlen(fork_type_name((enum fork_type)type)) != len ||
					     strncmp(list + at, fork_type_name((enum fork_type)type), len) != 0))
			type++;
		if (type == FORK_TYPES)
			return error_set(err, -EINVAL, "'%.*s' is not an event (there are: fork, thread, exec, exit)",
					 (int)len, list + at);
		state->events[type] = true;
		at += len;
		if (!list[at])
			return 0;
	}
}

static int parse_amount(const char *value, uint64_t most, const char *what, uint64_t *amount, struct error *err)
{
	if (number_u64(value, strlen(value), 1, most, amount) < 0)
		return error_set(err, -EINVAL, "'%s' is not a number of %s (1 to %llu)", value, what,
				 (unsigned long long)most);
	return 0;
}

static int parse(void *context, int id, const char *value, struct error *err)
{
	struct fork_state *state = context;
	int r = 0;

	switch (id) {
	case OPT_EVENT:
		return parse_events(state, value, err);
	case OPT_MAX_ARGS:
		return parse_amount(value, ARGS_MOST, "bytes", &state->max_args, err);
	case OPT_BUFFER:
		r = parse_amount(value, BUFFER_MOST, "pages", &state->buffer_pages, err);
		if (r == 0 && (state->buffer_pages & (state->buffer_pages - 1)))
			return error_set(err, -EINVAL, "'%s' is not a power of two", value);
		return r;
	case OPT_FAILED:
		state->failed = true;
		return 0;
	case OPT_TREE:
		state->tree = true;
		return 0;
	case OPT_LINEAGE:
		state->lineage = true;
		return 0;
	default:
		state->rusage = true;
		return 0;
	}
}

/* Is this type of event printed? */
static bool shows(const struct fork_state *state, enum fork_type type)
{
	bool any = false;

	for (int i = 0; i < FORK_TYPES; i++)
		any |= state->events[i];
	return !any || state->events[type] || (type == FORK_EXEC && state->failed);
}

/* Is it sent at all? Who is whose child takes all but threads to know. */
static bool wants(const struct fork_state *state, enum fork_type type)
{
	return shows(state, type) || (type != FORK_THREAD && (state->tree || state->lineage));
}

/* Where the tracepoints' tasks keep what an event says. */
static const struct offset task_offsets[] = {
	{ "TASK_TGID", "task_struct", "tgid" },
	{ "TASK_PID", "task_struct", "pid" },
	{ "TASK_REAL_PARENT", "task_struct", "real_parent" },
	{ "TASK_GROUP_LEADER", "task_struct", "group_leader" },
	{ "TASK_EXIT_CODE", "task_struct", "exit_code" },
	{ "TASK_START_TIME", "task_struct", "start_time" },
	{ "TASK_SIGNAL", "task_struct", "signal" },
	{ "TASK_MM", "task_struct", "mm" },
	{ "SIGNAL_FLAGS", "signal_struct", "flags" },
	{ "SIGNAL_GROUP_EXIT_CODE", "signal_struct", "group_exit_code" },
	{ "SIGNAL_NR_THREADS", "signal_struct", "nr_threads" },
	{ "SIGNAL_LIVE", "signal_struct", "live" },
	{ "MM_ARG_START", "mm_struct", "arg_start" },
	{ "MM_ARG_END", "mm_struct", "arg_end" },
	{ "BINPRM_FILENAME", "linux_binprm", "filename" },
	{ NULL, NULL, NULL },
};

static const struct offset usage_offsets[] = {
	{ "TASK_RUNTIME", "task_struct", "se.sum_exec_runtime" },
	{ "TASK_UTIME", "task_struct", "utime" },
	{ "TASK_STIME", "task_struct", "stime" },
	{ "TASK_MIN_FLT", "task_struct", "min_flt" },
	{ "TASK_MAJ_FLT", "task_struct", "maj_flt" },
	{ "SIGNAL_RUNTIME", "signal_struct", "sum_sched_runtime" },
	{ "SIGNAL_UTIME", "signal_struct", "utime" },
	{ "SIGNAL_STIME", "signal_struct", "stime" },
	{ "SIGNAL_MIN_FLT", "signal_struct", "min_flt" },
	{ "SIGNAL_MAJ_FLT", "signal_struct", "maj_flt" },
	{ "SIGNAL_MAXRSS", "signal_struct", "maxrss" },
	{ NULL, NULL, NULL },
};

static void plan_births(const struct fork_state *state, struct plan *plan)
{
	if (wants(state, FORK_FORK))
		source_define(plan->source, "EVENT_FORK", "1");
	if (wants(state, FORK_THREAD))
		source_define(plan->source, "EVENT_THREAD", "1");
	plan->own_birth = wants(state, FORK_FORK) || wants(state, FORK_THREAD);
	if (plan->own_birth)
		plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_newtask", "task_newtask");
}

/* Failed execs are seen as the call returns: the number of every call of the machine is looked at. */
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
	source_define(plan->source, "EXECVEAT_COMPAT", "%d", syscall_number(ABI_COMPAT, "execveat"));
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sys_exit", "sys_exit");
	return 0;
}

static int plan_execs(const struct run *run, struct plan *plan, struct error *err)
{
	const struct fork_state *state = run->state;

	if (!wants(state, FORK_EXEC))
		return 0;
	source_define(plan->source, "EVENT_EXEC", "1");
	source_define(plan->source, "ARGS_MAX", "%llu",
		      (unsigned long long)(state->max_args ? state->max_args : ARGS_DEFAULT));
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_rename", "task_rename");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exec", "sched_process_exec");
	return state->failed ? plan_failed(run, plan, err) : 0;
}

static int plan_exits(const struct run *run, struct plan *plan, struct error *err)
{
	const struct fork_state *state = run->state;
	int r = 0;

	if (!wants(state, FORK_EXIT))
		return 0;
	source_define(plan->source, "EVENT_EXIT", "1");
	/* 6.16+: the tracepoint says itself whether the process has ended. */
	if (btf_tracepoint_args(run->kernel.btf, "btf_trace_sched_process_exit") >= 2)
		source_define(plan->source, "EXIT_GROUP_DEAD", "1");
	if (state->rusage) {
		source_define(plan->source, "USAGE", "1");
		r = kernel_define_offsets(&run->kernel, plan->source, usage_offsets, err);
	}
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit", "sched_process_exit");
	return r;
}

static int plan_tracepoints(const struct run *run, struct plan *plan, struct error *err)
{
	int r = source_new(&plan->source, "fork.bpf.c", err);

	if (r == 0)
		r = kernel_define_offsets(&run->kernel, plan->source, task_offsets, err);
	if (r < 0)
		return r;
	plan_births(run->state, plan);
	r = plan_execs(run, plan, err);
	return r == 0 ? plan_exits(run, plan, err) : r;
}

static const struct way ways[] = {
	{ "raw tracepoints", plan_tracepoints },
};

/* Keep the model of the tree up to date. Ends come last: a process is in the tree while it ends. */
static int note_record(struct processes *processes, const struct fork_head *head)
{
	char comm[FORK_COMM + 1] = "";

	memcpy(comm, head->comm, FORK_COMM);
	if (head->type == FORK_FORK)
		return processes_born(processes, head->pid, head->ppid, comm);
	if (head->type == FORK_EXEC)
		return processes_named(processes, head->pid, head->ppid, comm);
	return 0;
}

static void count_record(struct fork_state *state, const void *data, enum fork_type type)
{
	if (fork_event_failed(data))
		state->failures++;
	else
		state->counts[type]++;
}

static int show_record(struct fork_state *state, const struct fork_head *head, size_t size)
{
	struct cell names[LINEAGE_MAX], above[LINEAGE_MAX];
	struct fork_context context = { .wall_ns = state->wall_ns };
	size_t generations = 0, root = 0;

	if (state->processes)
		generations = processes_lineage(state->processes, head->pid, names);
	if (state->command)
		root = processes_lineage(state->processes, state->command, above);
	if (state->lineage) {
		context.lineage = names;
		context.generations = generations;
	}
	if (state->tree)
		context.indent = (unsigned)(generations > root ? generations - (root ? root : 1) : 0);
	return fork_event_report(state->report, head, size, &context);
}

static int print_record(const void *data, size_t size, void *context)
{
	struct fork_state *state = context;
	const struct fork_head *head = data;
	const struct fork_exit *ended = data;
	enum fork_type type;
	int r = fork_event_type(data, size, &type);

	if (r == 0 && state->processes)
		r = note_record(state->processes, head);
	if (r == 0 && shows(state, type)) {
		count_record(state, data, type);
		r = show_record(state, head, size);
	}
	if (state->processes && r == 0 && type == FORK_EXIT && ended->last && head->pid != state->command)
		processes_ended(state->processes, head->pid);
	return r;
}

static int start(struct run *run, struct error *err)
{
	struct fork_state *state = run->state;

	state->report = run->report;
	state->command = (uint32_t)run->command.pid;
	state->wall_ns = run_wall_ns() - run_monotonic_ns();
	if ((state->tree || state->lineage) && processes_new(&state->processes) < 0)
		return error_nomem(err);
	return stream_open(&state->stream, load_map(run->loaded, "events"),
			   (unsigned)(state->buffer_pages ? state->buffer_pages : BUFFER_DEFAULT), print_record,
			   state, err);
}

/* The processes there were before: read after attaching, so that none falls between. */
static int live(struct run *run, struct error *err)
{
	struct fork_state *state = run->state;
	cleanup_close int proc = -1;
	int r;

	if (!state->processes)
		return 0;
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = proc < 0 ? -errno : processes_scan(state->processes, proc);
	return r < 0 ? error_set(err, r, "reading the processes from /proc: %s", error_name(r)) : 0;
}

static void stop(struct run *run)
{
	struct fork_state *state = run->state;

	stream_close(state->stream);
	processes_free(state->processes);
	state->stream = NULL;
	state->processes = NULL;
}

static size_t fds(const struct run *run, const int **out)
{
	const struct fork_state *state = run->state;

	return stream_fds(state->stream, out);
}

static int data(struct run *run)
{
	struct fork_state *state = run->state;
	int r = stream_read(state->stream);

	return r < 0 ? r : report_flush(run->report);
}

static int finish(struct run *run)
{
	struct fork_state *state = run->state;
	int r = stream_finish(state->stream);

	return r < 0 ? r : report_flush(run->report);
}

static size_t sums(const struct run *run, struct report_sum *out)
{
	const struct fork_state *state = run->state;

	out[0] = (struct report_sum){ .key = "forks", .value = state->counts[FORK_FORK] };
	out[1] = (struct report_sum){ .key = "threads", .value = state->counts[FORK_THREAD] };
	out[2] = (struct report_sum){ .key = "execs", .value = state->counts[FORK_EXEC] };
	out[3] = (struct report_sum){ .key = "exec_failures",
				      .value = state->failures,
				      .null = !state->failed }; /* not looked for */
	out[4] = (struct report_sum){ .key = "exits", .value = state->counts[FORK_EXIT] };
	return 5;
}

static const struct tool tool = {
	.name = "bcc-fork",
	.purpose = "Show processes and threads being created, executing programs and ending, live.",
	.subject = "forks, threads, execs and exits",
	.notes = "Events: fork (a process), thread, exec (execve and execveat that succeed), exit (of every thread).\n"
		 "With -x also execs that fail, for which every system call of the machine is looked at.\n"
		 "A filter applies to the task that acts: at a fork the parent.",
	.examples = "  sudo bcc-fork                      everything that starts and ends\n"
		    "  sudo bcc-fork -u www-data -T       one user, with times\n"
		    "  sudo bcc-fork -p 1234 --descendants  a process and all it starts\n"
		    "  sudo bcc-fork -o json -- make -j4  a build, for a program to read",
	.columns = fork_columns,
	.ncolumns = FORK_COLUMNS,
	.streaming = true,
	.tick_ns = TICK_NS,
	.ways = ways,
	.nways = 1,
	.own = own_options,
	.nown = sizeof(own_options) / sizeof(own_options[0]),
	.parse = parse,
	.state_size = sizeof(struct fork_state),
	.start = start,
	.live = live,
	.fds = fds,
	.data = data,
	.finish = finish,
	.sums = sums,
	.stop = stop,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
