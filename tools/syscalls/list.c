/* SPDX-License-Identifier: MIT */
/* bcc-syscalls --list: the system calls there are, or those that -e selects. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "cleanup.h"
#include "csv_value.h"
#include "json_value.h"
#include "stdout_stream.h"
#include "syscall_classes.h"
#include "syscall_names.h"
#include "syscalls_options.h"

enum {
	CLASSES_MAX = 32, /* bits of a set */
	NAME_WIDTH = 28,
};

enum list_column {
	LIST_NUMBER,
	LIST_SYSCALL,
	LIST_CLASSES,
	LIST_COLUMNS,
};

static const struct column columns[LIST_COLUMNS] = {
	[LIST_NUMBER] = { .key = "number", .kind = COLUMN_SIGNED },
	[LIST_SYSCALL] = { .key = "syscall", .kind = COLUMN_TEXT },
	[LIST_CLASSES] = { .key = "classes", .kind = COLUMN_LIST },
};

/* As the kernel has it. */
static int number_of(const struct syscall_entry *entry)
{
	return syscall_kernel_number(entry->abi, entry->number);
}

/* Cells of all columns; those of @classes are an element each, for the cells to borrow. */
static void fill_cells(struct cell cells[LIST_COLUMNS], struct cell classes[CLASSES_MAX],
		       const struct syscall_entry *entry)
{
	size_t count = 0;

	for (unsigned rest = entry->classes; rest; rest &= rest - 1)
		classes[count++] = cell_string(syscall_class_name(rest & -rest));
	cells[LIST_NUMBER] = cell_signed(number_of(entry));
	cells[LIST_SYSCALL] = cell_string(entry->name);
	cells[LIST_CLASSES] = cell_list(classes, count);
}

static int add_words(const struct syscall_entry *entry, void *context)
{
	struct buffer *b = context;
	size_t len = strlen(entry->name);
	char number[16];

	snprintf(number, sizeof(number), "%6d  ", number_of(entry));
	buffer_string(b, number);
	buffer_string(b, entry->name);
	if (entry->classes && len < NAME_WIDTH)
		buffer_fill(b, ' ', NAME_WIDTH - len);
	for (unsigned rest = entry->classes; rest; rest &= rest - 1) {
		buffer_string(b, " %");
		buffer_string(b, syscall_class_name(rest & -rest));
	}
	buffer_char(b, '\n');
	return b->err;
}

static int add_csv(const struct syscall_entry *entry, void *context)
{
	struct buffer *b = context;
	struct cell cells[LIST_COLUMNS], classes[CLASSES_MAX];

	fill_cells(cells, classes, entry);
	for (size_t i = 0; i < LIST_COLUMNS; i++) {
		if (i)
			buffer_char(b, ',');
		csv_add_cell(b, columns[i].kind, &cells[i]);
	}
	buffer_char(b, '\n');
	return b->err;
}

static int add_json(const struct syscall_entry *entry, void *context)
{
	struct buffer *b = context;
	struct cell cells[LIST_COLUMNS], classes[CLASSES_MAX];

	fill_cells(cells, classes, entry);
	buffer_string(b, "{\"type\":\"syscall\"");
	for (size_t i = 0; i < LIST_COLUMNS; i++)
		json_add_cell(b, &columns[i], &cells[i]);
	buffer_string(b, "}\n");
	return b->err;
}

static const struct {
	const char *heading;
	int (*add)(const struct syscall_entry *entry, void *context);
} formats[] = {
	[REPORT_TABLE] = { "NUMBER  SYSCALL                      CLASSES\n", add_words },
	[REPORT_JSON] = { "", add_json },
	[REPORT_CSV] = { "number,syscall,classes\n", add_csv },
};

/* Return: 1 when the list was asked for and written, 0 when it was not asked for, or -errno. */
int syscalls_list(const void *context, const struct options *common, struct error *err)
{
	const struct syscalls_options *options = context;
	const struct syscall_set *set = options->set.any ? &options->set : NULL;
	enum report_format format = common->report.format;
	struct buffer b = { 0 };
	int r;

	if (!options->list)
		return 0;
	buffer_string(&b, formats[format].heading);
	r = syscall_list(formats[format].add, set, &b);
	if (r == 0)
		r = output_write(b.data, b.len);
	buffer_free(&b);
	return r < 0 ? error_set(err, r, "cannot write the list: %s", error_words(r)) : 1;
}
