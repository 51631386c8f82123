/* SPDX-License-Identifier: MIT */
/*
 * bcc-fork: processes and threads being created, executing programs and ending, as they happen.
 *
 * The program (programs/fork/fork.bpf.c) sends a record for each; perf buffers carry them here,
 * where they are put in order and printed.
 */
#include "fork/records.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "ancestry.h"
#include "cleanup.h"
#include "clock.h"
#include "command_tree.h"
#include "event_line.h"
#include "fork_options.h"
#include "perf_stream.h"
#include "procfs.h"
#include "session.h"
#include "summary.h"
#include "tool.h"

enum {
	TICK_NS = 50000000,
};

struct fork_state {
	struct fork_choices choices; /* first: fork_choices.c knows the state as this */
	struct stream *stream;
	struct processes *processes;  /* for --tree and --lineage; else NULL */
	struct fork_tree *tree;       /* of a command; else NULL */
	struct fork_summary *summary; /* for --summary, or if the run ends by a signal */
	uint32_t command;             /* the tree's root, or 0 */
	uint64_t summary_began_ns;
	struct report *report;
	struct clock clock;
	uint64_t counts[FORK_TYPES];
	uint64_t failures;
};

static const struct way ways[] = {
	{ "classic tracepoints", fork_choices_plan_classic },
	{ "raw tracepoints", fork_choices_plan },
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
	const struct fork_choices *choices = &state->choices;
	struct cell names[LINEAGE_MAX], above[LINEAGE_MAX];
	struct fork_context context = {
		.wall_ns = state->clock.wall_ns,
		.host_pids = choices->host_pids,
		.hide_usage = !choices->rusage,
	};
	size_t generations = 0, root = 0;

	if (state->processes)
		generations = processes_lineage(state->processes, head->pid, names);
	/* Outside the tool's PID namespace nobody is known. */
	if (!generations) {
		names[0] = (struct cell){ .text = { head->comm, strnlen(head->comm, FORK_COMM) } };
		generations = 1;
	}
	if (state->processes && state->command)
		root = processes_lineage(state->processes, state->command, above);
	if (choices->lineage) {
		context.lineage = names;
		context.generations = generations;
	}
	if (choices->tree)
		context.indent =
			(unsigned)(generations > root ? generations - (root ? root : 1) : 0);
	return fork_event_report(state->report, head, size, &context);
}

/* Everything that wants to know of a record before it is shown. */
static int note_everywhere(struct fork_state *state, const struct fork_head *head, size_t size,
			   bool shown)
{
	int r = 0;

	if (state->processes)
		r = note_record(state->processes, head);
	if (r == 0 && state->tree)
		r = fork_tree_note(state->tree, head, size);
	if (r == 0 && shown)
		r = fork_summary_note(state->summary, head);
	return r;
}

static int take_record(const void *data, size_t size, void *context)
{
	struct fork_state *state = context;
	const struct fork_head *head = data;
	const struct fork_exit *ended = data;
	enum fork_type type;
	bool shown;
	int r = fork_event_type(data, size, &type);

	if (r < 0)
		return r;
	shown = fork_choices_shows(&state->choices, type);
	r = note_everywhere(state, head, size, shown);
	if (shown)
		count_record(state, data, type);
	if (r == 0 && shown && !state->choices.summary)
		r = show_record(state, head, size);
	if (state->processes && r == 0 && type == FORK_EXIT && ended->last &&
	    head->pid != state->command)
		processes_ended(state->processes, head->pid);
	return r;
}

static int make_models(struct fork_state *state)
{
	const struct fork_choices *choices = &state->choices;
	int r = 0;

	if (choices->tree || choices->lineage)
		r = processes_new(&state->processes);
	if (r == 0 && choices->command_tree)
		r = fork_tree_new(&state->tree, state->command);
	if (r == 0)
		r = fork_summary_new(&state->summary, choices->host_pids);
	return r;
}

static int start(struct run *run, struct error *err)
{
	struct fork_state *state = run->state;

	state->report = run->report;
	state->command = (uint32_t)run->command.pid;
	clock_start(&state->clock);
	if (make_models(state) < 0)
		return error_nomem(err);
	return stream_open(&state->stream, load_map(run->loaded, "events"),
			   fork_choices_pages(&state->choices),
			   fork_choices_record_size(&state->choices), take_record, state, err);
}

