/* SPDX-License-Identifier: MIT */
/* Records of programs/syscalls/stream.bpf.c to fields of a report. See event_line.h. */
#define _GNU_SOURCE
#include "event_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "quote.h"
#include "syscall_names.h"

const struct column call_event_columns[CALL_EVENT_COLUMNS] = {
	[CALL_EVENT_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID, .width = 7 },
	[CALL_EVENT_TID] = { .key = "tid", .kind = COLUMN_ID },
	[CALL_EVENT_UID] = { .key = "uid", .kind = COLUMN_ID },
	[CALL_EVENT_COMM] = { .key = "comm", .head = "COMM", .kind = COLUMN_TEXT, .width = 15 },
	[CALL_EVENT_SYSCALL] = { .key = "syscall", .kind = COLUMN_TEXT },
	[CALL_EVENT_ARGS] = { .key = "args", .kind = COLUMN_PAIRS },
	[CALL_EVENT_TRUNCATED] = { .key = "truncated", .kind = COLUMN_BOOL },
	[CALL_EVENT_RET] = { .key = "ret", .kind = COLUMN_SIGNED },
	[CALL_EVENT_ERRNO] = { .key = "errno", .kind = COLUMN_TEXT },
	[CALL_EVENT_DURATION] = { .key = "duration_ns", .kind = COLUMN_NS },
};

const struct report_layout call_event_layout = {
	.columns = call_event_columns,
	.ncolumns = CALL_EVENT_COLUMNS,
	.active = UINT64_MAX,
	.streaming = true,
	.one_type = true,
	.detail_head = "CALL",
	.detail_escaped = true,
};

#define ALL_FIELDS ((1ULL << CALL_EVENT_COLUMNS) - 1)
#define CUT "..."

enum {
	MAX_ERRNO = 4095,
	PADDING_MAX = 7,
	/* A name, six arguments with theirs, two of them text, and a result. */
	WORDS_MAX = SYSCALL_NAME_MAX + CALL_ARGS * (SYSCALL_ARG_NAME_MAX + 32) +
		    CALL_TEXTS * QUOTE_STRING_MAX(CALL_TEXT_MAX) + 128,
};

/* An argument's text; no @bytes: it has none. @cut: there was more */
struct text {
	const char *bytes;
	size_t len;
	bool cut;
};

/**
 * struct call - a record that has been checked
 * @slot_name: "i386:openat"; @name: "openat", within it
 * @args:      NULL: names are not known
 * @bytes:     of a register
 */
struct call {
	const struct call_event *event;
	const struct syscall_args *args;
	struct text texts[CALL_ARGS];
	char slot_name[SYSCALL_NAME_MAX];
	const char *name;
	unsigned bytes;
};

/* ---- a record, checked ---- */

/* The program is ours, but the bytes are checked all the same. */
static int take_texts(struct call *call, const struct call_event *e, size_t room)
{
	const char *bytes = e->text;

	for (size_t i = 0; i < CALL_TEXTS; i++) {
		size_t n = e->text_size[i], arg = e->text_arg[i];

		if (n > CALL_TEXT_MAX || n > room || arg > CALL_ARGS || (n && !arg))
			return -EINVAL;
		if (n) {
			size_t len = strnlen(bytes, n);
			bool cut = len == n;

			/* The last character of what may be just as long is not shown, so that the
			 * dots stand for something. */
			call->texts[arg - 1] = (struct text){ bytes, len - cut, cut };
		}
		bytes += n;
		room -= n;
	}
	return room <= PADDING_MAX ? 0 : -EINVAL;
}

static int take(struct call *call, const void *data, size_t size,
		const struct call_context *context)
{
	const struct call_event *e = data;
	const char *colon;

	if (size < sizeof(*e) || e->call >= SYSCALL_SLOTS ||
	    take_texts(call, e, size - sizeof(*e)) < 0)
		return -EINVAL;
	call->event = e;
	call->args = syscall_args_of(context->args, e->call);
	call->bytes = e->call / ABI_CALLS == ABI_COMPAT ? 4 : 8;
	syscall_slot_name(e->call, call->slot_name, sizeof(call->slot_name));
	colon = strchr(call->slot_name, ':');
	call->name = colon ? colon + 1 : call->slot_name;
	return 0;
}

static size_t arg_count(const struct call *call)
{
	return call->args ? call->args->count : CALL_ARGS;
}

