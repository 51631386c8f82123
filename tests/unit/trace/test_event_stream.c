/* SPDX-License-Identifier: MIT */
/* Records of perf buffers to lines of a report: the life of a stream, without a kernel. */
#define _GNU_SOURCE
#include "report/sink.h"

#include <errno.h>

#include "event_stream.h"
#include "perf_stream.h"

/* The linker calls some of these, under names that no header declares. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

enum {
	EVENTS_MAP = 42,
	DROPS_MAP = 43,
	PERF_FD = 17,
};

/* A perf stream that has what a test puts there. */
struct perf_stream {
	time_merge_record_fn record;
	void *context;
	uint64_t records[4];
	size_t count;
	int open_result;
	unsigned pages, opens, closes;
	size_t largest;
	const char *notice;
};

static struct perf_stream perf;

int __wrap_loader_map(const struct loaded *loaded, const char *name, size_t key_size,
		      size_t value_size)
{
	(void)loaded;
	assert_string_equal(name, "drops");
	assert_int_equal(key_size, sizeof(uint32_t));
	assert_int_equal(value_size, sizeof(uint64_t));
	return DROPS_MAP;
}

int __wrap_loader_map_of_any_size(const struct loaded *loaded, const char *name)
{
	(void)loaded;
	assert_string_equal(name, "events");
	return EVENTS_MAP;
}

int __wrap_perf_stream_open(struct perf_stream **streamp, const struct perf_stream_setup *setup,
			    struct error *err)
{
	assert_int_equal(setup->events, EVENTS_MAP);
	assert_int_equal(setup->drops, DROPS_MAP);
	if (perf.open_result < 0)
		return error_set(err, perf.open_result, "no buffers");
	perf.record = setup->record;
	perf.context = setup->context;
	perf.pages = setup->pages;
	perf.largest = setup->largest;
	perf.opens++;
	*streamp = &perf;
	return 0;
}

void __wrap_perf_stream_close(struct perf_stream *stream)
{
	perf.closes += stream != NULL;
}

size_t __wrap_perf_stream_fds(const struct perf_stream *stream, const int **fds)
{
	static const int descriptors[] = { PERF_FD };

	assert_ptr_equal(stream, &perf);
	*fds = descriptors;
	return COUNT(descriptors);
}

int __wrap_perf_stream_read(struct perf_stream *stream)
{
	int r = 0;

	assert_ptr_equal(stream, &perf);
	for (size_t i = 0; r == 0 && i < perf.count; i++)
		r = perf.record(&perf.records[i], sizeof(perf.records[i]), perf.context);
	perf.count = 0;
	return r;
}

bool __wrap_perf_stream_notice(struct perf_stream *stream, char *text, size_t size)
{
	assert_ptr_equal(stream, &perf);
	if (!perf.notice)
		return false;
	snprintf(text, size, "%s", perf.notice);
	perf.notice = NULL;
	return true;
}

int __wrap_perf_stream_finish(struct perf_stream *stream)
{
	return __wrap_perf_stream_read(stream);
}

/* ---- the stream of a tool ---- */

/* What was called, a letter each. */
static char calls[32];

static int note(char letter, int result)
{
	size_t len = strlen(calls);

	assert_true(len + 1 < sizeof(calls));
	calls[len] = letter;
	calls[len + 1] = '\0';
	return result;
}

static int start_result;

static int on_start(struct event_stream *s, struct error *err)
{
	(void)s;
	return start_result < 0 ? error_set(err, start_result, "no start") : note('s', 0);
}

static int on_enable(struct event_stream *s, struct error *err)
{
	(void)s, (void)err;
	return note('e', 0);
}

/* A record is the event's pid; 13 fails, and 99 cannot be printed. */
static int on_print(struct event_stream *s, const void *record, size_t size)
{
	uint64_t pid;

	assert_int_equal(size, sizeof(pid));
	memcpy(&pid, record, sizeof(pid));
	if (pid == 99)
		return -ENOSPC;
	s->events++;
	s->failed += pid == 13;
	return report_event(s->trace->report, "event", TS, &(struct cell){ .number = pid }, 1, "x",
			    1);
}

