/* SPDX-License-Identifier: MIT */
/*
 * A run as Chrome trace events, which Perfetto, chrome://tracing and speedscope show: each process
 * is a track, and each program that it executed a slice on it. Times are in microseconds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "cleanup.h"
#include "drop_counts.h"
#include "error.h"
#include "id_set.h"
#include "json_value.h"
#include "picture.h"

enum {
	FIRST_MADE_UP_ID = 4194305, /* above PID_MAX_LIMIT: no process has such an id */
};

/**
 * struct events
 * @b:     the event being composed
 * @seen:  ids that are tracks already: one that comes again gets a made-up one
 * @order: of the next track; @made_up: the next made-up id
 */
struct events {
	FILE *out;
	struct buffer b;
	struct id_set seen;
	uint64_t begin_ns;
	uint32_t order, made_up;
	bool has_any;
};

static void add_text(struct buffer *b, const char *key, const char *text)
{
	json_add_key(b, key);
	json_add_string(b, text);
}

static void begin_event(struct events *e, const char *phase, const char *name, uint32_t track)
{
	buffer_reset(&e->b);
	buffer_string(&e->b, e->has_any ? ",\n{\"ph\":" : "\n{\"ph\":");
	json_add_string(&e->b, phase);
	add_text(&e->b, "name", name);
	json_add_number(&e->b, "pid", track);
	json_add_number(&e->b, "tid", track);
	e->has_any = true;
}

static int end_event(struct events *e)
{
	buffer_char(&e->b, '}');
	if (e->b.err)
		return e->b.err;
	fwrite(e->b.data, 1, e->b.len, e->out);
	return 0;
}

/*
 * Whole microseconds since the first process began. With fractions a reader's floating point would
 * make the end of a slice later than the beginning of the next one.
 */
static uint64_t moment_us(const struct events *e, uint64_t time_ns)
{
	return time_ns > e->begin_ns ? (time_ns - e->begin_ns) / 1000 : 0;
}

/* The name of a track, and its place: below the one that made it. */
static int name_track(struct events *e, const struct process *p, uint32_t track)
{
	int r;

	begin_event(e, "M", "process_name", track);
	buffer_string(&e->b, ",\"args\":{\"name\":");
	json_add_string(&e->b, process_name(p));
	buffer_char(&e->b, '}');
	r = end_event(e);
	if (r < 0)
		return r;
	begin_event(e, "M", "process_sort_index", track);
	buffer_string(&e->b, ",\"args\":{\"sort_index\":");
	buffer_number(&e->b, e->order++);
	buffer_char(&e->b, '}');
	return end_event(e);
}

/* What is known of the process at its end stands in its last slice. */
static void add_end(struct buffer *b, const struct process *p)
{
	char words[PROCESS_END_MAX];

	json_add_number(b, "cpu_us", p->cpu_ns / 1000);
	if (process_how_ended(p, words)[0])
		add_text(b, "end", words);
}

/* @program: NULL before the first */
static int slice(struct events *e, const struct process *p, uint32_t track,
		 const struct program *program, uint64_t begin_ns, uint64_t end_ns)
{
	uint64_t begin_us = moment_us(e, begin_ns), end_us = moment_us(e, end_ns);
	bool is_last = program == p->latest;

	if (!is_last && end_us <= begin_us)
		return 0;
	begin_event(e, "X", program ? program->name : p->comm, track);
	add_text(&e->b, "cat", program ? "exec" : "fork");
	json_add_number(&e->b, "ts", begin_us);
	json_add_number(&e->b, "dur", end_us > begin_us ? end_us - begin_us : 0);
	buffer_string(&e->b, ",\"args\":{\"process\":");
	buffer_number(&e->b, p->pid);
	if (program)
		add_text(&e->b, program->is_cut ? "command (cut)" : "command", program->label);
	if (is_last)
		add_end(&e->b, p);
	buffer_char(&e->b, '}');
	return end_event(e);
}

static int failed_exec(struct events *e, uint32_t track, const struct program *program)
{
	begin_event(e, "i", program->name, track);
	add_text(&e->b, "cat", "exec failed");
	json_add_number(&e->b, "ts", moment_us(e, program->time_ns));
	add_text(&e->b, "s", "t");
	buffer_string(&e->b, ",\"args\":{\"errno\":");
	json_add_string(&e->b, error_name(program->ret));
	add_text(&e->b, "command", program->label);
	buffer_char(&e->b, '}');
	return end_event(e);
}

