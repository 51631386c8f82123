/* SPDX-License-Identifier: MIT */
/* The columns of bcc-syscalls' rows, and which of them a run shows. See counts.h. */
#include "counts.h"

const struct column syscalls_columns[SYSCALLS_COLUMNS] = {
	[COL_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID },
	[COL_TID] = { .key = "tid", .head = "TID", .kind = COLUMN_ID },
	[COL_START] = { .key = "start_ts", .kind = COLUMN_TIME },
	[COL_COMM] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT },
	[COL_UID] = { .key = "uid", .head = "UID", .kind = COLUMN_ID },
	[COL_USER] = { .key = "user", .head = "USER", .kind = COLUMN_TEXT },
	[COL_CGROUP] = { .key = "cgroup", .head = "CGROUP", .kind = COLUMN_TEXT },
	[COL_SYSCALL] = { .key = "syscall", .head = "SYSCALL", .kind = COLUMN_TEXT },
	[COL_ERRNO] = { .key = "errno", .head = "ERRNO", .kind = COLUMN_TEXT },
	[COL_CALLS] = { .key = "calls", .head = "CALLS", .kind = COLUMN_COUNT },
	[COL_RATE] = { .key = "calls_per_s",
		       .head = "CALLS/s",
		       .kind = COLUMN_RATE,
		       .of = "calls" },
	[COL_SHARE] = { .key = "share", .head = "SHARE", .kind = COLUMN_PERCENT },
	[COL_ERRORS] = { .key = "errors", .head = "ERRORS", .kind = COLUMN_COUNT },
	[COL_TIMED] = { .key = "timed", .kind = COLUMN_COUNT },
	[COL_TOTAL] = { .key = "total_ns", .head = "TIME", .kind = COLUMN_NS },
	[COL_AVG] = { .key = "avg_ns", .head = "AVG", .kind = COLUMN_NS },
	[COL_MIN] = { .key = "min_ns", .head = "MIN", .kind = COLUMN_NS },
	[COL_P50] = { .key = "p50_ns", .head = "P50", .kind = COLUMN_NS },
	[COL_P99] = { .key = "p99_ns", .head = "P99", .kind = COLUMN_NS },
	[COL_MAX] = { .key = "max_ns", .head = "MAX", .kind = COLUMN_NS },
	[COL_BLOCKED] = { .key = "blocked", .head = "BLOCKED", .kind = COLUMN_COUNT },
	[COL_OLDEST] = { .key = "blocked_ns", .head = "OLDEST", .kind = COLUMN_NS },
	[COL_ALL_CALLS] = { .key = "all_calls", .head = "ALL-CALLS", .kind = COLUMN_COUNT },
	[COL_ALL_ERRORS] = { .key = "all_errors", .head = "ALL-ERRORS", .kind = COLUMN_COUNT },
	[COL_ALL_TOTAL] = { .key = "all_total_ns", .head = "ALL-TIME", .kind = COLUMN_NS },
	[COL_HISTOGRAM] = { .key = "histogram", .kind = COLUMN_HISTOGRAM },
};

/* Columns that go together, and what they are shown for. */
enum {
	ALWAYS = 1 << COL_CALLS | 1 << COL_RATE | 1 << COL_ERRORS,
	LATENCY = 1 << COL_TIMED | 1 << COL_TOTAL | 1 << COL_AVG | 1 << COL_MIN | 1 << COL_P50 |
		  1 << COL_P99 | 1 << COL_MAX | 1 << COL_BLOCKED | 1 << COL_OLDEST,
};

uint64_t syscalls_columns_active(const struct syscalls_options *options)
{
	static const uint64_t words[BY_WORDS] = {
		[BY_SYSCALL] = 1 << COL_SYSCALL,
		[BY_PROCESS] = 1 << COL_PID | 1 << COL_START | 1 << COL_COMM,
		[BY_THREAD] = 1 << COL_PID | 1 << COL_TID | 1 << COL_START | 1 << COL_COMM,
		[BY_COMM] = 1 << COL_COMM,
		[BY_USER] = 1 << COL_UID | 1 << COL_USER,
		[BY_CGROUP] = 1 << COL_CGROUP,
		[BY_ERRNO] = 1 << COL_ERRNO | 1 << COL_SHARE,
	};
	struct group_by by = syscalls_by(options);
	uint64_t active = ALWAYS;

	for (int word = 0; word < BY_WORDS; word++)
		active |= group_by_has(&by, (enum by_word)word) ? words[word] : 0;
	if (options->tracing.latency)
		active |= LATENCY;
	if (options->cumulative)
		active |= 1 << COL_ALL_CALLS | 1 << COL_ALL_ERRORS |
			  (options->tracing.latency ? 1 << COL_ALL_TOTAL : 0);
	if (options->tracing.histogram)
		active |= 1 << COL_HISTOGRAM;
	return active;
}

const struct aggregate_columns syscalls_aggregate_columns = {
	.list = syscalls_columns,
	.count = SYSCALLS_COLUMNS,
	.events = COL_CALLS,
	.failed = COL_ERRORS,
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
		.call = COL_SYSCALL,
		.error = COL_ERRNO,
		.slot_name = syscall_slot_name,
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

/* The time and the age of all calls, whose quantiles no sum of rows could give. */
uint64_t syscalls_total_fields(const struct syscalls_options *options)
{
	uint64_t fields = LATENCY & ~(1 << COL_TIMED | 1 << COL_BLOCKED);

	if (!options->tracing.latency)
		return 0;
	return options->cumulative ? fields | 1 << COL_ALL_TOTAL : fields;
}
