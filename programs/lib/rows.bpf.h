/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count into the rows of a report. The tool says what a row is about: KEY_FIELDS and BY_....
 *
 * The CPU is part of each key, so no two CPUs add to one row: no lock, and no cache line that
 * travels. The tool adds the rows of all CPUs up. Two programs cannot add to one row on the same
 * CPU either: the kernel does not run a tracing program while another runs there.
 *
 * `tables` holds the table of the current interval. To read an interval the tool puts an empty
 * table in its place; when that system call returns, no program uses the old one any more.
 */
#include "lib/drops.bpf.h"
#include "lib/latency.bpf.h"
#include "lib/rows.h"
#include "lib/task.bpf.h"

/* What tells rows apart. */
#ifndef BY_SYSCALL
#define BY_SYSCALL 0
#endif
#ifndef BY_PROCESS
#define BY_PROCESS 0
#endif
#ifndef BY_THREAD
#define BY_THREAD 0
#endif
#ifndef BY_COMM
#define BY_COMM 0
#endif
#ifndef BY_USER
#define BY_USER 0
#endif
#ifndef BY_CGROUP
#define BY_CGROUP 0
#endif
#ifndef BY_ERRNO
#define BY_ERRNO 0
#endif
#ifndef BY_PATH
#define BY_PATH 0
#endif
/* What is kept in a row: times, and registers that tell how many different paths there were. */
#ifndef LATENCY
#define LATENCY 0
#endif
#ifndef DISTINCT
#define DISTINCT 0
#endif
/* 1: the kernel tells where a process's leader has its name. */
#ifndef LEADER_COMM
#define LEADER_COMM 0
#endif
/* 1: before Linux 4.11 helpers write to the stack only. */
#ifndef COMM_BY_STACK
#define COMM_BY_STACK 0
#endif
/* 1: the kernel tells when a task began. */
#ifndef TASK_START
#define TASK_START 0
#endif

/* 1: the kernel has no maps of maps. */
#ifndef TWO_TABLES
#define TWO_TABLES 0
#endif

struct row_key {
	KEY_FIELDS
};

typedef struct {
#if LATENCY
	struct row_times times;
#else
	struct row_count count;
#endif
#if DISTINCT
	u8 ranks[OPEN_DISTINCT];
#endif
} row;

/* The counts come first in every row. */
#define ROW_COUNT(r) ((struct row_count *)(r))

#if LATENCY || DISTINCT
/* A new row, too large for the stack. */
BPF_ARRAY(blank, row, 1);
#endif

/* The rows of an interval, until the tool reads them. */
BPF_F_TABLE("hash", struct row_key, row, table, TABLE_MAX, TABLE_FLAGS);

/*
 * The table to count in. None before all hooks are attached and after the last reading has begun.
 * Before Linux 4.12 there are no maps of maps: both tables have names, and `tables` has the number
 * of one, or 0.
 */
#if TWO_TABLES
/* Takes turns with `table`. */
BPF_F_TABLE("hash", struct row_key, row, other_table, TABLE_MAX, TABLE_FLAGS);
/* The number of the one to count in. */
BPF_ARRAY(tables, u32, 1);

typedef u32 row_table;

static inline row_table current_table(void)
{
	int first = 0;
	u32 *number = tables.lookup(&first);

	return number ? *number : 0;
}

static inline row *row_find(row_table rows, struct row_key *key)
{
	return rows == 1 ? table.lookup(key) : other_table.lookup(key);
}

static inline void row_insert(row_table rows, struct row_key *key, row *fresh)
{
	if (rows == 1)
		table.insert(key, fresh);
	else
		other_table.insert(key, fresh);
}
#else
/* The table to count in: the tool puts an empty one here and reads the full one. */
BPF_ARRAY_OF_MAPS(tables, "table", 1);

typedef void *row_table;

static inline row_table current_table(void)
{
	int first = 0;

	return tables.lookup(&first);
}

static inline row *row_find(row_table rows, struct row_key *key)
{
	return bpf_map_lookup_elem(rows, key);
}