static bool has_args(const struct call *call)
{
	return call->event->flags & (CALL_HAS_ARGS | CALL_LATE_ARGS);
}

/* What of the register counts, with the sign of its type or as unsigned. */
static uint64_t arg_value(const struct call *call, size_t i, bool with_sign)
{
	unsigned bytes = call->args && call->args->args[i].bytes < call->bytes
				 ? call->args->args[i].bytes
				 : call->bytes;
	unsigned rest = 64 - 8 * bytes;
	uint64_t value = call->event->args[i] << rest;

	return with_sign ? (uint64_t)((int64_t)value >> rest) : value >> rest;
}

static bool is_signed(enum syscall_arg_kind kind)
{
	return kind == ARG_SIGNED || kind == ARG_DESCRIPTOR;
}

bool call_event_failed(const struct call_event *event)
{
	return !(event->flags & CALL_NO_RETURN) && (uint64_t)event->ret >= (uint64_t)-MAX_ERRNO;
}

/* 0: it did not fail. */
static int error_of(const struct call_event *e)
{
	return call_event_failed(e) ? (int)-e->ret : 0;
}

/* exit has a beginning and no end. */
static bool duration_is_known(const struct call_event *e)
{
	return (e->flags & CALL_HAS_ARGS) && !(e->flags & CALL_NO_RETURN);
}

/* ---- as a line ---- */