static int slices(struct events *e, const struct process *p, uint32_t track)
{
	const struct program *program = NULL;
	uint64_t begin_ns = p->began_ns;
	int r = 0;

	for (const struct program *next = p->programs; r == 0 && next; next = next->next) {
		if (next->ret) {
			r = failed_exec(e, track, next);
			continue;
		}
		if (program || p->comm[0])
			r = slice(e, p, track, program, begin_ns, next->time_ns);
		program = next;
		begin_ns = next->time_ns;
	}
	return r < 0 ? r : slice(e, p, track, program, begin_ns, picture_end_ns(p));
}

/* An arrow from who made it. */
static int arrow(struct events *e, const struct process *p, uint32_t from, uint32_t to)
{
	static const char *const phases[] = { "s", "f" };
	int r = 0;

	for (int i = 0; r == 0 && i < 2; i++) {
		begin_event(e, phases[i], "fork", i ? to : from);
		add_text(&e->b, "cat", "fork");
		json_add_number(&e->b, "ts", moment_us(e, p->began_ns));
		json_add_number(&e->b, "id", to);
		if (i)
			add_text(&e->b, "bp", "e");
		r = end_event(e);
	}
	return r;
}

static int track_of(struct events *e, const struct process *p, uint32_t *track)
{
	*track = p->pid;
	if (id_set_has(&e->seen, p->pid)) {
		*track = e->made_up++;
		return 0;
	}
	return id_set_add(&e->seen, p->pid);
}

/* @from: the maker's track; 0: it has none */
static int write_one(struct events *e, const struct process *p, uint32_t from, uint32_t *track)
{
	int r;

	*track = 0;
	if (!process_was_seen(p))
		return 0;
	r = track_of(e, p, track);
	if (r == 0)
		r = name_track(e, p, *track);
	if (r == 0)
		r = slices(e, p, *track);
	return r == 0 && from && p->comm[0] ? arrow(e, p, from, *track) : r;
}

static int write_process(struct events *e, const struct process *p, uint32_t from)
{
	cleanup_free struct process **children = NULL;
	uint32_t track;
	int r = process_children(p, &children);

	if (r == 0)
		r = write_one(e, p, from, &track);
	for (size_t i = 0; r == 0 && i < p->nchildren; i++)
		r = write_process(e, children[i], track);
	return r;
}

static void write_tail(const struct picture *picture, const struct events *e)
{
	struct drop_cause causes[DROP_CAUSES];
	uint64_t began_ns = picture->wall_ns + e->begin_ns;

	drops_by_cause(picture->drops, causes);
	fprintf(e->out,
		"\n],\"displayTimeUnit\":\"ms\",\"otherData\":{\"began\":%llu.%09u,\"dropped\":{",
		(unsigned long long)(began_ns / 1000000000), (unsigned)(began_ns % 1000000000));
	for (int i = 0; i < DROP_CAUSES; i++)
		fprintf(e->out, "%s\"%s\":%llu", i ? "," : "", causes[i].key,
			(unsigned long long)causes[i].count);
	fprintf(e->out, "},\"lineage_lost\":%llu,\"unlisted\":%llu}}\n",
		(unsigned long long)picture->drops->lineage,
		(unsigned long long)picture->tree->unlisted);
}

static uint64_t first_ns(const struct process *root)
{
	uint64_t first = root->began_ns ? root->began_ns : UINT64_MAX;

	for (const struct process *c = root->children; c; c = c->next)
		first = c->began_ns < first ? c->began_ns : first;
	return first == UINT64_MAX ? 0 : first;
}

int picture_trace(const struct picture *picture, FILE *out)
{
	struct events e = { .out = out, .made_up = FIRST_MADE_UP_ID };
	int r;

	e.begin_ns = first_ns(picture->tree->root);
	fputs("{\"traceEvents\":[", out);
	r = write_process(&e, picture->tree->root, 0);
	write_tail(picture, &e);
	buffer_free(&e.b);
	free(e.seen.ids);
	return r;
}
