/* SPDX-License-Identifier: MIT */
/* The events of bcc-fork. See events.h. */
#define _GNU_SOURCE
#include "events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ancestry.h"
#include "cleanup.h"
#include "command_tree.h"
#include "container_of.h"
#include "event_line.h"
#include "event_stream.h"
#include "fork_plan.h"
#include "live_tree.h"
#include "memstream.h"
#include "picture.h"
#include "pidfd.h"
#include "procfs.h"
#include "summary.h"

/**
 * struct events
 * @processes: who is whose child; NULL unless a line shows ancestors
 * @tree:      what ran; NULL unless it is shown at the end
 * @summary:   for --summary, and for a run that a signal ends
 * @summary_began_ns: when the period began, of clock_monotonic_ns(); 0: when the run did
 * @periods:   so many are over
 * @live_tree: a screen shows what runs now
 * @shown_forks, @shown_ns: as it was shown last
 * @counts, @failures: events by type, and execs that failed
 */
struct events {
	struct event_stream stream;
	const struct fork_options *options;
	struct ancestry *processes;
	struct process_tree *tree;
	struct fork_summary *summary;
	uint64_t summary_began_ns;
	uint64_t periods;
	bool live_tree;
	uint64_t shown_forks, shown_ns;
	uint64_t counts[FORK_TYPES];
	uint64_t failures;
};

static struct events *events_of(const struct event_stream *s)
{
	return container_of(s, struct events, stream);
}

/* Keep the model of the tree up to date. Ends come last: a process is in the tree while it ends. */
static int note_record(struct ancestry *processes, const struct fork_head *head)
{
	const struct fork_birth *birth = (const struct fork_birth *)head;
	char comm[FORK_COMM + 1] = "";

	memcpy(comm, head->comm, FORK_COMM);
	if (head->type == FORK_FORK)
		return ancestry_born(processes, head->pid, birth->by_pid, comm);
	if (head->type == FORK_EXEC)
		return ancestry_named(processes, head->pid, head->ppid, comm);
	return 0;
}

static void count_record(struct events *e, const void *record, enum fork_type type)
{
	if (fork_event_failed(record))
		e->failures++;
	else
		e->counts[type]++;
}

static int show_record(struct events *e, const struct fork_head *head, size_t size)
{
	const struct fork_options *options = e->options;
	struct cell names[LINEAGE_MAX], above[LINEAGE_MAX];
	struct fork_context context = {
		.wall_ns = e->stream.clock.wall_ns,
		.host_pids = options->host_pids,
		.hide_usage = !options->rusage,
	};
	uint32_t command = e->stream.trace->command;
	size_t generations = 0, root = 0;

	if (e->processes)
		generations = ancestry_lineage(e->processes, head->pid, names);
	/* Outside the tool's PID namespace nobody is known. */
	if (!generations) {
		names[0] = cell_array(head->comm, FORK_COMM);
		generations = 1;
	}
	if (e->processes && command)
		root = ancestry_lineage(e->processes, command, above);
	if (options->lineage) {
		context.lineage = names;
		context.generations = generations;
	}
	if (options->tree)
		context.indent =
			(unsigned)(generations > root ? generations - (root ? root : 1) : 0);
	return fork_event_report(e->stream.trace->report, head, size, &context);
}

/* Every model that wants to know of a record before it is shown. */
static int note_everywhere(struct events *e, const struct fork_head *head, size_t size, bool shown)
{
	int r = 0;

	if (e->processes)
		r = note_record(e->processes, head);
	if (r == 0 && e->tree)
		r = process_tree_note(e->tree, head, size);
	if (r == 0 && shown)
		r = fork_summary_note(e->summary, head);
	return r;
}

static int print(struct event_stream *s, const void *record, size_t size)
{
	struct events *e = events_of(s);
	const struct fork_head *head = record;
	const struct fork_exit *ended = record;
	enum fork_type type;
	bool shown;
	int r = fork_event_type(record, size, &type);

	if (r < 0)
		return r;
	shown = fork_shows(e->options, type);
	r = note_everywhere(e, head, size, shown);
	if (shown)
		count_record(e, record, type);
	if (r == 0 && shown && !e->options->summary && !e->options->picture && !e->live_tree)
		r = show_record(e, head, size);
	if (e->processes && r == 0 && type == FORK_EXIT && ended->last &&
	    head->pid != s->trace->command)
		ancestry_ended(e->processes, head->pid);
	return r;
}

static int start(struct event_stream *s, struct error *err)
{
	struct events *e = events_of(s);
	const struct fork_options *options = e->options;
	int r = 0;

	if (options->tree || options->lineage)
		r = ancestry_new(&e->processes);
	if (r == 0 && fork_needs_tree(options))
		r = process_tree_new(&e->tree, s->trace->command);
	e->live_tree = options->live_tree && report_is_screen(s->trace->report);
	if (r == 0 && e->live_tree)
		e->tree->shows_makers = true;
	if (r == 0)
		r = fork_summary_new(&e->summary, options->host_pids);
	return r < 0 ? error_nomem(err) : 0;
}

/* The processes there were before: read after attaching, so that none falls between. */
static int enable(struct event_stream *s, struct error *err)
{
	struct events *e = events_of(s);
	cleanup_close int proc = -1;
	int r;

	if (!e->processes)
		return 0;
	proc = procfs_open();
	r = proc < 0 ? proc : ancestry_scan(e->processes, proc);
	return r < 0 ? error_set(err, r, "reading the processes from /proc: %s", error_words(r))
		     : 0;
}

