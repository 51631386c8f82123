/* SPDX-License-Identifier: MIT */
/* Records of programs/fork/fork.bpf.c to fields of a report. See event_line.h. */
#define _GNU_SOURCE
#include "event_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "memstream.h"
#include "names.h"
#include "quote.h"

const struct column fork_columns[FORK_COLUMNS] = {
	[FORK_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID, .width = 7 },
	[FORK_TID] = { .key = "tid", .head = "TID", .kind = COLUMN_ID, .width = 7 },
	[FORK_PPID] = { .key = "ppid", .head = "PPID", .kind = COLUMN_ID, .width = 7 },
	[FORK_UID] = { .key = "uid", .head = "UID", .kind = COLUMN_ID, .width = 5 },
	[FORK_EUID] = { .key = "euid", .kind = COLUMN_ID },
	[FORK_COMM_] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT, .width = 15 },
	[FORK_PARENT_COMM] = { .key = "parent_comm", .kind = COLUMN_TEXT },
	[FORK_BY_PID] = { .key = "by_pid", .kind = COLUMN_ID },
	[FORK_FLAGS] = { .key = "flags", .kind = COLUMN_LIST },
	[FORK_FILENAME] = { .key = "filename", .kind = COLUMN_TEXT },
	[FORK_ARGV] = { .key = "argv", .kind = COLUMN_LIST },
	[FORK_TRUNCATED] = { .key = "truncated", .kind = COLUMN_BOOL },
	[FORK_RET] = { .key = "ret", .kind = COLUMN_SIGNED },
	[FORK_OLD_COMM] = { .key = "old_comm", .kind = COLUMN_TEXT },
	[FORK_CODE] = { .key = "code", .kind = COLUMN_ID },
	[FORK_SIGNAL] = { .key = "signal", .kind = COLUMN_TEXT },
	[FORK_CORE] = { .key = "core", .kind = COLUMN_BOOL },
	[FORK_LIFETIME] = { .key = "lifetime_ns", .kind = COLUMN_NS },
	[FORK_LAST] = { .key = "last", .kind = COLUMN_BOOL },
	[FORK_USER] = { .key = "user_ns", .kind = COLUMN_NS },
	[FORK_SYSTEM] = { .key = "system_ns", .kind = COLUMN_NS },
	[FORK_MAX_RSS] = { .key = "max_rss_bytes", .kind = COLUMN_ID },
	[FORK_MINOR_FAULTS] = { .key = "minor_faults", .kind = COLUMN_ID },
	[FORK_MAJOR_FAULTS] = { .key = "major_faults", .kind = COLUMN_ID },
	[FORK_LINEAGE] = { .key = "lineage", .kind = COLUMN_LIST },
	[FORK_HOST_PID] = { .key = "host_pid", .kind = COLUMN_ID },
	[FORK_HOST_TID] = { .key = "host_tid", .kind = COLUMN_ID },
	[FORK_HOST_PPID] = { .key = "host_ppid", .kind = COLUMN_ID },
	[FORK_HOST_BY_PID] = { .key = "host_by_pid", .kind = COLUMN_ID },
	[FORK_FORKS] = { .key = "forks", .kind = COLUMN_ID },
	[FORK_THREADS] = { .key = "threads", .kind = COLUMN_ID },
	[FORK_EXECS] = { .key = "execs", .kind = COLUMN_ID },
	[FORK_EXEC_FAILURES] = { .key = "exec_failures", .kind = COLUMN_ID },
	[FORK_EXITS] = { .key = "exits", .kind = COLUMN_ID },
	[FORK_COUNT] = { .key = "count", .kind = COLUMN_ID },
	[FORK_SPAN] = { .key = "span_ns", .kind = COLUMN_NS },
};

#define FIELD(column) (1ULL << (column))

enum {
	SIGNAL_MASK = 0x7f,
	CORE_FLAG = 0x80,
	INDENT_MAX = 16, /* steps of two columns each */
};

static const uint64_t head_fields = FIELD(FORK_PID) | FIELD(FORK_TID) | FIELD(FORK_PPID) |
				    FIELD(FORK_UID) | FIELD(FORK_EUID) | FIELD(FORK_COMM_);

/* Where an event's words for people are gathered. */
struct detail {
	FILE *out;
	char *bytes;
	size_t len;
};

