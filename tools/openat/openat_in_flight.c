/* SPDX-License-Identifier: MIT */
/* Opens in flight when a run ends. See openat_in_flight.h. */
#define _GNU_SOURCE
#include "openat_in_flight.h"

#include "cleanup.h"
#include "in_flight.h"
#include "openat_plan.h"
#include "privileges.h"
#include "procfs.h"

/* What a walk over all threads carries along. @rows: to count in, or NULL */
struct walk {
	const struct openat_options *options;
	struct aggregate *rows;
	int proc;
	void *value;
	int (*each)(const struct row_id *id, void *context);
	void *context;
	uint64_t count;
};

static int note(const struct task *task, uint32_t call, void *context)
{
	struct walk *w = context;
	struct row_id id;
	int r;

	if (!openat_counts_slot(w->options, call))
		return 0;
	w->count++;
	if (!w->rows)
		return 0;
	r = aggregate_add_task(w->rows, w->proc, task, call, w->value, &id);
	return r < 0 ? r : w->each(&id, w->context);
}

/* Nobody knows how they will end, and their paths and flags only the program could read. */
static bool are_rows(const struct openat_options *options)
{
	const struct tracing_options *tracing = &options->tracing;
	struct group_by by = openat_by(options);

	return !tracing->stream && !tracing->failed && !tracing->errnos.count && !options->write &&
	       !options->flags.count && !options->path && !options->distinct &&
	       !openat_by_path(&by);
}

/* With --no-results they were counted as they began. */
static bool are_looked_for(const struct openat_options *options, bool counts_entries)
{
	return !options->no_results && (are_rows(options) || counts_entries);
}

unsigned openat_privileges(const void *context, const struct filter *filter, bool counts_entries)
{
	const struct openat_options *options = context;
	struct group_by by = openat_by(options);
	unsigned names = options->tracing.stream ? 0 : group_by_privileges(&by);

	if (!are_looked_for(options, counts_entries))
		return names;
	return names | in_flight_privileges(filter);
}

static int walk(struct walk *w, const struct trace *trace, struct id_names *names, uint64_t *count)
{
	int followed = filter_followed(trace->loaded);
	int r = in_flight_each(trace->filter, followed, names, note, w);

	*count = w->count;
	return r;
}

int openat_add_in_flight(const struct openat_options *options, struct aggregate *rows, void *value,
			 int (*each)(const struct row_id *id, void *context), void *context,
			 uint64_t *count, struct error *err)
{
	cleanup_close int proc = -1;
	struct walk w = {
		.options = options,
		.rows = are_rows(options) ? rows : NULL,
		.value = value,
		.each = each,
		.context = context,
	};
	int r;

	if (!are_looked_for(options, rows->trace->counts_entries))
		return 0;
	proc = w.proc = procfs_open();
	if (proc < 0)
		return error_set(err, proc, "opening /proc: %s", error_words(proc));
	r = walk(&w, rows->trace, rows->names, count);
	return r < 0 ? in_flight_failed(r, err) : 0;
}

int openat_count_in_flight(const struct openat_options *options, const struct trace *trace,
			   uint64_t *count)
{
	struct walk w = { .options = options };
	struct id_names *names = NULL;
	int r;

	if (!are_looked_for(options, trace->counts_entries))
		return 0;
	r = id_names_new(&names);
	if (r == 0 && filter_uses_cgroups(trace->filter))
		id_names_open_cgroups(names);
	if (r == 0)
		r = walk(&w, trace, names, count);
	id_names_free(names);
	return r;
}
