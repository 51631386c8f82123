/* SPDX-License-Identifier: MIT */
/* Records of opened files to fields of a report. See event_line.h. */
#define _GNU_SOURCE
#include "event_line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "call_names.h"
#include "cleanup.h"
#include "error.h"
#include "open_flags.h"
#include "path_join.h"

/* Only what a descriptor is differs. */
#define COLUMNS_WITH(fd_kind)                                                                      \
	{                                                                                          \
		[OPEN_EVENT_PID] = { .key = "pid", .head = "PID", .kind = COLUMN_ID, .width = 7 }, \
		[OPEN_EVENT_TID] = { .key = "tid", .kind = COLUMN_ID },                            \
		[OPEN_EVENT_UID] = { .key = "uid", .head = "UID", .kind = COLUMN_ID, .width = 5 }, \
		[OPEN_EVENT_COMM] = { .key = "comm",                                               \
				      .head = "COMM",                                              \
				      .kind = COLUMN_TEXT,                                         \
				      .width = 15 },                                               \
		[OPEN_EVENT_CALL] = { .key = "call", .kind = COLUMN_TEXT },                        \
		[OPEN_EVENT_FD] = { .key = "fd", .head = "FD", .kind = (fd_kind), .width = 6 },    \
		[OPEN_EVENT_SLOT] = { .key = "slot", .kind = COLUMN_SIGNED },                      \
		[OPEN_EVENT_ERRNO] = { .key = "errno", .kind = COLUMN_TEXT },                      \
		[OPEN_EVENT_FLAGS] = { .key = "flags",                                             \
				       .head = "FLAGS",                                            \
				       .kind = COLUMN_LIST,                                        \
				       .width = 18,                                                \
				       .wide = true },                                             \
		[OPEN_EVENT_MODE] = { .key = "mode",                                               \
				      .head = "MODE",                                              \
				      .kind = COLUMN_TEXT,                                         \
				      .width = 4 },                                                \
		[OPEN_EVENT_DIRFD] = { .key = "dirfd", .kind = COLUMN_SIGNED },                    \
		[OPEN_EVENT_PATH] = { .key = "path", .kind = COLUMN_TEXT },                        \
		[OPEN_EVENT_GIVEN] = { .key = "given", .kind = COLUMN_TEXT },                      \
		[OPEN_EVENT_TRUNCATED] = { .key = "truncated", .kind = COLUMN_BOOL },              \
		[OPEN_EVENT_DURATION] = {                                                          \
			.key = "duration_ns", .head = "TOOK", .kind = COLUMN_NS, .width = 7        \
		},                                                                                 \
	}

const struct column open_event_columns[OPEN_EVENT_COLUMNS] = COLUMNS_WITH(COLUMN_SIGNED);
const struct column open_event_table_columns[OPEN_EVENT_COLUMNS] = COLUMNS_WITH(COLUMN_TEXT);

#define ALL_FIELDS ((1ULL << OPEN_EVENT_COLUMNS) - 1)
#define CUT "..."
#define NOT_KNOWN "-"

enum {
	MAX_ERRNO = 4095,
	PERMISSIONS = 07777, /* of a mode, the kernel looks at no more */
	PADDING_MAX = 7,
	MODE_MAX = 16,
	FD_MAX = 24,
};

struct report_layout open_event_layout(enum report_format format)
{
	return (struct report_layout){
		.columns = format == REPORT_TABLE ? open_event_table_columns : open_event_columns,
		.ncolumns = OPEN_EVENT_COLUMNS,
		.active = UINT64_MAX,
		.streaming = true,
		.one_type = true,
		.detail_head = OPEN_EVENT_DETAIL,
	};
}

/**
 * struct opened - a record that has been checked
 * @path:     whole, unless it is not known: then @path_len is negative
 * @is_cut:   it has dots behind it in a table
 * @flags:    names, cells of a list
 */
struct opened {
	const struct open_event *event;
	int path_len;
	bool truncated;
	bool is_cut;
	char path[OPEN_PATH_JOINED_MAX + sizeof(CUT)];
	char call[SYSCALL_NAME_MAX];
	char mode[MODE_MAX];
	char fd[FD_MAX];
	char unknown[OPEN_FLAGS_UNKNOWN_MAX];
	struct cell flags[OPEN_FLAGS_NAMES_MAX];
};

/* ---- a record, checked ---- */

static int take_path(struct opened *opened, const struct open_event *e, size_t room)
{
	opened->truncated = opened->is_cut = false;
	opened->path_len = open_path_join(&e->text, (const char *)(e + 1), room, opened->path,
					  OPEN_PATH_JOINED_MAX, &opened->truncated);
	if (opened->path_len < 0)
		return opened->path_len == -ENODATA ? 0 : -EINVAL;
	opened->is_cut = e->text.marks & OPEN_PATH_CUT;
	return 0;
}

/* The program is ours, but the bytes are checked all the same. */
static int take(struct opened *opened, const void *data, size_t size)
{
	const struct open_event *e = data;
	size_t room;

	if (size < sizeof(*e) || e->call >= OPEN_SLOTS)
		return -EINVAL;
	room = size - sizeof(*e);
	if (take_path(opened, e, room) < 0)
		return -EINVAL;
	opened->event = e;
	return room - e->text.path_size - e->text.dir_size <= PADDING_MAX ? 0 : -EINVAL;
}

