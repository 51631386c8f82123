/* SPDX-License-Identifier: MIT */
/*
 * bcc-fork: processes and threads being created, executing programs and ending, as they happen.
 *
 * The program (programs/fork.bpf.c) sends a record for each; perf buffers carry them here, where they are put
 * in order and printed.
 */
#include "fork.h"

#include <errno.h>
#include <string.h>

#include "fork_event.h"
#include "run.h"
#include "stream.h"
#include "tool.h"

enum {
	ARGS_MAX = 8192,     /* bytes of arguments that are read of an exec */
	BUFFER_PAGES = 128,  /* per CPU */
	TICK_NS = 50000000,
};

struct fork_state {
	struct stream *stream;
	struct report *report;
	uint64_t wall_ns; /* wall clock minus the kernel's */
	uint64_t counts[FORK_TYPES];
};

static int plan_tracepoints(const struct run *run, struct plan *plan, struct error *err)
{
	static const struct offset offsets[] = {
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
	int r = source_new(&plan->source, "fork.bpf.c", err);

	if (r == 0)
		r = kernel_define_offsets(&run->kernel, plan->source, offsets, err);
	if (r < 0)
		return r;
	source_define(plan->source, "ARGS_MAX", "%d", ARGS_MAX);
	/* 6.16+: the tracepoint says itself whether the process has ended. */
	if (btf_tracepoint_args(run->kernel.btf, "btf_trace_sched_process_exit") >= 2)
		source_define(plan->source, "EXIT_GROUP_DEAD", "1");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_newtask", "task_newtask");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__task_rename", "task_rename");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exec", "sched_process_exec");
	plan_hook(plan, HOOK_RAW_TRACEPOINT_BTF, "raw_tracepoint__sched_process_exit", "sched_process_exit");
	return 0;
}

static const struct way ways[] = {
	{ "raw tracepoints", plan_tracepoints },
};

static int print_record(const void *data, size_t size, void *context)
{
	struct fork_state *state = context;
	enum fork_type type;
	int r = fork_event_report(state->report, data, size, state->wall_ns, &type);

	if (r == 0)
		state->counts[type]++;
	return r;
}

static int start(struct run *run, struct error *err)
{
	struct fork_state *state = run->state;

	state->report = run->report;
	state->wall_ns = run_wall_ns() - run_monotonic_ns();
	return stream_open(&state->stream, load_map(run->loaded, "events"), BUFFER_PAGES, print_record, state, err);
}

static void stop(struct run *run)
{
	struct fork_state *state = run->state;

	stream_close(state->stream);
	state->stream = NULL;
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
	out[3] = (struct report_sum){ .key = "exec_failures", .null = true }; /* not observed */
	out[4] = (struct report_sum){ .key = "exits", .value = state->counts[FORK_EXIT] };
	return 5;
}

static const struct tool tool = {
	.name = "bcc-fork",
	.purpose = "Show processes and threads being created, executing programs and ending, live.",
	.subject = "forks, threads, execs and exits",
	.notes = "Events: fork (a process), thread, exec (execve and execveat that succeed), exit (of every thread).\n"
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
	.own_birth = true,
	.state_size = sizeof(struct fork_state),
	.start = start,
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
