/* SPDX-License-Identifier: MIT */
/* The report's side of a run: opening it, announcing, closing intervals, summing up. See run.h. */
#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <stdio.h>

#include "clock.h"
#include "live_view.h"
#include "stdout_stream.h"
#include "version.h"

int run_failed(int r, struct error *err)
{
	if (err->code)
		return r;
	return r == -ENOMEM ? error_nomem(err)
			    : error_set(err, r, "writing output: %s", error_name(r));
}

int run_write(const char *text, size_t len, struct error *err)
{
	FILE *out = output_stream();

	if (!out)
		return error_nomem(err);
	errno = 0;
	if (fwrite(text, 1, len, out) == len && fflush(out) == 0)
		return 0;
	return run_failed(errno ? -errno : -EIO, err);
}

int run_open_report(struct run *run, struct error *err)
{
	struct report_options options = run->options.report;

	options.out = output_stream();
	options.screen = live_is_wanted(&run->options);
	return options.out ? report_new(&run->report, &options, err) : error_nomem(err);
}

/* Everybody who waits for this line or record loses no event that comes after it. */
int run_announce(struct run *run)
{
	const struct options *o = &run->options;
	const char *hooks[OBJECT_PROGRAMS_MAX];
	char names[OBJECT_PROGRAMS_MAX][HOOK_NAME_MAX], text[512];
	const struct report_start start = {
		.tool = run->tool->name,
		.version = TOOLS_VERSION,
		.kernel = run->kernel.release,
		.hooks = hooks,
		.nhooks = run->object.nprograms,
		.filters = o->given,
		.nfilters = o->ngiven,
		.ts_ns = clock_wall_ns(),
	};

	for (size_t i = 0; i < run->object.nprograms; i++)
		hooks[i] = hook_name(&run->object.programs[i].hook, names[i]);
	if (!o->quiet) {
		fprintf(stderr, "Tracing %s through %s; %s\n", run->tool->subject,
			run_hooks_text(run, text, sizeof(text)),
			o->command ? "ends with the command" : "Ctrl-C to end");
		fflush(stderr);
	}
	return report_start(run->report, &start);
}

/* What was dropped within the interval: the difference of sums that only grow. */
static struct drops drops_since(const struct drops *now, const struct drops *then)
{
	return (struct drops){
		.map_full = now->map_full - then->map_full,
		.buffer = now->buffer - then->buffer,
		.unmatched =
			now->unmatched > then->unmatched ? now->unmatched - then->unmatched : 0,
		.missed = now->missed - then->missed,
		.unread = now->unread - then->unread,
		.untimed = now->untimed - then->untimed,
		.lineage = now->lineage - then->lineage,
	};
}

/*
 * Calls that have been entered and not returned may still do so; they are unmatched only when they
 * have not by the end of the run.
 */
int run_close_interval(struct run *run, bool last, struct error *err)
{
	struct report_interval interval = { .number = run->interval };
	struct drops now = { 0 };
	int r = run->tool->rows(run, err);

	if (r == 0)
		r = run_drops(run, &now, err);
	if (r < 0)
		return r;
	if (!last)
		now.unmatched = run->drops.unmatched;
	interval.drops = drops_since(&now, &run->drops);
	run->drops = now;
	interval.ts_ns = clock_wall_ns();
	interval.span_ns = clock_monotonic_ns() - run->interval_began_ns;
	run->interval_began_ns += interval.span_ns;
	run->interval++;
	r = report_interval(run->report, &interval);
	return r < 0 ? run_failed(r, err) : 0;
}

/* After the probes are off: what is left, and the sums. */
int run_sum_up(struct run *run, struct error *err)
{
	struct report_sum sums[SUMS_MAX];
	int r = 0;

	run->ending = true;
	if (run->options.report.layout.streaming) {
		r = run->tool->finish(run);
		if (r == 0)
			r = run_drops(run, &run->drops, err);
	} else {
		r = run_close_interval(run, true, err);
	}
	if (r == 0 && run->tool->summary)
		r = run->tool->summary(run);
	if (r == 0)
		r = report_end(run->report, sums, run->tool->sums(run, sums), &run->drops,
			       clock_wall_ns(), clock_monotonic_ns() - run->started_ns);
	return r < 0 ? run_failed(r, err) : 0;
}

void run_say_drops(const struct run *run)
{
	const struct drops *d = &run->drops;

	if (d->untimed)
		fprintf(stderr, "%s: %llu are without a time: no room to note their beginnings\n",
			run->tool->name, (unsigned long long)d->untimed);
	if (d->lineage)
		fprintf(stderr,
			"%s: %llu births, execs and ends that tell who is whose child were lost: "
			"ancestors may be missing\n",
			run->tool->name, (unsigned long long)d->lineage);
	if (!drops_total(d))
		return;
	fprintf(stderr,
		"%s: dropped %llu: table full %llu, buffer full %llu, return not seen %llu, "
		"skipped by the kernel %llu, path not readable %llu\n",
		run->tool->name, (unsigned long long)drops_total(d),
		(unsigned long long)d->map_full, (unsigned long long)d->buffer,
		(unsigned long long)d->unmatched, (unsigned long long)d->missed,
		(unsigned long long)d->unread);
}
