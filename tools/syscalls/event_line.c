/* SPDX-License-Identifier: MIT */
/* Records of programs/syscalls/stream.bpf.c to fields of a report. See event_line.h. */
#define _GNU_SOURCE
#include "event_line.h"

#include <string.h>

#include "call_words.h"
#include "error.h"

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

/**
 * struct named_args - the arguments as a cell has them
 * @texts: those that were cut, with dots behind
 */
struct named_args {
	struct pair pairs[CALL_ARGS];
	char texts[CALL_PARTS][CALL_TEXT_MAX + sizeof(CALL_CUT)];
	size_t ntexts;
};

static struct cell argument_text(struct named_args *named, const struct call_text *text)
{
	char *bytes = named->texts[named->ntexts];

	if (!text->cut)
		return cell_text(text->bytes, text->len);
	named->ntexts++;
	memcpy(bytes, text->bytes, text->len);
	memcpy(bytes + text->len, CALL_CUT, strlen(CALL_CUT));
	return cell_text(bytes, text->len + strlen(CALL_CUT));
}

static struct cell name_args(struct named_args *named, const struct call *call)
{
	static const char *const unnamed[CALL_ARGS] = { "arg1", "arg2", "arg3",
							"arg4", "arg5", "arg6" };

	named->ntexts = 0;
	for (size_t i = 0; i < call_arg_count(call); i++) {
		const struct syscall_arg *arg = call->args ? &call->args->args[i] : NULL;
		const struct call_text *text = &call->texts[i];
		struct pair *pair = &named->pairs[i];

		*pair = (struct pair){ .name = arg ? arg->name : unnamed[i] };
		pair->text = text->bytes;
		pair->is_unsigned = !call_arg_is_signed(call, i);
		if (text->bytes)
			pair->value = argument_text(named, text);
		else
			pair->value.number = call_arg_value(call, i, !pair->is_unsigned);
	}
	return cell_pairs(named->pairs, call_arg_count(call));
}

static bool is_cut(const struct call *call)
{
	for (size_t i = 0; i < call_arg_count(call); i++)
		if (call->texts[i].cut)
			return true;
	return false;
}

static void fill_cells(struct cell *cells, const struct call *call)
{
	const struct call_event *e = call->event;
	int error = call_error(call);

	cells[CALL_EVENT_PID] = cell_number(e->pid);
	cells[CALL_EVENT_TID] = cell_number(e->tid);
	cells[CALL_EVENT_UID] = cell_number(e->uid);
	cells[CALL_EVENT_COMM] = cell_array(e->comm, CALL_COMM);
	cells[CALL_EVENT_SYSCALL] = cell_string(call->slot_name);
	cells[CALL_EVENT_TRUNCATED] = cell_number(is_cut(call));
	cells[CALL_EVENT_RET] = (e->flags & CALL_NO_RETURN) ? cell_null() : cell_signed(e->ret);
	cells[CALL_EVENT_ERRNO] = cell_string(error ? error_name(error) : NULL);
	cells[CALL_EVENT_DURATION] = cell_number_if(call_duration_is_known(call), e->duration_ns);
}

int call_event_report(struct report *report, const void *data, size_t size,
		      const struct call_context *context)
{
	struct cell cells[CALL_EVENT_COLUMNS] = { 0 };
	struct named_args named;
	char line[CALL_WORDS_MAX];
	struct words words;
	struct call call;
	int r = call_take(&call, data, size, context->args, context->limit);

	if (r < 0)
		return r;
	words_init(&words, line, sizeof(line));
	fill_cells(cells, &call);
	/* Either is work that the other kind of report has no use for. */
	if (report_is_text(report))
		call_words(&words, &call);
	else if (call_has_args(&call))
		cells[CALL_EVENT_ARGS] = name_args(&named, &call);
	else
		cells[CALL_EVENT_ARGS] = cell_null();
	return report_event(report, "call", call.event->time_ns + context->wall_ns, cells,
			    ALL_FIELDS, words.bytes, words.len);
}