/* @goes_on: see struct fork_period */
static int summarise(struct events *e, bool goes_on)
{
	uint64_t now_ns = clock_monotonic_ns(), began_ns = e->summary_began_ns;
	const struct fork_period period = {
		.ts_ns = clock_wall_ns(),
		.span_ns = now_ns - (began_ns ? began_ns : e->stream.trace->began_ns),
		.top = e->options->top,
		.failures = e->options->failed,
		.timestamp = e->options->timestamp,
		.goes_on = goes_on,
	};

	if (!goes_on)
		e->summary_began_ns = now_ns;
	return fork_summary_report(e->summary, e->stream.trace->report, &period);
}

static bool is_alive(uint32_t pid)
{
	cleanup_close int fd = pidfd_of_process(pid);

	return !pidfd_has_ended(fd);
}

/* Is a period over? That of a duration's last period is the one at the end of the run. */
static bool is_due(struct events *e)
{
	uint64_t period_ns = e->options->period_ns, duration_ns = e->options->duration_ns, periods;

	if (!period_ns && report_is_screen(e->stream.trace->report))
		period_ns = e->options->repaint_ns;
	if ((!e->options->summary && !e->live_tree) || !period_ns)
		return false;
	periods = (clock_monotonic_ns() - e->stream.trace->began_ns) / period_ns;
	if (periods <= e->periods)
		return false;
	e->periods = periods;
	return !duration_ns || periods * period_ns < duration_ns;
}

static int show_tree(struct events *e)
{
	uint64_t now_ns = clock_monotonic_ns();
	const struct live_tree live = {
		.tree = e->tree,
		.now_ns = now_ns,
		.forks = e->counts[FORK_FORK] - e->shown_forks,
		.span_ns = now_ns - (e->shown_ns ? e->shown_ns : e->stream.trace->began_ns),
	};

	e->shown_forks = e->counts[FORK_FORK];
	e->shown_ns = now_ns;
	return live_tree_show(&live, e->stream.trace->report);
}

static int after_reading(struct event_stream *s)
{
	struct events *e = events_of(s);

	if (e->live_tree)
		return is_due(e) ? show_tree(e) : 0;
	/* Without --interval a screen shows the sums of the whole run so far. */
	return is_due(e) ? summarise(e, !e->options->period_ns) : 0;
}

/* A command ends with the tree of what it ran; a run that somebody stops, with a summary. */
static int finish(struct event_stream *s, uint64_t *in_flight, struct error *err)
{
	struct events *e = events_of(s);
	int r = 0;

	(void)in_flight;
	(void)err;
	if (e->tree)
		process_tree_settle(e->tree, is_alive, clock_monotonic_ns());
	if (e->options->picture)
		return 0;
	if (e->options->command_tree)
		r = command_tree_report(e->tree, s->trace->report, e->options->top);
	if (r == 0 && (e->options->summary || s->trace->interrupted))
		r = summarise(e, false);
	return r;
}

static int write_picture(struct events *e, const struct drops *drops, FILE *out)
{
	const struct picture picture = {
		.tree = e->tree,
		.format = e->options->format,
		.wall_ns = e->stream.clock.wall_ns,
		.drops = drops,
	};

	return picture_write(&picture, out);
}

/* The picture comes last, as it says what the run has lost. */
static int draw(struct event_stream *s, const struct drops *drops, struct error *err)
{
	struct events *e = events_of(s);
	cleanup_free char *text = NULL;
	size_t len = 0;
	int r, written;
	FILE *out;

	if (!e->options->picture)
		return 0;
	out = memstream_open(&text, &len);
	if (!out)
		return error_nomem(err);
	r = write_picture(e, drops, out);
	if (fclose(out) != 0 || r == -ENOMEM)
		return error_nomem(err);
	written = report_text(s->trace->report, text, len);
	if (written < 0)
		return written;
	return r < 0 ? error_set(err, r, "events were lost, and this format cannot say so") : 0;
}

static size_t counters(const struct event_stream *s, const struct drops *drops,
		       struct report_end_counter *out)
{
	const struct events *e = events_of(s);
	const struct report_end_counter all[] = {
		{ .key = "forks", .value = e->counts[FORK_FORK] },
		{ .key = "threads", .value = e->counts[FORK_THREAD] },
		{ .key = "execs", .value = e->counts[FORK_EXEC] },
		{ .key = "exec_failures", .value = e->failures, .null = !e->options->failed },
		{ .key = "exits", .value = e->counts[FORK_EXIT] },
		{ .key = "lineage_lost",
		  .value = drops->lineage,
		  .null = !fork_needs_ancestry(e->options) },
	};

	memcpy(out, all, sizeof(all));
	return array_size(all);
}

static void clear(struct event_stream *s)
{
	struct events *e = events_of(s);

	ancestry_free(e->processes);
	process_tree_free(e->tree);
	fork_summary_free(e->summary);
}

/* The longest tick up to @tick_ns that a period is a whole number of, so that one ends it. */
static uint64_t part_of_period(uint64_t tick_ns, uint64_t period_ns)
{
	return period_ns ? period_ns / ((period_ns + tick_ns - 1) / tick_ns) : tick_ns;
}

struct collector *fork_events_new(const struct fork_options *options)
{
	static const struct stream_ops ops = {
		.start = start,
		.enable = enable,
		.print = print,
		.read = after_reading,
		.finish = finish,
		.summary = draw,
		.counters = counters,
		.clear = clear,
	};
	struct events *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	event_stream_init(&e->stream, &ops);
	e->options = options;
	e->stream.pages = options->buffer_pages;
	e->stream.record_max = fork_record_max(options);
	e->stream.collector.tick_ns =
		part_of_period(e->stream.collector.tick_ns, options->period_ns);
	return &e->stream.collector;
}