bool open_event_failed(const struct open_event *event)
{
	return (uint64_t)event->ret >= (uint64_t)-MAX_ERRNO;
}

/* ---- as fields ---- */

/* A column of text in tables, of numbers elsewhere. */
static struct cell fd_cell(struct opened *opened, bool as_text)
{
	const struct open_event *e = opened->event;

	if (!as_text)
		return open_event_failed(e) ? cell_null() : cell_signed(e->ret);
	if (open_event_failed(e))
		return cell_string(error_name((int)e->ret));
	snprintf(opened->fd, sizeof(opened->fd), "%" PRId64, (int64_t)e->ret);
	return cell_string(opened->fd);
}

static struct cell flags_cell(struct opened *opened)
{
	const char *names[OPEN_FLAGS_NAMES_MAX];
	size_t n =
		open_flags_names(opened->event->flags, names, array_size(names), opened->unknown);

	for (size_t i = 0; i < n; i++)
		opened->flags[i] = cell_string(names[i]);
	return cell_list(opened->flags, n);
}

static struct cell mode_cell(struct opened *opened)
{
	const struct open_event *e = opened->event;

	if (!open_flags_makes(e->flags))
		return cell_null();
	snprintf(opened->mode, sizeof(opened->mode), "%04" PRIo32, e->mode & PERMISSIONS);
	return cell_string(opened->mode);
}

static struct cell call_cell(struct opened *opened)
{
	open_slot_name(opened->event->call, opened->call, sizeof(opened->call));
	return cell_string(opened->call);
}

static void fill_cells(struct cell *cells, struct opened *opened, bool is_text)
{
	const struct open_event *e = opened->event;

	cells[OPEN_EVENT_PID] = cell_number(e->pid);
	cells[OPEN_EVENT_TID] = cell_number(e->tid);
	cells[OPEN_EVENT_UID] = cell_number(e->uid);
	cells[OPEN_EVENT_COMM] = cell_array(e->comm, OPEN_COMM);
	cells[OPEN_EVENT_FD] = fd_cell(opened, is_text);
	cells[OPEN_EVENT_FLAGS] = flags_cell(opened);
	cells[OPEN_EVENT_MODE] = mode_cell(opened);
	cells[OPEN_EVENT_DURATION] = cell_number_if(e->duration_ns, e->duration_ns);
	if (e->text.marks & (OPEN_NO_ARGS | OPEN_NO_RESULT | OPEN_RING_SLOT))
		cells[OPEN_EVENT_FD] = cell_null();
	if ((e->text.marks & OPEN_NO_ARGS) || e->flags == OPEN_FLAGS_UNKNOWN)
		cells[OPEN_EVENT_FLAGS] = cells[OPEN_EVENT_MODE] = cell_null();
}

/* What the program gave, where the path is another one. */
static struct cell given_cell(const struct opened *opened)
{
	const struct open_text *text = &opened->event->text;
	const char *given = (const char *)(opened->event + 1);
	size_t len = strnlen(given, text->path_size);

	if (!text->path_size ||
	    (len == (size_t)opened->path_len && memcmp(given, opened->path, len) == 0))
		return cell_null();
	return cell_text(given, len);
}

/* What tables do not show: to look up a call's name, for one, is work. */
static void fill_record(struct cell *cells, struct opened *opened)
{
	const struct open_event *e = opened->event;

	cells[OPEN_EVENT_CALL] = call_cell(opened);
	cells[OPEN_EVENT_ERRNO] =
		open_event_failed(e) ? cell_string(error_name((int)e->ret)) : cell_null();
	cells[OPEN_EVENT_DIRFD] = e->dirfd == AT_FDCWD ? cell_null() : cell_signed(e->dirfd);
	cells[OPEN_EVENT_PATH] = opened->path_len < 0
					 ? cell_null()
					 : cell_text(opened->path, (size_t)opened->path_len);
	cells[OPEN_EVENT_GIVEN] = given_cell(opened);
	cells[OPEN_EVENT_SLOT] = e->text.marks & OPEN_RING_SLOT ? cell_signed(e->ret) : cell_null();
	cells[OPEN_EVENT_TRUNCATED] = cell_number(opened->truncated);
}

/* What a line ends with. */
static struct cell detail(struct opened *opened)
{
	if (opened->path_len < 0)
		return cell_string(NOT_KNOWN);
	if (opened->is_cut) {
		memcpy(opened->path + opened->path_len, CUT, sizeof(CUT));
		opened->path_len += (int)strlen(CUT);
	}
	return cell_text(opened->path, (size_t)opened->path_len);
}

int open_event_report(struct report *report, const void *data, size_t size, uint64_t wall_ns)
{
	struct cell cells[OPEN_EVENT_COLUMNS] = { 0 }, end = cell_null();
	bool is_text = report_is_text(report);
	struct opened opened;
	int r = take(&opened, data, size);

	if (r < 0)
		return r;
	fill_cells(cells, &opened, is_text);
	if (is_text)
		end = detail(&opened);
	else
		fill_record(cells, &opened);
	return report_event(report, "open", opened.event->time_ns + wall_ns, cells, ALL_FIELDS,
			    end.text.bytes, end.text.len);
}