struct words {
	char bytes[WORDS_MAX];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct words *w, const char *format, ...)
{
	size_t room = sizeof(w->bytes) - w->len;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(w->bytes + w->len, room, format, ap);
	va_end(ap);
	if (n > 0)
		w->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void add_text(struct words *w, const struct text *text)
{
	char quoted[QUOTE_STRING_MAX(CALL_TEXT_MAX)];

	quote_string(quoted, text->bytes, text->len);
	add(w, "%s%s", quoted, text->cut ? CUT : "");
}

static void add_value(struct words *w, enum syscall_arg_kind kind, uint64_t value)
{
	switch (kind) {
	case ARG_TEXT:
	case ARG_POINTER:
		if (value)
			add(w, "0x%" PRIx64, value);
		else
			add(w, "NULL");
		break;
	case ARG_HEX:
		add(w, "%#" PRIx64, value);
		break;
	case ARG_OCTAL:
		add(w, "%#" PRIo64, value);
		break;
	case ARG_UNSIGNED:
		add(w, "%" PRIu64, value);
		break;
	case ARG_DESCRIPTOR:
		if ((int64_t)value == AT_FDCWD) {
			add(w, "AT_FDCWD");
			break;
		}
		/* fallthrough */
	case ARG_SIGNED:
		add(w, "%" PRId64, (int64_t)value);
		break;
	}
}

static void add_args(struct words *w, const struct call *call)
{
	size_t count = arg_count(call);

	if (call->args)
		count = syscall_args_used(call->args, call->name, call->event->args);
	for (size_t i = 0; i < count; i++) {
		const struct syscall_arg *arg = call->args ? &call->args->args[i] : NULL;

		if (i)
			add(w, ", ");
		if (arg)
			add(w, "%s=", arg->name);
		if (call->texts[i].bytes)
			add_text(w, &call->texts[i]);
		else if (arg)
			add_value(w, arg->kind, arg_value(call, i, is_signed(arg->kind)));
		else
			add(w, "0x%" PRIx64, arg_value(call, i, false));
	}
}

/* Errors that never reach the program: the call begins anew after a signal, or ends with EINTR. */
static bool is_restart(int error)
{
	enum {
		ERESTARTSYS = 512,
		ERESTARTNOINTR = 513,
		ERESTARTNOHAND = 514,
		ERESTART_RESTARTBLOCK = 516,
	};

	return error == ERESTARTSYS || error == ERESTARTNOINTR || error == ERESTARTNOHAND ||
	       error == ERESTART_RESTARTBLOCK;
}

static bool returns_pointer(const char *name)
{
	static const char *const names[] = { "mmap", "mmap2", "brk", "mremap", "shmat" };

	for (size_t i = 0; i < array_size(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void add_result(struct words *w, const struct call *call)
{
	const struct call_event *e = call->event;
	int error = error_of(e);

	if (e->flags & CALL_NO_RETURN)
		add(w, " = ?");
	else if (error)
		add(w, " = %s %s", is_restart(error) ? "?" : "-1", error_name(error));
	else if (returns_pointer(call->name))
		add(w, " = 0x%" PRIx64, (uint64_t)e->ret);
	else
		add(w, " = %" PRId64, (int64_t)e->ret);
}

static void add_duration(struct words *w, const struct call_event *e)
{
	char text[REPORT_DURATION_MAX];

	if (!duration_is_known(e))
		return;
	report_duration(text, e->duration_ns);
	add(w, " <%s>", text);
}

static void put_into_words(struct words *w, const struct call *call)
{
	add(w, "%s(", call->slot_name);
	if (has_args(call))
		add_args(w, call);
	else
		add(w, CUT);
	add(w, ")");
	add_result(w, call);
	add_duration(w, call->event);
}

/* ---- as fields ---- */

/**
 * struct named_args - the arguments as a cell has them
 * @texts: those that were cut, with dots behind
 */
struct named_args {
	struct pair pairs[CALL_ARGS];
	char texts[CALL_TEXTS][CALL_TEXT_MAX + sizeof(CUT)];
	size_t ntexts;
};

static struct cell argument_text(struct named_args *named, const struct text *text)
{
	char *bytes = named->texts[named->ntexts];

	if (!text->cut)
		return cell_text(text->bytes, text->len);
	named->ntexts++;
	memcpy(bytes, text->bytes, text->len);
	memcpy(bytes + text->len, CUT, strlen(CUT));
	return cell_text(bytes, text->len + strlen(CUT));
}

static struct cell name_args(struct named_args *named, const struct call *call)
{
	static const char *const unnamed[CALL_ARGS] = { "arg1", "arg2", "arg3",
							"arg4", "arg5", "arg6" };

	named->ntexts = 0;
	for (size_t i = 0; i < arg_count(call); i++) {
		const struct syscall_arg *arg = call->args ? &call->args->args[i] : NULL;
		const struct text *text = &call->texts[i];
		struct pair *pair = &named->pairs[i];

		*pair = (struct pair){ .name = arg ? arg->name : unnamed[i] };
		pair->text = text->bytes;
		pair->is_unsigned = !(arg && is_signed(arg->kind));
		if (text->bytes)
			pair->value = argument_text(named, text);
		else
			pair->value.number = arg_value(call, i, !pair->is_unsigned);
	}
	return cell_pairs(named->pairs, arg_count(call));
}

static bool is_cut(const struct call *call)
{
	for (size_t i = 0; i < arg_count(call); i++)
		if (call->texts[i].cut)
			return true;
	return false;
}

static void fill_cells(struct cell *cells, const struct call *call)
{
	const struct call_event *e = call->event;
	int error = error_of(e);

	cells[CALL_EVENT_PID] = cell_number(e->pid);
	cells[CALL_EVENT_TID] = cell_number(e->tid);
	cells[CALL_EVENT_UID] = cell_number(e->uid);
	cells[CALL_EVENT_COMM] = cell_array(e->comm, CALL_COMM);
	cells[CALL_EVENT_SYSCALL] = cell_string(call->slot_name);
	cells[CALL_EVENT_TRUNCATED] = cell_number(is_cut(call));
	cells[CALL_EVENT_RET] = (e->flags & CALL_NO_RETURN) ? cell_null() : cell_signed(e->ret);
	cells[CALL_EVENT_ERRNO] = cell_string(error ? error_name(error) : NULL);
	cells[CALL_EVENT_DURATION] = cell_number_if(duration_is_known(e), e->duration_ns);
}

int call_event_report(struct report *report, const void *data, size_t size,
		      const struct call_context *context)
{
	struct cell cells[CALL_EVENT_COLUMNS] = { 0 };
	struct named_args named;
	struct words words;
	struct call call = { 0 };
	int r = take(&call, data, size, context);

	if (r < 0)
		return r;
	words.len = 0;
	fill_cells(cells, &call);
	/* Either is work that the other kind of report has no use for. */
	if (report_is_text(report))
		put_into_words(&words, &call);
	else if (has_args(&call))
		cells[CALL_EVENT_ARGS] = name_args(&named, &call);
	else
		cells[CALL_EVENT_ARGS] = cell_null();
	return report_event(report, "call", call.event->time_ns + context->wall_ns, cells,
			    ALL_FIELDS, words.bytes, words.len);
}
