/* SPDX-License-Identifier: MIT */
/* The report's side of a run: opening it, announcing, closing intervals, summing up. See session.h.
 */
#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "clock.h"
#include "drops_read.h"
#include "escape.h"
#include "hooks_text.h"
#include "live_view.h"
#include "stdout_stream.h"
#include "version.h"

enum {
	WIDTH = 80, /* of a terminal */
};

int session_failed(int r, struct error *err)
{
	if (err->code)
		return r;
	return r == -ENOMEM ? error_nomem(err)
			    : error_set(err, r, "cannot write the report: %s", error_words(r));
}

int session_write(const char *text, size_t len, struct error *err)
{
	int r = output_write(text, len);

	return r < 0 ? error_set(err, r, "cannot write the output: %s", error_words(r)) : 0;
}

/* Who watches what: "bcc-openat on server, Linux 6.12.1", or "bcc-openat > 1234 nginx, since ..."
 */
static size_t title_begin(const struct session *s, char *title, size_t size)
{
	struct utsname machine = { .nodename = "" };
	char safe[ESCAPE_MAX(SUBVIEW_TITLE_MAX)], clock[16];
	time_t now = time(NULL);
	struct tm tm;

	if (s->guest) {
		const char *row = s->guest->request->title;

		escape_terminal(safe, sizeof(safe), row, strlen(row));
		strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&now, &tm));
		return (size_t)snprintf(title, size, "%s > %s, since %s", s->tool->name, safe,
					clock);
	}
	uname(&machine);
	return (size_t)snprintf(title, size, "%s on %s, Linux %s", s->tool->name, machine.nodename,
				s->kernel.release);
}

void session_title(struct session *s)
{
	const struct options *o = &s->options;
	const size_t size = sizeof(s->title);
	size_t len = s->title_begin;

	if (!len)
		len = title_begin(s, s->title, size);
	s->title_begin = len < size ? len : size;
	if (len < size)
		len += (size_t)snprintf(s->title + len, size - len, ", every %g s",
					(double)o->interval_ns / 1e9);
	for (size_t i = 0; i < o->ngiven && len < size; i++) {
		char safe[ESCAPE_MAX(64)];

		escape_terminal(safe, sizeof(safe), o->given[i][1], strnlen(o->given[i][1], 64));
		len += (size_t)snprintf(s->title + len, size - len, ", --%s%s%s", o->given[i][0],
					*safe ? " " : "", safe);
	}
}

/* Asked only about what a row says. */
static bool has_ended(uint64_t id)
{
	return id && id <= INT32_MAX && kill((pid_t)id, 0) < 0 && errno == ESRCH;
}

int session_open_report(struct session *s, struct error *err)
{
	struct report_options options = s->options.report;

	options.out = stdout_stream_open();
	options.screen = live_is_wanted(&s->options);
	if (options.screen) {
		session_title(s);
		options.title = s->title;
		options.opens = s->subviews.opener.pid && s->tool->subviews;
		options.returns = s->guest != NULL;
		options.has_ended = has_ended;
	}
	return options.out ? report_new(&s->report, &options, err) : error_nomem(err);
}

/* On one line of a terminal, if that is possible. */
static void print_tracing(const struct session *s)
{
	const char *subject = s->tool->texts.subject;
	const char *end = s->options.command ? "; ends with the command" : "; Ctrl-C to end";
	size_t used = strlen("Tracing  through ") + strlen(subject) + strlen(end);
	char hooks[WIDTH + HOOK_NAME_MAX];

	hooks_text_short(&s->object, s->own_hooks, used < WIDTH ? WIDTH - used : 0, hooks,
			 sizeof(hooks));
	fprintf(stderr, "Tracing %s through %s%s\n", subject, hooks, end);
	fflush(stderr);
}

const char *session_without(const struct session *s, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < s->nwithout && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s", i ? ", " : "",
					s->without[i]);
	return buf;
}

/* Before the `Tracing` line, which whoever waits for it takes for the last one. */
static void print_without(const struct session *s)
{
	char words[WIDTH];

	if (s->nwithout)
		fprintf(stderr,
			"%s: the kernel has no BTF: without %s (see REQUIREMENTS in the manual)\n",
			s->tool->name, session_without(s, words, sizeof(words)));
}