static int on_read(struct event_stream *s)
{
	(void)s;
	return note('r', 0);
}

static int on_finish(struct event_stream *s, uint64_t *in_flight, struct error *err)
{
	(void)s, (void)err;
	*in_flight = 3;
	return note('f', 0);
}

static size_t own_counters(const struct event_stream *s, const struct drops *drops,
			   struct report_end_counter *counters)
{
	counters[0] =
		(struct report_end_counter){ .key = "own", .value = s->events + drops->buffer };
	return 1;
}

static void on_clear(struct event_stream *s)
{
	(void)s;
	note('c', 0);
}

static const struct stream_ops all_ops = {
	.start = on_start,
	.enable = on_enable,
	.print = on_print,
	.read = on_read,
	.finish = on_finish,
	.clear = on_clear,
};
static const struct stream_ops least_ops = { .print = on_print };

/* ---- a run ---- */

static const struct column columns[] = {
	{ .key = "pid", .head = "PID", .kind = COLUMN_ID, .width = 3 },
};

struct run {
	struct sink sink;
	struct trace trace;
	struct event_stream *stream;
	struct collector *collector;
	const struct collector_ops *ops;
	struct error err;
};

static void prepare(struct run *run, const struct stream_ops *ops)
{
	*run = (struct run){ .stream = calloc(1, sizeof(*run->stream)), .err = ERROR_INIT };
	assert_non_null(run->stream);
	memset(&perf, 0, sizeof(perf));
	calls[0] = '\0';
	start_result = 0;
	sink_open(&run->sink, (struct report_options){ .format = REPORT_CSV,
						       .layout.columns = columns,
						       .layout.ncolumns = COUNT(columns),
						       .layout.streaming = true });
	run->trace.report = run->sink.report;
	event_stream_init(run->stream, ops);
	run->stream->events_key = "events";
	run->stream->failed_key = "failed";
	run->stream->record_max = 256;
	run->collector = &run->stream->collector;
	run->ops = run->collector->ops;
}

static void end(struct run *run)
{
	run->ops->free(run->collector);
	sink_close(&run->sink);
	error_clear(&run->err);
}

static void arrive(uint64_t pid)
{
	assert_true(perf.count < COUNT(perf.records));
	perf.records[perf.count++] = pid;
}

/* ---- tests ---- */

/* Each record is a line as soon as it is read, and the tool is called at each step. */
static void test_life(void **state)
{
	struct run run;
	uint64_t in_flight = 0;

	(void)state;
	prepare(&run, &all_ops);
	assert_int_equal(run.ops->start(run.collector, &run.trace, &run.err), 0);
	assert_int_equal(perf.pages, PERF_STREAM_PAGES_DEFAULT);
	assert_int_equal(perf.largest, 256);
	assert_int_equal(run.collector->nfds, 1);
	assert_int_equal(run.collector->fds[0], PERF_FD);
	assert_true(run.collector->tick_ns > 0);
	assert_null(run.ops->report);
	assert_int_equal(run.ops->enable(run.collector, &run.err), 0);
	arrive(12);
	arrive(13);
	assert_int_equal(run.ops->poll(run.collector, &run.err), 0);
	assert_non_null(strstr(run.sink.bytes, ",12\n"));
	assert_non_null(strstr(run.sink.bytes, ",13\n"));
	assert_false(run.collector->has_notice);
	perf.notice = "CPU 3 came online";
	assert_int_equal(run.ops->poll(run.collector, &run.err), 0);
	assert_true(run.collector->has_notice);
	assert_string_equal(run.collector->notice, "CPU 3 came online");
	assert_int_equal(run.ops->disable(run.collector, &run.err), 0);
	arrive(14);
	assert_int_equal(run.ops->finish(run.collector, &in_flight, &run.err), 0);
	assert_non_null(strstr(run.sink.bytes, ",14\n"));
	assert_int_equal(in_flight, 3);
	assert_int_equal(run.err.code, 0);
	end(&run);
	assert_string_equal(calls, "serrfc");
	assert_int_equal(perf.closes, 1);
}

