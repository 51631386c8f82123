/* SPDX-License-Identifier: MIT */
/* A period of bcc-fork in numbers. See summary.h. */
#define _GNU_SOURCE
#include "summary.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "escape.h"
#include "event_line.h"
#include "memstream.h"
#include "names.h"

enum {
	SHORTEST = 5,
	FORKERS_DEFAULT = 10,
	FORKERS_MAX = 65536, /* a run may last for months */
	CODES = 256,
	SIGNALS = 128,
};

/* A process that forks: by id and name, as an exec makes another program of it. */
struct forker {
	uint32_t pid;
	char comm[FORK_COMM];
	uint64_t forks;
};

struct short_life {
	uint32_t pid;
	char comm[FORK_COMM];
	uint64_t lifetime_ns;
};

struct fork_summary {
	bool host_pids;
	uint64_t counts[FORK_TYPES];
	uint64_t shown_forks, shown_ns; /* of a period that goes on: as last shown */
	uint64_t exec_failures;
	void *forkers;
	size_t nforkers;
	uint64_t unlisted; /* forks of those there was no room for */
	struct short_life shortest[SHORTEST];
	size_t nshortest;
	uint64_t codes[CODES];
	uint64_t signals[SIGNALS];
};

static int compare_forkers(const void *a, const void *b)
{
	const struct forker *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return memcmp(x->comm, y->comm, FORK_COMM);
}

int fork_summary_new(struct fork_summary **summaryp, bool host_pids)
{
	*summaryp = calloc(1, sizeof(**summaryp));
	if (!*summaryp)
		return -ENOMEM;
	(*summaryp)->host_pids = host_pids;
	return 0;
}

static void begin_anew(struct fork_summary *s)
{
	while (s->forkers) {
		struct forker *f = *(struct forker **)s->forkers;

		tdelete(f, &s->forkers, compare_forkers);
		free(f);
	}
	*s = (struct fork_summary){ .host_pids = s->host_pids };
}

void fork_summary_free(struct fork_summary *s)
{
	if (s)
		begin_anew(s);
	free(s);
}

static int note_birth(struct fork_summary *s, const struct fork_birth *birth)
{
	struct forker key = { .pid = s->host_pids ? birth->host_by_pid : birth->by_pid }, *f,
		      **found;

	memcpy(key.comm, birth->parent_comm, FORK_COMM);
	found = tfind(&key, &s->forkers, compare_forkers);
	if (found) {
		(*found)->forks++;
		return 0;
	}
	if (s->nforkers == FORKERS_MAX) {
		s->unlisted++;
		return 0;
	}
	f = malloc(sizeof(*f));
	if (!f)
		return -ENOMEM;
	*f = key;
	f->forks = 1;
	if (!tsearch(f, &s->forkers, compare_forkers)) {
		free(f);
		return -ENOMEM;
	}
	s->nforkers++;
	return 0;
}

/* Keep the shortest lives, in order. */
static void note_life(struct fork_summary *s, const struct fork_exit *exit)
{
	size_t at = s->nshortest;

	while (at && s->shortest[at - 1].lifetime_ns > exit->lifetime_ns)
		at--;
	if (at == SHORTEST)
		return;
	if (s->nshortest < SHORTEST)
		s->nshortest++;
	memmove(&s->shortest[at + 1], &s->shortest[at],
		(s->nshortest - 1 - at) * sizeof(s->shortest[0]));
	s->shortest[at] =
		(struct short_life){ .pid = s->host_pids ? exit->head.host_pid : exit->head.pid,
				     .lifetime_ns = exit->lifetime_ns };
	memcpy(s->shortest[at].comm, exit->head.comm, FORK_COMM);
}

static void note_end(struct fork_summary *s, const struct fork_exit *exit)
{
	if (!exit->last)
		return;
	note_life(s, exit);
	if (exit->status & 0x7f)
		s->signals[exit->status & 0x7f]++;
	else
		s->codes[exit->status >> 8 & 0xff]++;
}

int fork_summary_note(struct fork_summary *s, const struct fork_head *head)
{
	if (fork_event_failed(head)) {
		s->exec_failures++;
		return 0;
	}
	s->counts[head->type]++;
	if (head->type == FORK_FORK)
		return note_birth(s, (const struct fork_birth *)head);
	if (head->type == FORK_EXIT)
		note_end(s, (const struct fork_exit *)head);
	return 0;
}

