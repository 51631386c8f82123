/* SPDX-License-Identifier: MIT */
/* Cells that several tools have alike: what is in them, what is not known, and which are left
 * alone. */
#define _GNU_SOURCE
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "row_cells.h"

/* In no order that could be taken for granted. */
enum my_column {
	TIMED,
	ERROR,
	PID,
	P99,
	TID,
	CALL,
	COMM,
	MAX,
	UID,
	AVG,
	USER,
	MIN,
	CGROUP,
	P50,
	TOTAL,
	COLUMNS,
};

static void slot_name(size_t slot, char *buf, size_t size)
{
	assert_true(size >= SYSCALL_NAME_MAX);
	snprintf(buf, size, "slot %zu", slot);
}

static const struct key_columns keys = {
	.pid = PID,
	.tid = TID,
	.comm = COMM,
	.uid = UID,
	.user = USER,
	.cgroup = CGROUP,
	.call = CALL,
	.error = ERROR,
	.slot_name = slot_name,
};
static const struct time_columns times = {
	.timed = TIMED,
	.total = TOTAL,
	.avg = AVG,
	.min = MIN,
	.p50 = P50,
	.p99 = P99,
	.max = MAX,
};

/* ---- texts ---- */

static void check_text(const struct cell *cell, const char *want)
{
	assert_false(cell->null);
	assert_int_equal(cell->text.len, strlen(want));
	assert_memory_equal(cell->text.bytes, want, cell->text.len);
}

/* ---- keys ---- */

struct filled {
	struct cell cells[COLUMNS];
	struct row_texts texts;
	struct id_names *names;
};

static void fill(struct filled *f, unsigned words, const struct row_id *id, const char *comm)
{
	const struct group_by by = { words };

	memset(f, 0, sizeof(*f));
	assert_int_equal(id_names_new(&f->names), 0);
	row_cells_key(&keys, &by, f->names, id, comm, &f->texts, f->cells);
}

static const struct row_id someone = {
	.pid = 12,
	.tid = 34,
	.uid = 0,
	.call = 257,
	.error = ENOENT,
	.cgroup = UINT64_MAX,
	.comm = "of the key",
};

static void test_numbers(void **state)
{
	struct filled f;

	(void)state;
	fill(&f, 1 << BY_PROCESS | 1 << BY_THREAD, &someone, "of the row");
	assert_int_equal(f.cells[PID].number, 12);
	assert_int_equal(f.cells[TID].number, 34);
	assert_int_equal(f.cells[UID].number, 0);
	check_text(&f.cells[COMM], "of the row");
	check_text(&f.cells[CALL], "slot 257");
	check_text(&f.cells[ERROR], "ENOENT");
	id_names_free(f.names);
}

/* A name that is part of the key is the row's; and 16 bytes need no end. */
static void test_comm(void **state)
{
	struct row_id id = { .comm = "" };
	struct filled f;

	(void)state;
	fill(&f, 1 << BY_COMM, &someone, "of the row");
	check_text(&f.cells[COMM], "of the key");
	id_names_free(f.names);
	memcpy(id.comm, "sixteen bytes!!!", ROW_COMM);
	fill(&f, 1 << BY_COMM | 1 << BY_PROCESS, &id, "of the row");
	check_text(&f.cells[COMM], "sixteen bytes!!!");
	id_names_free(f.names);
	fill(&f, 1 << BY_PROCESS, &someone, "sixteen bytes!!!and more");
	check_text(&f.cells[COMM], "sixteen bytes!!!");
	id_names_free(f.names);
}

static void test_errors(void **state)
{
	struct row_id id = { .error = 0 };
	struct filled f;

	(void)state;
	fill(&f, 1 << BY_ERRNO, &id, "");
	assert_true(f.cells[ERROR].null);
	check_text(&f.cells[COMM], "");
	id_names_free(f.names);
	id.error = 4000;
	fill(&f, 1 << BY_ERRNO, &id, "");
	check_text(&f.cells[ERROR], "4000");
	id_names_free(f.names);
}

/* To look for these is work: only where they show. */
static void test_names(void **state)
{
	struct filled f;

	(void)state;
	fill(&f, 1 << BY_USER | 1 << BY_CGROUP, &someone, "");
	check_text(&f.cells[USER], "root");
	check_text(&f.cells[CGROUP], "id:18446744073709551615");
	id_names_free(f.names);
	fill(&f, 1 << BY_PROCESS, &someone, "");
	assert_null(f.cells[USER].text.bytes);
	assert_null(f.cells[CGROUP].text.bytes);
	id_names_free(f.names);
}

/* ---- times ---- */

static void test_times(void **state)
{
	uint32_t counts[HISTOGRAM_BUCKETS] = { 0 };
	struct histogram h = { .timed = 0 };
	struct cell cells[COLUMNS] = { 0 };

	(void)state;
	counts[0] = 1;
	counts[10] = 2;
	histogram_add(&h, 3, 22, 0, 11, counts);
	row_cells_times(&times, &h, cells);
	assert_int_equal(cells[TIMED].number, 3);
	assert_int_equal(cells[TOTAL].number, 22);
	assert_int_equal(cells[AVG].number, histogram_average(&h));
	assert_int_equal(cells[MIN].number, 0);
	assert_int_equal(cells[P50].number, histogram_quantile(&h, 1, 2));
	assert_int_equal(cells[P99].number, histogram_quantile(&h, 99, 100));
	assert_int_equal(cells[MAX].number, 11);
	for (size_t i = 0; i < COLUMNS; i++)
		assert_false(cells[i].null);
}

/* Nothing was timed: there is no average, but the sum is 0. A cell that was unknown is not for
 * ever. */
static void test_no_times(void **state)
{
	uint32_t counts[HISTOGRAM_BUCKETS] = { [3] = 1 };
	struct histogram h = { .timed = 0 };
	struct cell cells[COLUMNS] = { 0 };

	(void)state;
	row_cells_times(&times, &h, cells);
	assert_false(cells[TIMED].null || cells[TOTAL].null);
	assert_int_equal(cells[TIMED].number + cells[TOTAL].number, 0);
	assert_true(cells[AVG].null && cells[MIN].null && cells[P50].null && cells[P99].null &&
		    cells[MAX].null);
	assert_false(cells[PID].null || cells[ERROR].null);
	histogram_add(&h, 1, 5, 5, 5, counts);
	row_cells_times(&times, &h, cells);
	assert_false(cells[AVG].null || cells[MIN].null || cells[P50].null || cells[P99].null ||
		     cells[MAX].null);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_comm),
		cmocka_unit_test(test_errors),  cmocka_unit_test(test_names),
		cmocka_unit_test(test_times),   cmocka_unit_test(test_no_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