struct event {
	struct cell cells[FORK_COLUMNS];
	uint64_t fields;
	struct detail detail;
};

/* Is all of the detail there? */
static bool is_complete(const struct detail *detail)
{
	return fflush(detail->out) == 0 && !ferror(detail->out);
}

/* Who made it; its ids are those of the head, in the same namespaces. */
static void set_maker(struct event *e, const struct fork_birth *birth, bool host)
{
	e->cells[FORK_PARENT_COMM] = cell_array(birth->parent_comm, FORK_COMM);
	e->cells[FORK_BY_PID] = cell_number(host ? birth->host_by_pid : birth->by_pid);
	e->cells[FORK_HOST_BY_PID] = cell_number(birth->host_by_pid);
	e->fields |= FIELD(FORK_PARENT_COMM) | FIELD(FORK_BY_PID);
	if (e->fields & FIELD(FORK_HOST_PID))
		e->fields |= FIELD(FORK_HOST_BY_PID);
}

static int report_birth(struct report *report, struct event *e, const struct fork_birth *birth,
			bool host, uint64_t ts_ns)
{
	struct fork_flags flags, notable;

	fork_flags_name(&flags, birth->flags, false);
	fork_flags_name(&notable, birth->flags, true);
	set_maker(e, birth, host);
	e->cells[FORK_FLAGS] = cell_list(flags.names, flags.count);
	e->fields |= FIELD(FORK_FLAGS);
	fprintf(e->detail.out, "by %.*s", FORK_COMM, birth->parent_comm);
	for (size_t i = 0; i < notable.count; i++)
		fprintf(e->detail.out, "%s%.*s", i ? "|" : " ", (int)notable.names[i].text.len,
			notable.names[i].text.bytes);
	if (!is_complete(&e->detail))
		return -ENOMEM;
	return report_event(report, fork_type_name((enum fork_type)birth->head.type), ts_ns,
			    e->cells, e->fields, e->detail.bytes, e->detail.len);
}

/* How many arguments the bytes hold; the last may lack its NUL when they are cut. */
static size_t count_arguments(const char *bytes, size_t size)
{
	size_t count = 0;

	for (size_t at = 0; at < size; at += strnlen(bytes + at, size - at) + 1)
		count++;
	return count;
}

static int report_exec(struct report *report, struct event *e, const struct fork_exec *exec,
		       uint64_t ts_ns)
{
	const char *args = exec->data + exec->path_size;
	size_t count = count_arguments(args, exec->args_read), i = 0;
	bool truncated = exec->args_read < exec->args_size;
	cleanup_free struct cell *argv = calloc(count + 1, sizeof(*argv));

	if (!argv)
		return -ENOMEM;
	/* Of an exec that failed what matters is the path that was tried; the name is often the
	 * same for many, and there need not be one. */
	if (exec->ret)
		quote_argument(e->detail.out, exec->data, strnlen(exec->data, exec->path_size));
	for (size_t at = 0; i < count; at += argv[i++].text.len + 1) {
		argv[i] = cell_array(args + at, exec->args_read - at);
		fputs(i ? " " : "", e->detail.out);
		if (i || !exec->ret)
			quote_argument(e->detail.out, argv[i].text.bytes, argv[i].text.len);
	}
	if (truncated)
		fputs("...", e->detail.out);
	if (exec->ret)
		fprintf(e->detail.out, ": %s", error_name(exec->ret));
	if (!is_complete(&e->detail))
		return -ENOMEM;
	e->cells[FORK_FILENAME] = cell_array(exec->data, exec->path_size);
	e->cells[FORK_ARGV] = cell_list(argv, count);
	e->cells[FORK_TRUNCATED] = cell_number(truncated);
	e->cells[FORK_RET] = cell_signed(exec->ret);
	if (exec->old_comm[0])
		e->cells[FORK_OLD_COMM] = cell_array(exec->old_comm, FORK_COMM);
	e->fields |= FIELD(FORK_FILENAME) | FIELD(FORK_ARGV) | FIELD(FORK_TRUNCATED) |
		     FIELD(FORK_RET) | FIELD(FORK_OLD_COMM);
	return report_event(report, "exec", ts_ns, e->cells, e->fields, e->detail.bytes,
			    e->detail.len);
}

/* Seconds with the digits that matter. */
static void print_lifetime(FILE *out, uint64_t ns)
{
	double seconds = (double)ns / 1e9;

	fprintf(out, ", lived %.*fs", seconds < 10 ? 3 : seconds < 100 ? 1 : 0, seconds);
}

