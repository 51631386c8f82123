/* SPDX-License-Identifier: MIT */
/* Cells that rows of several tools have alike. See row_cells.h. */
#define _GNU_SOURCE
#include "row_cells.h"

enum {
	PARTS = 1000000, /* of a share */
};

uint64_t cell_share(uint64_t some, uint64_t all)
{
	return all ? (uint64_t)((double)some / (double)all * PARTS + 0.5) : 0;
}

void row_cells_key(const struct key_columns *columns, const struct group_by *by,
		   struct id_names *names, const struct row_id *id, const char *comm,
		   struct row_texts *texts, struct cell *cells)
{
	if (group_by_has(by, BY_COMM))
		comm = id->comm;
	cells[columns->pid] = cell_number(id->pid);
	cells[columns->tid] = cell_number(id->tid);
	cells[columns->comm] = cell_array(comm, ROW_COMM);
	cells[columns->uid] = cell_number(id->uid);
	if (group_by_has(by, BY_USER))
		cells[columns->user] = cell_string(id_names_user(names, id->uid));
	if (group_by_has(by, BY_CGROUP))
		cells[columns->cgroup] = cell_string(id_names_cgroup(names, id->cgroup));
	columns->slot_name(id->call, texts->call, sizeof(texts->call));
	cells[columns->call] = cell_string(texts->call);
	cells[columns->error] = cell_string(id->error ? errno_text(id->error, texts->error) : NULL);
}

void row_cells_times(const struct time_columns *columns, const struct histogram *times,
		     struct cell *cells)
{
	bool known = times->timed;

	cells[columns->timed] = cell_number(times->timed);
	cells[columns->total] = cell_number(times->total_ns);
	cells[columns->avg] = cell_number_if(known, histogram_average(times));
	cells[columns->min] = cell_number_if(known, times->min_ns);
	cells[columns->p50] = cell_number_if(known, histogram_quantile(times, 1, 2));
	cells[columns->p99] = cell_number_if(known, histogram_quantile(times, 99, 100));
	cells[columns->max] = cell_number_if(known, times->max_ns);
}