static inline void row_insert(row_table rows, struct row_key *key, row *fresh)
{
	bpf_map_update_elem(rows, key, fresh, BPF_NOEXIST);
}
#endif

/* An id is used again, so the key also has the time at which its process and thread began. */
#if BY_THREAD
static inline void row_key_thread(struct row_key *key)
{
	key->tid = current_ids();
	if (TASK_START)
		key->thread_start = READ_CURRENT(CURRENT_TASK(), start_boottime);
}
#endif

#if BY_PROCESS || BY_THREAD
static inline void row_key_process(struct row_key *key)
{
	key->pid = current_ids() >> 32;
	if (TASK_START)
		key->start =
			READ_CURRENT(READ_CURRENT(CURRENT_TASK(), group_leader), start_boottime);
}
#endif

/* @call: slot of a system call; @error: errno, 0 for success */
static inline void row_key_fill(struct row_key *key, int call, int error)
{
	if (BY_CGROUP)
		key->cgroup = bpf_get_current_cgroup_id();
	if (BY_PROCESS || BY_THREAD)
		row_key_process(key);
	if (BY_THREAD)
		row_key_thread(key);
	if (BY_USER)
		key->uid = bpf_get_current_uid_gid();
	if (BY_COMM)
		bpf_get_current_comm(key->comm, sizeof(key->comm));
	if (BY_SYSCALL)
		key->call = call;
	if (BY_ERRNO)
		key->error = error;
	key->cpu = bpf_get_smp_processor_id();
}

/* A process goes by the name of its leader, where that can be read. */
#if BY_PROCESS && !BY_THREAD && LEADER_COMM
static inline void row_comm(struct row_count *count)
{
	struct task_struct *leader = READ_CURRENT(CURRENT_TASK(), group_leader);

	bpf_probe_read_kernel(count->comm, sizeof(count->comm), ADDRESS(leader, comm));
}
#elif COMM_BY_STACK
static inline void row_comm(struct row_count *count)
{
	u64 comm[ROW_COMM / sizeof(u64)];

	bpf_get_current_comm(comm, sizeof(comm));
	((u64 *)count->comm)[0] = comm[0];
	((u64 *)count->comm)[1] = comm[1];
}
#else
static inline void row_comm(struct row_count *count)
{
	bpf_get_current_comm(count->comm, sizeof(count->comm));
}
#endif

static inline void row_name(struct row_count *count)
{
	if (BY_PROCESS || BY_THREAD) {
		row_comm(count);
		count->named_ns = bpf_ktime_get_ns();
	}
}

#if LATENCY || DISTINCT
static inline void row_add(row_table rows, struct row_key *key)
{
	int first = 0;
	row *fresh = blank.lookup(&first);

	if (fresh)
		row_insert(rows, key, fresh);
}
#else
static inline void row_add(row_table rows, struct row_key *key)
{
	row fresh = {};

	row_insert(rows, key, &fresh);
}
#endif

/* The row of a key; the first to come makes it. */
static inline row *row_get(struct row_key *key)
{
	row_table rows = current_table();
	row *found;

	if (!rows)
		return 0;
	found = row_find(rows, key);
	if (found)
		return found;
	/* With BY_PATH the program says what the path in a key stands for, if there is room. */
	if (BY_PATH && !path_names_keep(key)) {
		drop_count(DROP_MAP_FULL);
		return 0;
	}
	row_add(rows, key);
	found = row_find(rows, key);
	if (!found) {
		drop_count(DROP_MAP_FULL);
		return 0;
	}
	row_name(ROW_COUNT(found));
	return found;
}

#if LATENCY
static inline void row_time(row *to, u64 duration_ns)
{
	struct row_times *times = &to->times;
	u32 bucket = histogram_bucket(duration_ns);

	if (!times->timed || duration_ns < times->min_ns)
		times->min_ns = duration_ns;
	if (duration_ns > times->max_ns)
		times->max_ns = duration_ns;
	times->timed++;
	times->total_ns += duration_ns;
	times->histogram[bucket]++;
}
#endif