/* A tool need only print. Then nothing is in flight. */
static void test_least(void **state)
{
	struct run run;
	uint64_t in_flight = 5;

	(void)state;
	prepare(&run, &least_ops);
	run.stream->pages = 8;
	assert_int_equal(run.ops->start(run.collector, &run.trace, &run.err), 0);
	assert_int_equal(perf.pages, 8);
	assert_int_equal(run.ops->enable(run.collector, &run.err), 0);
	assert_int_equal(run.ops->poll(run.collector, &run.err), 0);
	assert_int_equal(run.ops->finish(run.collector, &in_flight, &run.err), 0);
	assert_int_equal(in_flight, 0);
	end(&run);
}

/* The end record has the events and the failed ones, unless the tool leaves them out. */
static void test_counters(void **state)
{
	const struct drops none = { 0 };
	struct report_end_counter counters[COUNTERS_MAX];
	struct run run;

	(void)state;
	prepare(&run, &least_ops);
	assert_int_equal(run.ops->start(run.collector, &run.trace, &run.err), 0);
	arrive(13);
	arrive(14);
	arrive(13);
	assert_int_equal(run.ops->poll(run.collector, &run.err), 0);
	assert_int_equal(run.ops->counters(run.collector, &none, counters), 2);
	assert_string_equal(counters[0].key, "events");
	assert_int_equal(counters[0].value, 3);
	assert_string_equal(counters[1].key, "failed");
	assert_int_equal(counters[1].value, 2);
	run.stream->failed_key = NULL;
	assert_int_equal(run.ops->counters(run.collector, &none, counters), 1);
	end(&run);
}

/* A tool can count for itself, and is told what was dropped. */
static void test_own_counters(void **state)
{
	const struct stream_ops ops = { .print = on_print, .counters = own_counters };
	const struct drops drops = { .buffer = 10 };
	struct report_end_counter counters[COUNTERS_MAX];
	struct run run;

	(void)state;
	prepare(&run, &ops);
	assert_int_equal(run.ops->start(run.collector, &run.trace, &run.err), 0);
	arrive(1);
	assert_int_equal(run.ops->poll(run.collector, &run.err), 0);
	assert_int_equal(run.ops->counters(run.collector, &drops, counters), 1);
	assert_string_equal(counters[0].key, "own");
	assert_int_equal(counters[0].value, 11);
	end(&run);
}

/* A record that cannot be printed ends the reading with its error; nobody else is asked. */
static void test_failed_print(void **state)
{
	struct run run;

	(void)state;
	prepare(&run, &all_ops);
	assert_int_equal(run.ops->start(run.collector, &run.trace, &run.err), 0);
	arrive(99);
	arrive(12);
	assert_int_equal(run.ops->poll(run.collector, &run.err), -ENOSPC);
	assert_int_equal(run.stream->events, 0);
	end(&run);
	assert_string_equal(calls, "sc");
}

/* A stream can be freed after a failed start, and before any. */
static void test_failed_start(void **state)
{
	struct run run;

	(void)state;
	prepare(&run, &all_ops);
	end(&run);
	prepare(&run, &all_ops);
	start_result = -EPERM;
	assert_int_equal(run.ops->start(run.collector, &run.trace, &run.err), -EPERM);
	assert_int_equal(perf.opens, 0);
	end(&run);
	prepare(&run, &all_ops);
	perf.open_result = -E2BIG;
	assert_int_equal(run.ops->start(run.collector, &run.trace, &run.err), -E2BIG);
	assert_int_equal(run.err.code, -E2BIG);
	end(&run);
	assert_int_equal(perf.closes, 0);
	assert_string_equal(calls, "sc");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),         cmocka_unit_test(test_least),
		cmocka_unit_test(test_counters),     cmocka_unit_test(test_own_counters),
		cmocka_unit_test(test_failed_print), cmocka_unit_test(test_failed_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