struct fork_times fork_usage_times(const struct fork_usage *usage)
{
	struct fork_times t = { .user_ns = usage->runtime_ns };
	double runtime = (double)usage->runtime_ns, user = (double)usage->user_ns,
	       system = (double)usage->system_ns;
	double part = 0;

	/* Never sampled in the kernel: all of it counts as user time, as getrusage(2) has it. */
	if (usage->system_ns)
		part = runtime * (system / (user + system));
	/* Of more than 104 days a double may make more. */
	t.system_ns = part < runtime ? (uint64_t)part : usage->runtime_ns;
	t.user_ns -= t.system_ns;
	return t;
}

static void add_usage(struct event *e, const struct fork_usage *usage, bool process)
{
	struct fork_times t = fork_usage_times(usage);
	uint64_t rss = usage->max_rss_pages * (uint64_t)sysconf(_SC_PAGESIZE);

	e->cells[FORK_USER] = cell_number(t.user_ns);
	e->cells[FORK_SYSTEM] = cell_number(t.system_ns);
	e->cells[FORK_MAX_RSS] = cell_number_if(process, rss);
	e->cells[FORK_MINOR_FAULTS] = cell_number(usage->minor_faults);
	e->cells[FORK_MAJOR_FAULTS] = cell_number(usage->major_faults);
	e->fields |= FIELD(FORK_USER) | FIELD(FORK_SYSTEM) | FIELD(FORK_MAX_RSS) |
		     FIELD(FORK_MINOR_FAULTS) | FIELD(FORK_MAJOR_FAULTS);
	fprintf(e->detail.out, ", user %.3fs, system %.3fs", (double)t.user_ns / 1e9,
		(double)t.system_ns / 1e9);
	if (process)
		fprintf(e->detail.out, ", %.1f MiB", (double)rss / (1 << 20));
	fprintf(e->detail.out, ", faults %llu+%llu", (unsigned long long)usage->minor_faults,
		(unsigned long long)usage->major_faults);
}

static int report_exit(struct report *report, struct event *e, const struct fork_exit *exit,
		       const struct fork_usage *usage, uint64_t ts_ns)
{
	int signo = (int)(exit->status & SIGNAL_MASK);
	bool core = exit->status & CORE_FLAG;
	char name[FORK_SIGNAL_NAME_MAX];

	e->cells[FORK_CODE] = cell_number_if(!signo, exit->status >> 8 & 0xff);
	if (signo)
		e->cells[FORK_SIGNAL] =
			cell_array(fork_signal_name(signo, name), FORK_SIGNAL_NAME_MAX);
	e->cells[FORK_CORE] = cell_number(core);
	e->cells[FORK_LIFETIME] = cell_number(exit->lifetime_ns);
	e->cells[FORK_LAST] = cell_number(exit->last);
	e->fields |= FIELD(FORK_CODE) | FIELD(FORK_SIGNAL) | FIELD(FORK_CORE) |
		     FIELD(FORK_LIFETIME) | FIELD(FORK_LAST);
	if (signo)
		fprintf(e->detail.out, "signal %s%s", name, core ? ", core dumped" : "");
	else
		fprintf(e->detail.out, "code %u", exit->status >> 8 & 0xff);
	print_lifetime(e->detail.out, exit->lifetime_ns);
	if (!exit->last)
		fputs(", a thread", e->detail.out);
	if (usage)
		add_usage(e, usage, exit->last);
	if (!is_complete(&e->detail))
		return -ENOMEM;
	return report_event(report, "exit", ts_ns, e->cells, e->fields, e->detail.bytes,
			    e->detail.len);
}

/* Does a record have the size its type needs? The program is ours, but the bytes are checked all
 * the same. */
static bool is_whole(const struct fork_head *head, size_t size)
{
	const struct fork_exec *exec = (const struct fork_exec *)head;

	if (size < sizeof(*head))
		return false;
	switch (head->type) {
	case FORK_FORK:
	case FORK_THREAD:
		return size >= sizeof(struct fork_birth);
	case FORK_EXIT:
		return size >= sizeof(struct fork_exit);
	case FORK_EXEC:
		return size >= sizeof(*exec) && exec->path_size <= size - sizeof(*exec) &&
		       exec->args_read <= size - sizeof(*exec) - exec->path_size;
	default:
		return false;
	}
}

