/* SPDX-License-Identifier: MIT */
/* The columns of bcc-openat's rows, and which of them a run shows. See counts.h. */
#include "call_names.h"
#include "counts.h"

const struct column openat_columns[OPENAT_COLUMNS] = {
	[COL_OPENS] = { .key = "opens", .head = "OPENS", .kind = COLUMN_COUNT },
	[COL_RATE] = { .key = "opens_per_s",
		       .head = "OPENS/s",
		       .kind = COLUMN_RATE,
		       .of = "opens" },
	[COL_FAILED] = { .key = "failed", .head = "FAILED", .kind = COLUMN_COUNT },
	[COL_FAILED_SHARE] = { .key = "failed_share", .head = "FAIL%", .kind = COLUMN_PERCENT },
	[COL_DISTINCT] = { .key = "paths", .head = "PATHS", .kind = COLUMN_ID },
	[COL_TIMED] = { .key = "timed", .kind = COLUMN_COUNT },
	[COL_TOTAL] = { .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	[COL_AVG] = { .key = "avg_ns", .head = "AVG", .kind = COLUMN_NS },
	[COL_MIN] = { .key = "min_ns", .head = "MIN", .kind = COLUMN_NS },
	[COL_P50] = { .key = "p50_ns", .head = "P50", .kind = COLUMN_NS },
	[COL_P99] = { .key = "p99_ns", .head = "P99", .kind = COLUMN_NS },
	[COL_MAX] = { .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
	[COL_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID },
	[COL_TID] = { .key = "tid", .head = "TID", .kind = COLUMN_ID },
	[COL_START] = { .key = "start_ts", .kind = COLUMN_TIME },
	[COL_COMM] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	[COL_UID] = { .key = "uid", .head = "UID", .kind = COLUMN_ID },
	[COL_USER] = { .key = "user", .head = "USER", .kind = COLUMN_TEXT },
	[COL_CGROUP] = { .key = "cgroup", .head = "CGROUP", .kind = COLUMN_TEXT },
	[COL_CALL] = { .key = "call", .head = "CALL", .kind = COLUMN_TEXT },
	[COL_ERRNO] = { .key = "errno", .head = "ERRNO", .kind = COLUMN_TEXT },
	[COL_SHARE] = { .key = "share", .head = "SHARE", .kind = COLUMN_PERCENT },
	[COL_DIR] = { .key = "dir", .head = "DIR", .kind = COLUMN_TEXT },
	[COL_PATH] = { .key = "path", .head = "PATH", .kind = COLUMN_TEXT },
	[COL_HISTOGRAM] = { .key = "histogram", .kind = COLUMN_HISTOGRAM },
};

const struct aggregate_columns openat_aggregate_columns = {
	.list = openat_columns,
	.count = OPENAT_COLUMNS,
	.events = COL_OPENS,
	.failed = COL_FAILED,
	.share = COL_SHARE,
	.histogram = COL_HISTOGRAM,
	.key = {
		.pid = COL_PID,
		.tid = COL_TID,
		.start = COL_START,
		.comm = COL_COMM,
		.uid = COL_UID,
		.user = COL_USER,
		.cgroup = COL_CGROUP,
		.call = COL_CALL,
		.error = COL_ERRNO,
		.slot_name = open_slot_name,
	},
	.times = {
		.timed = COL_TIMED,
		.total = COL_TOTAL,
		.avg = COL_AVG,
		.min = COL_MIN,
		.p50 = COL_P50,
		.p99 = COL_P99,
		.max = COL_MAX,
	},
};

/* Columns that go together, and what they are shown for. */
enum {
	ALWAYS = 1 << COL_OPENS | 1 << COL_RATE,
	RESULTS = 1 << COL_FAILED | 1 << COL_FAILED_SHARE,
	LATENCY = 1 << COL_TIMED | 1 << COL_TOTAL | 1 << COL_AVG | 1 << COL_MIN | 1 << COL_P50 |
		  1 << COL_P99 | 1 << COL_MAX,
};

uint64_t openat_columns_active(const struct openat_options *options)
{
	static const uint64_t words[BY_WORDS] = {
		[BY_PROCESS] = 1 << COL_PID | 1 << COL_START | 1 << COL_COMM,
		[BY_THREAD] = 1 << COL_PID | 1 << COL_TID | 1 << COL_START | 1 << COL_COMM,
		[BY_COMM] = 1 << COL_COMM,
		[BY_USER] = 1 << COL_UID | 1 << COL_USER,
		[BY_CGROUP] = 1 << COL_CGROUP,
		[BY_ERRNO] = 1 << COL_ERRNO | 1 << COL_SHARE,
		[BY_CALL] = 1 << COL_CALL,
		[BY_PATH] = 1 << COL_PATH,
		[BY_DIR] = 1 << COL_DIR,
	};
	struct group_by by = openat_by(options);
	uint64_t active = ALWAYS | (options->no_results ? 0 : RESULTS);

	for (int word = 0; word < BY_WORDS; word++)
		active |= group_by_has(&by, (enum by_word)word) ? words[word] : 0;
	if (options->tracing.latency)
		active |= LATENCY;
	if (options->distinct)
		active |= 1 << COL_DISTINCT;
	if (options->tracing.histogram)
		active |= 1 << COL_HISTOGRAM;
	return active;
}

uint64_t openat_total_fields(const struct openat_options *options)
{
	uint64_t fields = options->no_results ? 0 : 1 << COL_FAILED_SHARE;

	if (options->tracing.latency)
		fields |= LATENCY & ~(1 << COL_TIMED);
	if (options->distinct)
		fields |= 1 << COL_DISTINCT;
	return fields;
}
