/* SPDX-License-Identifier: MIT */
/*
 * bcc-openat: who opens files, which ones, how often they fail.
 *
 * The program (programs/openat/count.bpf.c) counts in the kernel, and each interval its counts
 * become the rows of the report (openat_rows.c); or it sends a record of each open
 * (programs/openat/stream.bpf.c), which becomes a line (openat_stream.c). What the options choose
 * is in openat_choices.c, what that takes in openat_plan.c and openat_hooks.c.
 */
#define _GNU_SOURCE
#include "aggregate.h"
#include "event_line.h"
#include "openat_options.h"
#include "plan.h"
#include "probe_sets.h"
#include "stream.h"

struct openat_state {
	struct openat_choices choices; /* first: the other files know the state as this */
	struct openat_rows *rows;      /* unless streaming */
	struct openat_stream *stream;  /* when streaming */
};

/* From the cheapest to what is there everywhere; what can miss calls comes last. */
static const struct way ways[] = {
	{ "trampolines at the calls' functions", openat_plan_fexit },
	{ "kprobes on the calls' functions", openat_plan_kprobe },
	{ "the calls' own tracepoints", openat_plan_tracepoint_if_complete },
	{ "the raw tracepoint sys_exit", openat_plan_sys_exit_if_exact },
	{ "the tracepoint raw_syscalls:sys_exit", openat_plan_raw_syscalls },
	{ "the raw tracepoint sys_exit, though it can miss calls", openat_plan_sys_exit },
	{ "the calls' own tracepoints, though they miss 32-bit calls", openat_plan_tracepoint },
};

/* What --hook calls them. */
static const enum openat_hook hooks[] = {
	OPENAT_FEXIT,        OPENAT_KPROBE,   OPENAT_TRACEPOINT, OPENAT_SYS_EXIT,
	OPENAT_RAW_SYSCALLS, OPENAT_SYS_EXIT, OPENAT_TRACEPOINT,
};
_Static_assert(sizeof(hooks) / sizeof(hooks[0]) == sizeof(ways) / sizeof(ways[0]), "one for each");

static bool wants(const void *context, size_t way)
{
	const struct openat_choices *choices = context;

	return !choices->hook || choices->hook == hooks[way];
}

/* Unless it is there that opens count, what is skipped at an entry leaves an open without a time,
 * not uncounted. */
static const char *const *auxiliary(const void *context)
{
	static const char *const functions[] = {
		"fentry__open",          "kprobe__open",           "raw_tracepoint__sys_enter",
		"tracepoint__sys_enter", "tracepoint__enter_open", NULL,
	};
	const struct openat_choices *choices = context;

	return choices->no_results ? NULL : functions;
}

static void shape(const void *context, struct shape *shape)
{
	const struct openat_choices *choices = context;
	bool table = shape->format == REPORT_TABLE;

	if (choices->stream) {
		shape->columns = table ? open_event_table_columns : open_event_columns;
		shape->ncolumns = OPEN_EVENT_COLUMNS;
		shape->active = UINT64_MAX;
		shape->sort = NULL;
		shape->streaming = true;
		shape->one_type = true;
		shape->detail_head = OPEN_EVENT_DETAIL;
		return;
	}
	shape->active = openat_columns_active(choices);
}

static int start(struct run *run, struct error *err)
{
	struct openat_state *state = run->state;
	int r = openat_fill_glob(&state->choices, run->loaded, err);

	if (r < 0)
		return r;
	if (state->choices.stream)
		return openat_stream_new(&state->stream, run, err);
	return openat_rows_new(&state->rows, run, err);
}

static int live(struct run *run, struct error *err)
{
	struct openat_state *state = run->state;

	return state->rows ? openat_rows_live(state->rows, err) : 0;
}

static unsigned uses(const struct run *run)
{
	const struct openat_state *state = run->state;

	return openat_uses(&state->choices, state->rows, run);
}

static int halt(struct run *run, struct error *err)
{
	struct openat_state *state = run->state;

	return state->rows ? openat_rows_halt(state->rows, err) : 0;
}

static void stop(struct run *run)
{
	struct openat_state *state = run->state;

	openat_rows_free(state->rows);
	openat_stream_free(state->stream);
	state->rows = NULL;
	state->stream = NULL;
}

static int gather(struct run *run, struct error *err)
{
	const struct openat_state *state = run->state;

	return openat_rows_gather(state->rows, run, err);
}

static int rows(struct run *run, struct error *err)
{
	const struct openat_state *state = run->state;

	int r = openat_rows_report(state->rows, run, err);

	run->waiting = openat_rows_waiting(state->rows);
	return r;
}

static size_t fds(const struct run *run, const int **out)
{
	const struct openat_state *state = run->state;

	return state->stream ? openat_stream_fds(state->stream, out) : 0;
}

static int data(struct run *run)
{
	const struct openat_state *state = run->state;

	return openat_stream_read(state->stream);
}

static int finish(struct run *run)
{
	const struct openat_state *state = run->state;

	int r = openat_stream_finish(state->stream);

	/* What cannot be found out is in `unmatched`. */
	openat_count_waiting(run, &run->waiting);
	return r;
}

static int summary(struct run *run)
{
	const struct openat_state *state = run->state;

	return state->rows ? openat_rows_summary(state->rows, run) : 0;
}

static size_t sums(const struct run *run, struct report_sum *out)
{
	const struct openat_state *state = run->state;

	out[0] = (struct report_sum){ .key = "opens" };
	out[1] = (struct report_sum){ .key = "failed" };
	if (state->rows)
		openat_rows_sums(state->rows, &out[0].value, &out[1].value);
	else
		openat_stream_sums(state->stream, &out[0].value, &out[1].value);
	return state->choices.no_results ? 1 : 2;
}

static const struct tool tool = {
	.name = "bcc-openat",
	.purpose = "Who opens files, which ones, how often they fail, live.",
	.subject = "openat(2)",
	.notes = "Counted are calls of openat(2), native and 32-bit, as they return; what still "
		 "waits when the run ends,\n"
		 "then. Not seen without --all: open, creat, openat2, open_by_handle_at, and files "
		 "opened through\n"
		 "io_uring. Never seen: files that the kernel opens on its own account, as execve "
		 "does.",
	.examples =
		"  sudo bcc-openat --top 10           who opens files, every second\n"
		"  sudo bcc-openat --by path -x --top 20             which files are looked for in "
		"vain\n"
		"  sudo bcc-openat --by process,dir -n 'py*'         where Python programs look\n"
		"  sudo bcc-openat --stream -w --path '/etc/*'       who writes there, line by "
		"line\n"
		"  sudo bcc-openat -L --distinct -i 10               how long it takes, and how "
		"many paths\n"
		"  sudo bcc-openat -i 0 -- make -j4   a build and all it starts",
	.columns = openat_columns,
	.ncolumns = OPENAT_COLUMNS,
	.sort_default = "opens",
	.shape = shape,
	.own = openat_options,
	.nown = OPENAT_OPTIONS,
	.parse = openat_choices_parse,
	.check = openat_choices_check,
	.ways = ways,
	.nways = sizeof(ways) / sizeof(ways[0]),
	.wants = wants,
	.auxiliary = auxiliary,
	.state_size = sizeof(struct openat_state),
	.tick_ns = OPENAT_STREAM_TICK_NS,
	.start = start,
	.live = live,
	.uses = uses,
	.halt = halt,
	.fds = fds,
	.data = data,
	.gather = gather,
	.rows = rows,
	.finish = finish,
	.summary = summary,
	.sums = sums,
	.stop = stop,
};

int main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