bool fork_event_failed(const void *data)
{
	const struct fork_exec *exec = data;

	return exec->head.type == FORK_EXEC && exec->ret < 0;
}

/* Usage follows an exit when it was asked for; the padding of a perf record is shorter than it. */
static const struct fork_usage *usage_of(const struct fork_head *head, size_t size)
{
	const struct fork_exit_usage *exit = (const struct fork_exit_usage *)head;

	return size >= sizeof(*exit) ? &exit->usage : NULL;
}

/* Both kinds of ids when they differ, so that a record can be matched from inside and outside. */
static void set_ids(struct event *e, const struct fork_head *head,
		    const struct fork_context *context)
{
	bool host = context->host_pids;

	e->cells[FORK_PID] = cell_number(host ? head->host_pid : head->pid);
	e->cells[FORK_TID] = cell_number(host ? head->host_tid : head->tid);
	e->cells[FORK_PPID] = cell_number(host ? head->host_ppid : head->ppid);
	if (head->pid == head->host_pid && head->tid == head->host_tid)
		return;
	e->cells[FORK_HOST_PID] = cell_number(head->host_pid);
	e->cells[FORK_HOST_TID] = cell_number(head->host_tid);
	e->cells[FORK_HOST_PPID] = cell_number(head->host_ppid);
	e->fields |= FIELD(FORK_HOST_PID) | FIELD(FORK_HOST_TID) | FIELD(FORK_HOST_PPID);
}

static int report_record(struct report *report, struct event *e, const struct fork_head *head,
			 size_t size, const struct fork_context *context)
{
	uint64_t ts_ns = head->time_ns + context->wall_ns;

	set_ids(e, head, context);
	e->cells[FORK_UID] = cell_number(head->uid);
	e->cells[FORK_EUID] = cell_number(head->euid);
	e->cells[FORK_COMM_] = cell_array(head->comm, FORK_COMM);
	switch (head->type) {
	case FORK_EXEC:
		return report_exec(report, e, (const struct fork_exec *)head, ts_ns);
	case FORK_EXIT:
		return report_exit(report, e, (const struct fork_exit *)head,
				   context->hide_usage ? NULL : usage_of(head, size), ts_ns);
	default:
		return report_birth(report, e, (const struct fork_birth *)head, context->host_pids,
				    ts_ns);
	}
}

int fork_event_type(const void *data, size_t size, enum fork_type *type)
{
	const struct fork_head *head = data;

	if (!is_whole(head, size))
		return -EBADMSG;
	*type = (enum fork_type)head->type;
	return 0;
}

void fork_indent(FILE *out, size_t steps)
{
	size_t drawn = steps > INDENT_MAX ? INDENT_MAX : steps;

	fprintf(out, "%*s", (int)(2 * drawn), "");
	if (steps > drawn)
		fprintf(out, "+%zu ", steps - drawn);
}

/*
 * What stands in front of an event's own words. The effective user comes first: no name can look
 * like it there.
 */
static void begin_words(struct event *e, const struct fork_head *head,
			const struct fork_context *context)
{
	fork_indent(e->detail.out, context->indent);
	if (head->euid != head->uid)
		fprintf(e->detail.out, "(euid %u) ", head->euid);
	for (size_t i = 0; i < context->generations; i++) {
		fwrite(context->lineage[i].text.bytes, 1, context->lineage[i].text.len,
		       e->detail.out);
		fputs(i + 1 < context->generations ? " > " : ": ", e->detail.out);
	}
	if (!context->generations)
		return;
	e->cells[FORK_LINEAGE] = cell_list(context->lineage, context->generations);
	e->fields |= FIELD(FORK_LINEAGE);
}

int fork_event_report(struct report *report, const void *data, size_t size,
		      const struct fork_context *context)
{
	const struct fork_head *head = data;
	struct event e = { .fields = head_fields };
	int r;

	for (int i = 0; i < FORK_COLUMNS; i++)
		e.cells[i] = cell_null();
	e.detail.out = memstream_open(&e.detail.bytes, &e.detail.len);
	if (!e.detail.out)
		return -ENOMEM;
	begin_words(&e, head, context);
	r = report_record(report, &e, head, size, context);
	fclose(e.detail.out);
	free(e.detail.bytes);
	return r;
}