struct gathered {
	const struct forker **list;
	size_t count;
};

static void gather(const void *node, VISIT visit, void *context)
{
	struct gathered *g = context;

	if (visit == postorder || visit == leaf)
		g->list[g->count++] = *(struct forker *const *)node;
}

static int most_forks_first(const void *a, const void *b)
{
	const struct forker *x = *(const struct forker *const *)a,
			    *y = *(const struct forker *const *)b;

	if (x->forks != y->forks)
		return x->forks > y->forks ? -1 : 1;
	return compare_forkers(x, y);
}

/* The parts of a summary as records for a program to read. */
struct records {
	struct report *report;
	uint64_t ts_ns;
	struct cell cells[FORK_COLUMNS];
	uint64_t fields;
};

static void set(struct records *r, enum fork_column column, struct cell cell)
{
	r->cells[column] = cell;
	r->fields |= 1ULL << column;
}

static int record(struct records *r, const char *type)
{
	int ret = report_event(r->report, type, r->ts_ns, r->cells, r->fields, NULL, 0);

	for (int i = 0; i < FORK_COLUMNS; i++)
		r->cells[i] = cell_null();
	r->fields = 0;
	return ret;
}

static void set_process(struct records *r, uint32_t pid, const char *comm)
{
	set(r, FORK_PID, cell_number(pid));
	set(r, FORK_COMM_, cell_array(comm, FORK_COMM));
}

static int record_status(struct records *r, int code, int signo, uint64_t count)
{
	char name[FORK_SIGNAL_NAME_MAX];

	set(r, FORK_CODE, cell_number_if(!signo, (uint64_t)code));
	set(r, FORK_SIGNAL, signo ? cell_string(fork_signal_name(signo, name)) : cell_null());
	set(r, FORK_COUNT, cell_number(count));
	return record(r, "status");
}

static int write_records(const struct fork_summary *s, struct report *report,
			 const struct fork_period *period, const struct gathered *g, size_t top)
{
	struct records r = { .report = report, .ts_ns = period->ts_ns };
	int ret;

	for (int i = 0; i < FORK_COLUMNS; i++)
		r.cells[i] = cell_null();
	set(&r, FORK_FORKS, cell_number(s->counts[FORK_FORK]));
	set(&r, FORK_THREADS, cell_number(s->counts[FORK_THREAD]));
	set(&r, FORK_EXECS, cell_number(s->counts[FORK_EXEC]));
	set(&r, FORK_EXEC_FAILURES, cell_number_if(period->failures, s->exec_failures));
	set(&r, FORK_EXITS, cell_number(s->counts[FORK_EXIT]));
	set(&r, FORK_SPAN, cell_number(period->span_ns));
	ret = record(&r, "summary");
	for (size_t i = 0; ret == 0 && i < top; i++) {
		set_process(&r, g->list[i]->pid, g->list[i]->comm);
		set(&r, FORK_FORKS, cell_number(g->list[i]->forks));
		ret = record(&r, "forker");
	}
	for (size_t i = 0; ret == 0 && i < s->nshortest; i++) {
		set_process(&r, s->shortest[i].pid, s->shortest[i].comm);
		set(&r, FORK_LIFETIME, cell_number(s->shortest[i].lifetime_ns));
		ret = record(&r, "shortest");
	}
	for (int code = 0; ret == 0 && code < CODES; code++)
		if (s->codes[code])
			ret = record_status(&r, code, 0, s->codes[code]);
	for (int signo = 1; ret == 0 && signo < SIGNALS; signo++)
		if (s->signals[signo])
			ret = record_status(&r, 0, signo, s->signals[signo]);
	return ret;
}

static void print_process(FILE *out, const char *comm, uint32_t pid)
{
	char safe[ESCAPE_MAX(FORK_COMM)];

	escape_terminal(safe, sizeof(safe), comm, strnlen(comm, FORK_COMM));
	fprintf(out, "  %s (%u)\n", safe, pid);
}

static void print_count(FILE *out, const char *separator, uint64_t count, const char *what,
			double seconds)
{
	fprintf(out, "%s%llu %s%s (%.1f/s)", separator, (unsigned long long)count, what,
		count == 1 ? "" : "s", seconds > 0 ? (double)count / seconds : 0.0);
}