/* The processes there were before: read after attaching, so that none falls between. */
static int live(struct run *run, struct error *err)
{
	struct fork_state *state = run->state;
	cleanup_close int proc = -1;
	int r;

	state->summary_began_ns = clock_monotonic_ns();
	if (!state->processes)
		return 0;
	proc = proc_open();
	r = proc < 0 ? proc : processes_scan(state->processes, proc);
	return r < 0 ? error_set(err, r, "reading the processes from /proc: %s", error_name(r)) : 0;
}

static void stop(struct run *run)
{
	struct fork_state *state = run->state;

	stream_close(state->stream);
	processes_free(state->processes);
	fork_tree_free(state->tree);
	fork_summary_free(state->summary);
	state->stream = NULL;
	state->processes = NULL;
	state->tree = NULL;
	state->summary = NULL;
}

static size_t fds(const struct run *run, const int **out)
{
	const struct fork_state *state = run->state;

	return stream_fds(state->stream, out);
}

static int summarise(struct run *run)
{
	struct fork_state *state = run->state;
	uint64_t now = clock_monotonic_ns();
	const struct fork_period period = {
		.ts_ns = clock_wall_ns(),
		.span_ns = now - state->summary_began_ns,
		.top = run->options.top,
		.failures = state->choices.failed,
		.timestamp = run->options.timestamp,
	};

	state->summary_began_ns = now;
	return fork_summary_report(state->summary, run->report, &period);
}

static bool summary_is_due(const struct run *run)
{
	const struct fork_state *state = run->state;

	return state->choices.summary && run->options.interval_given && run->options.interval_ns &&
	       clock_monotonic_ns() - state->summary_began_ns >= run->options.interval_ns;
}

static int data(struct run *run)
{
	struct fork_state *state = run->state;
	int r = stream_read(state->stream);

	clock_follow(&state->clock);

	if (r == 0 && summary_is_due(run))
		r = summarise(run);
	return r < 0 ? r : report_flush(run->report);
}

/* A command ends with the tree of what it ran; what somebody stops, with a summary. */
static int finish(struct run *run)
{
	struct fork_state *state = run->state;
	int r = stream_finish(state->stream);

	if (r == 0 && state->tree)
		r = fork_tree_report(state->tree, run->report, clock_monotonic_ns());
	if (r == 0 && (state->choices.summary || run->interrupted))
		r = summarise(run);
	return r < 0 ? r : report_flush(run->report);
}

static bool bare(const void *context)
{
	const struct fork_state *state = context;

	return state->choices.summary;
}

static size_t sums(const struct run *run, struct report_sum *out)
{
	const struct fork_state *state = run->state;

	out[0] = (struct report_sum){ .key = "forks", .value = state->counts[FORK_FORK] };
	out[1] = (struct report_sum){ .key = "threads", .value = state->counts[FORK_THREAD] };
	out[2] = (struct report_sum){ .key = "execs", .value = state->counts[FORK_EXEC] };
	out[3] = (struct report_sum){ .key = "exec_failures",
				      .value = state->failures,
				      .null = !state->choices.failed }; /* not looked for */
	out[4] = (struct report_sum){ .key = "exits", .value = state->counts[FORK_EXIT] };
	out[5] = (struct report_sum){ .key = "lineage_lost",
				      .value = run->drops.lineage,
				      .null = !fork_choices_ancestry(&state->choices) };
	return 6;
}

static const struct tool tool = {
	.name = "bcc-fork",
	.purpose = "Show processes and threads being created, executing programs and ending, live.",
	.subject = "forks, threads, execs and exits",
	.notes = "Events: fork (a process), thread, exec (execve and execveat that succeed), exit "
		 "(of every thread).\n"
		 "With -x also execs that fail, for which every system call of the machine is "
		 "looked at.\n"
		 "A filter applies to the task that acts: at a fork the parent.",
	.examples = "  sudo bcc-fork                      everything that starts and ends\n"
		    "  sudo bcc-fork -u www-data -T       one user, with times\n"
		    "  sudo bcc-fork -p 1234 --descendants  a process and all it starts\n"
		    "  sudo bcc-fork -o json -- make -j4  a build, for a program to read",
	.columns = fork_columns,
	.ncolumns = FORK_COLUMNS,
	.streaming = true,
	.bare = bare,
	.tick_ns = TICK_NS,
	.ways = ways,
	.nways = sizeof(ways) / sizeof(ways[0]),
	.own = fork_options,
	.nown = FORK_OPTIONS,
	.parse = fork_choices_parse,
	.check = fork_choices_check,
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