/* Everybody who waits for this line or record loses no event that comes after it. */
int session_announce(struct session *s)
{
	const struct options *o = &s->options;
	const char *hooks[OBJECT_PROGRAMS_MAX];
	char names[OBJECT_PROGRAMS_MAX][HOOK_NAME_MAX];
	const struct report_start start = {
		.tool = s->tool->name,
		.version = TOOLS_VERSION,
		.kernel = s->kernel.release,
		.hooks = hooks,
		.nhooks = s->object.nprograms,
		.filters = o->given,
		.nfilters = o->ngiven,
		.without = s->without,
		.nwithout = s->nwithout,
		.ts_ns = clock_wall_ns(),
	};

	for (size_t i = 0; i < s->object.nprograms; i++)
		hooks[i] = hook_name(&s->object.programs[i].hook, names[i]);
	if (!o->quiet) {
		print_without(s);
		print_tracing(s);
	}
	return report_start(s->report, &start);
}

/* @now: the whole run's drops until now */
static int report_interval_of(struct session *s, const struct drops *now, struct error *err)
{
	struct report_interval interval = {
		.number = s->interval,
		.drops = drops_since(now, &s->drops),
		.ts_ns = clock_wall_ns(),
		.span_ns = clock_monotonic_ns() - s->interval_began_ns,
	};
	int r;

	s->drops = *now;
	s->interval_began_ns += interval.span_ns;
	s->interval++;
	r = report_interval(s->report, &interval);
	return r < 0 ? session_failed(r, err) : 0;
}

/* What the programs have dropped, and what the collector had no room for. */
static int read_drops(struct session *s, uint64_t in_flight, struct drops *now, struct error *err)
{
	int r = drops_read(s->loaded, s->timing_only, in_flight, now, err);

	now->map_full += s->collector->no_room;
	return r;
}

/*
 * A call that has been entered and not returned may still do so: it is unmatched only when it has
 * not by the end of the run.
 */
int session_close_interval(struct session *s, struct error *err)
{
	struct drops now = { 0 };
	int r = s->collector->ops->report(s->collector, err);

	if (r == 0)
		r = read_drops(s, 0, &now, err);
	if (r < 0)
		return session_failed(r, err);
	now.unmatched = s->drops.unmatched;
	return report_interval_of(s, &now, err);
}

/* Rows are only added up here. Events are written, which a reader may block. */
static int finish(struct session *s, uint64_t *in_flight, struct error *err)
{
	const struct collector_ops *ops = s->collector->ops;
	int r;

	if (ops->report)
		loop_signals_stage(s->tool->name, LOOP_SUMMING, EXIT_FAILURE);
	r = ops->finish(s->collector, in_flight, err);
	if (ops->report)
		loop_signals_stage(s->tool->name, LOOP_REPORTING, EXIT_FAILURE);
	return r;
}

/* What is left after the last reading: the last interval, or the last events. */
static int report_rest(struct session *s, struct error *err)
{
	const struct collector_ops *ops = s->collector->ops;
	struct drops now = { 0 };
	uint64_t in_flight = 0;
	int r = finish(s, &in_flight, err);

	if (r == 0 && ops->report)
		r = ops->report(s->collector, err);
	if (r == 0)
		r = read_drops(s, in_flight, &now, err);
	if (r == 0 && ops->report)
		return report_interval_of(s, &now, err);
	s->drops = r == 0 ? now : s->drops;
	return r;
}

/* How long the run lasted: as long as its intervals together, where there are any. */
static uint64_t run_ns(const struct session *s)
{
	uint64_t end_ns = s->collector->ops->report ? s->interval_began_ns : clock_monotonic_ns();

	return end_ns - s->trace.began_ns;
}

int session_sum_up(struct session *s, struct error *err)
{
	const struct collector_ops *ops = s->collector->ops;
	struct report_end_counter counters[COUNTERS_MAX];
	int r = report_rest(s, err);

	s->trace.span_ns = run_ns(s);
	if (r == 0 && ops->summary)
		r = ops->summary(s->collector, &s->drops, err);
	if (r == 0)
		r = report_end(s->report, counters,
			       ops->counters(s->collector, &s->drops, counters), &s->drops,
			       clock_wall_ns(), s->trace.span_ns);
	return r < 0 ? session_failed(r, err) : 0;
}

void session_say_drops(const struct session *s)
{
	const struct drops *d = &s->drops;
	char text[DROPS_TEXT_MAX];

	if (d->untimed)
		fprintf(stderr,
			"%s: %llu are without a time: no room to note their beginnings (%s)\n",
			s->tool->name, (unsigned long long)d->untimed, DROPS_CURE);
	if (d->lineage)
		fprintf(stderr,
			"%s: %llu births, execs and ends that tell who is whose child were lost: "
			"ancestors may be missing (raise --buffer, or %s)\n",
			s->tool->name, (unsigned long long)d->lineage, DROPS_CURE);
	if (drops_total(d))
		fprintf(stderr, "%s: %s\n", s->tool->name, drops_text(d, text, sizeof(text)));
}