static void print_failures(const struct fork_summary *s, FILE *out)
{
	char name[FORK_SIGNAL_NAME_MAX];
	const char *heading = "\n    EXITS  NOT WITH 0\n";

	for (int code = 1; code < CODES; code++) {
		if (!s->codes[code])
			continue;
		fprintf(out, "%s%9llu  code %d\n", heading, (unsigned long long)s->codes[code],
			code);
		heading = "";
	}
	for (int signo = 1; signo < SIGNALS; signo++) {
		if (!s->signals[signo])
			continue;
		fprintf(out, "%s%9llu  %s\n", heading, (unsigned long long)s->signals[signo],
			fork_signal_name(signo, name));
		heading = "";
	}
}

static void print_time(FILE *out, uint64_t ts_ns)
{
	time_t second = (time_t)(ts_ns / 1000000000);
	struct tm tm = { .tm_sec = 0 };
	char clock[16];

	localtime_r(&second, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	fprintf(out, "%s\n", clock);
}

static void print_text(const struct fork_summary *s, FILE *out, const struct fork_period *period,
		       const struct gathered *g, size_t top)
{
	double seconds = (double)period->span_ns / 1e9;
	char lived[REPORT_DURATION_MAX];

	fputc('\n', out);
	if (period->timestamp)
		print_time(out, period->ts_ns);
	fprintf(out, "In %.3f s: ", seconds);
	print_count(out, "", s->counts[FORK_FORK], "fork", seconds);
	print_count(out, ", ", s->counts[FORK_THREAD], "thread", seconds);
	print_count(out, ", ", s->counts[FORK_EXEC], "exec", seconds);
	print_count(out, ", ", s->counts[FORK_EXIT], "exit", seconds);
	if (s->exec_failures)
		print_count(out, ", ", s->exec_failures, "failed exec", seconds);
	fputc('\n', out);
	if (top)
		fputs("\n    FORKS  BY\n", out);
	for (size_t i = 0; i < top; i++) {
		fprintf(out, "%9llu", (unsigned long long)g->list[i]->forks);
		print_process(out, g->list[i]->comm, g->list[i]->pid);
	}
	if (top < g->count)
		fprintf(out, "  (%zu of %zu who forked)\n", top, g->count);
	if (s->unlisted)
		fprintf(out, "  (%llu forks by others)\n", (unsigned long long)s->unlisted);
	if (s->nshortest)
		fputs("\n    LIVED  SHORTEST\n", out);
	for (size_t i = 0; i < s->nshortest; i++) {
		report_duration(lived, s->shortest[i].lifetime_ns);
		fprintf(out, "%9s", lived);
		print_process(out, s->shortest[i].comm, s->shortest[i].pid);
	}
	print_failures(s, out);
}

static int write_text(const struct fork_summary *s, struct report *report,
		      const struct fork_period *period, const struct gathered *g, size_t top)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out = memstream_open(&text, &len);

	if (!out)
		return -ENOMEM;
	print_text(s, out, period, g, top);
	if (fclose(out) != 0)
		return -ENOMEM;
	/* The blank line divides it from what is printed before, and a screen begins with it. */
	return report_show(report, text + report_is_screen(report), len - report_is_screen(report),
			   "forks", s->counts[FORK_FORK] - s->shown_forks,
			   period->span_ns - s->shown_ns);
}

int fork_summary_report(struct fork_summary *s, struct report *report,
			const struct fork_period *period)
{
	cleanup_free const struct forker **list = calloc(s->nforkers + 1, sizeof(*list));
	struct gathered g = { .list = list };
	size_t top = period->top ? period->top : FORKERS_DEFAULT;
	int r;

	if (!list)
		return -ENOMEM;
	twalk_r(s->forkers, gather, &g);
	qsort(list, g.count, sizeof(*list), most_forks_first);
	if (top > g.count)
		top = g.count;
	r = report_is_text(report) ? write_text(s, report, period, &g, top)
				   : write_records(s, report, period, &g, top);
	if (period->goes_on) {
		s->shown_forks = s->counts[FORK_FORK];
		s->shown_ns = period->span_ns;
	} else {
		begin_anew(s);
	}
	return r < 0 ? r : report_flush(report);
}
