/* SPDX-License-Identifier: MIT */
/*
 * bcc-syscalls: which system calls are made, how often, how many fail, how long they take.
 *
 * The program (programs/syscalls/count.bpf.c) counts in the kernel, and each interval its counts
 * become the rows of the report (syscalls_rows.c); or it sends a record of each call
 * (programs/syscalls/stream.bpf.c), which becomes a line (syscalls_stream.c). What the options
 * choose is in syscalls_choices.c, what that takes in syscalls_plan.c.
 */
#define _GNU_SOURCE
#include "aggregate.h"
#include "event_line.h"
#include "stream.h"
#include "syscalls_options.h"

struct syscalls_state {
	struct syscalls_choices choices; /* first: the other files know the state as this */
	struct syscalls_rows *rows;      /* unless streaming */
	struct syscalls_stream *stream;  /* when streaming */
};

/* The raw tracepoint is cheaper; where it can miss calls the classic one goes first. */
static const struct way ways[] = {
	{ "the raw tracepoint sys_exit", syscalls_plan_raw_if_exact },
	{ "the tracepoint raw_syscalls:sys_exit", syscalls_plan_classic },
	{ "the raw tracepoint sys_exit, though it can miss calls", syscalls_plan_raw },
};

/* What is skipped there leaves a call without a time, not uncounted. */
static const char *const *auxiliary(const void *context)
{
	static const char *const targets[] = {
		"sys_enter",
		"raw_syscalls/sys_enter",
		"sched_process_exec",
		"sched/sched_process_exec",
		NULL,
	};

	(void)context;
	return targets;
}

static void shape(const void *context, struct shape *shape)
{
	const struct syscalls_choices *choices = context;

	if (choices->stream) {
		*shape = (struct shape){
			.format = shape->format,
			.columns = call_event_columns,
			.ncolumns = CALL_EVENT_COLUMNS,
			.active = UINT64_MAX,
			.streaming = true,
			.one_type = true,
			.detail_head = "CALL",
			.detail_escaped = true,
		};
		return;
	}
	shape->active = syscalls_columns_active(choices);
	if (choices->latency)
		shape->sort = "total_ns";
}

static int start(struct run *run, struct error *err)
{
	struct syscalls_state *state = run->state;
	int r = syscalls_choices_select(&state->choices, run->loaded, err);

	if (r < 0)
		return r;
	if (state->choices.stream)
		return syscalls_stream_new(&state->stream, run, err);
	return syscalls_rows_new(&state->rows, run, err);
}

static int live(struct run *run, struct error *err)
{
	struct syscalls_state *state = run->state;

	return state->rows ? syscalls_rows_live(state->rows, run, err) : 0;
}

static unsigned uses(const struct run *run)
{
	const struct syscalls_state *state = run->state;

	return state->rows ? syscalls_rows_uses(state->rows, run) : 0;
}

static void stop(struct run *run)
{
	struct syscalls_state *state = run->state;

	syscalls_rows_free(state->rows);
	syscalls_stream_free(state->stream);
	state->rows = NULL;
	state->stream = NULL;
}

static int gather(struct run *run, struct error *err)
{
	const struct syscalls_state *state = run->state;

	return syscalls_rows_gather(state->rows, run, err);
}

static int rows(struct run *run, struct error *err)
{
	const struct syscalls_state *state = run->state;

	return syscalls_rows_report(state->rows, run, err);
}

static size_t fds(const struct run *run, const int **out)
{
	const struct syscalls_state *state = run->state;

	return state->stream ? syscalls_stream_fds(state->stream, out) : 0;
}

static int data(struct run *run)
{
	const struct syscalls_state *state = run->state;

	return syscalls_stream_read(state->stream);
}

static int finish(struct run *run)
{
	const struct syscalls_state *state = run->state;

	return syscalls_stream_finish(state->stream);
}

static size_t sums(const struct run *run, struct report_sum *out)
{
	const struct syscalls_state *state = run->state;

	out[0] = (struct report_sum){ .key = "calls" };
	out[1] = (struct report_sum){ .key = "errors" };
	if (state->rows)
		syscalls_rows_sums(state->rows, &out[0].value, &out[1].value);
	else
		syscalls_stream_sums(state->stream, &out[0].value, &out[1].value);
	return 2;
}

static const struct tool tool = {
	.name = "bcc-syscalls",
	.purpose = "Count and time system calls, live.",
	.subject = "system calls",
	.notes = "A call is counted when it returns; exit and exit_group, which never do, when the "
		 "task ends; what\n"
		 "still waits when the run ends, then (but with --stream). 32-bit calls on a "
		 "64-bit kernel are named\n"
		 "for what they are: i386:openat, x32:openat.",
	.examples = "  sudo bcc-syscalls                  every second, most frequent first\n"
		    "  sudo bcc-syscalls --by process,syscall --top 20   who makes which\n"
		    "  sudo bcc-syscalls -L -p 1234       where one process spends its time, or "
		    "what it waits in\n"
		    "  sudo bcc-syscalls -x --by syscall,errno -e %file  how file calls fail\n"
		    "  sudo bcc-syscalls --stream -e openat,connect      each call as it returns\n"
		    "  sudo bcc-syscalls -i 0 -- ls -l    one command, like strace -c -f, at a "
		    "fraction of its cost",
	.columns = syscalls_columns,
	.ncolumns = SYSCALLS_COLUMNS,
	.sort_default = "calls",
	.shape = shape,
	.own = syscalls_options,
	.nown = SYSCALLS_OPTIONS,
	.parse = syscalls_choices_parse,
	.check = syscalls_choices_check,
	.print = syscalls_choices_print,
	.clear = syscalls_choices_clear,
	.ways = ways,
	.nways = sizeof(ways) / sizeof(ways[0]),
	.auxiliary = auxiliary,
	.state_size = sizeof(struct syscalls_state),
	.tick_ns = SYSCALLS_STREAM_TICK_NS,
	.start = start,
	.live = live,
	.uses = uses,
	.fds = fds,
	.data = data,
	.gather = gather,
	.rows = rows,
	.finish = finish,
	.sums = sums,
	.stop = stop,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
