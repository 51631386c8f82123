/* SPDX-License-Identifier: MIT */
/* Cells that rows of several tools have alike. See row_cells.h. */
#define _GNU_SOURCE
#include "row_cells.h"

#include <string.h>

#include "cleanup.h"

enum {
	PARTS = 1000000, /* of a share */
};

void cell_set_text(struct cell *cell, const char *text)
{
	cell->null = !text;
	cell->text.bytes = text;
	cell->text.len = text ? strlen(text) : 0;
}

uint64_t cell_share(uint64_t some, uint64_t all)
{
	return all ? (uint64_t)((double)some / (double)all * PARTS + 0.5) : 0;
}

void row_cells_key(const struct key_columns *columns, const struct by *by, struct names *names,
		   const struct row_id *id, const char *comm, struct row_texts *texts,
		   struct cell *cells)
{
	if (by_has(by, BY_COMM))
		comm = id->comm;
	cells[columns->pid].number = id->pid;
	cells[columns->tid].number = id->tid;
	cells[columns->comm].text.bytes = comm;
	cells[columns->comm].text.len = strnlen(comm, ROW_COMM);
	cells[columns->uid].number = id->uid;
	if (by_has(by, BY_USER))
		cell_set_text(&cells[columns->user], names_user(names, id->uid));
	if (by_has(by, BY_CGROUP))
		cell_set_text(&cells[columns->cgroup], names_cgroup(names, id->cgroup));
	columns->slot_name(id->call, texts->call, sizeof(texts->call));
	cell_set_text(&cells[columns->call], texts->call);
	cell_set_text(&cells[columns->error],
		      id->error ? errno_text(id->error, texts->error) : NULL);
}

void row_cells_times(const struct time_columns *columns, const struct histogram *times,
		     struct cell *cells)
{
	const size_t unknown[] = { columns->avg, columns->min, columns->p50, columns->p99,
				   columns->max };

	cells[columns->timed].number = times->timed;
	cells[columns->total].number = times->total_ns;
	cells[columns->avg].number = histogram_average(times);
	cells[columns->min].number = times->min_ns;
	cells[columns->p50].number = histogram_quantile(times, 1, 2);
	cells[columns->p99].number = histogram_quantile(times, 99, 100);
	cells[columns->max].number = times->max_ns;
	for (size_t i = 0; i < array_size(unknown); i++)
		cells[unknown[i]].null = !times->timed;
}
