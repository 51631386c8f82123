/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count into rows. KEY_FIELDS and the BY_... say what a row is, and come from src/by.c.
 *
 * The CPU is part of each key, so that no two CPUs add to one row: no lock, no cache line that travels; the tool
 * adds the CPUs' rows up. Nor can two programs add to one row on the same CPU, see count() in syscalls.bpf.c.
 *
 * DISTINCT           rows also have registers that tell how many different paths there were, see opens.h
 * ROW_PREPARE(key)   is there what a new row needs? It is counted as dropped when not
 *
 * The table is the one in a one-element array of tables. To read an interval the tool puts an empty one in its
 * place; when that system call returns, no program uses the old one any more.
 */
#include "lib/rows.h"
#ifdef LATENCY
#include "lib/latency.bpf.h"
#endif

struct row_key {
	KEY_FIELDS
};

#ifdef LATENCY
typedef struct row_times row_plain;
#define PLAIN_COUNT(r) (&(r)->count)
#else
typedef struct row_count row_plain;
#define PLAIN_COUNT(r) (r)
#endif

#ifdef DISTINCT
typedef struct {
	row_plain plain;
	u8 ranks[OPEN_DISTINCT];
} row;
#define ROW_PLAIN(r) (&(r)->plain)
#else
typedef row_plain row;
#define ROW_PLAIN(r) (r)
#endif
#define ROW_COUNT(r) PLAIN_COUNT(ROW_PLAIN(r))

#if defined(LATENCY) || defined(DISTINCT)
/* A new row, too large for the stack. */
BPF_ARRAY(blank, row, 1);
#endif
#ifndef ROW_PREPARE
#define ROW_PREPARE(key) 1
#endif

BPF_F_TABLE("hash", struct row_key, row, table, TABLE_MAX, TABLE_FLAGS);
BPF_ARRAY_OF_MAPS(tables, "table", 1);

/* The table to count in; none before all hooks are attached and after the last reading has begun. */
static inline void *current_table(void)
{
	int first = 0;

	return tables.lookup(&first);
}

/* @call: slot of a system call; @error: errno, 0 for success. */
static inline void row_key_fill(struct row_key *key, int call, int error)
{
#ifdef BY_CGROUP
	key->cgroup = bpf_get_current_cgroup_id();
#endif
#if defined(BY_PROCESS) || defined(BY_THREAD)
	u64 ids = current_ids();

	key->pid = ids >> 32;
#endif
#ifdef BY_THREAD
	key->tid = ids;
#endif
#ifdef BY_USER
	key->uid = bpf_get_current_uid_gid();
#endif
#ifdef BY_COMM
	bpf_get_current_comm(key->comm, sizeof(key->comm));
#endif
#ifdef BY_SYSCALL
	key->call = call;
#endif
#ifdef BY_ERRNO
	key->error = error;
#endif
	key->cpu = bpf_get_smp_processor_id();
}

/* A process goes by its leader's name, where that can be read. */
static inline void row_name(struct row_count *count)
{
#if defined(BY_PROCESS) && !defined(BY_THREAD) && defined(TASK_COMM)
	u64 leader = CURRENT_U64(CURRENT_TASK(), TASK_GROUP_LEADER);

	bpf_probe_read_kernel(count->comm, sizeof(count->comm), (void *)(leader + TASK_COMM));
#elif defined(BY_PROCESS) || defined(BY_THREAD)
	bpf_get_current_comm(count->comm, sizeof(count->comm));
#endif
#if defined(BY_PROCESS) || defined(BY_THREAD)
	count->named_ns = bpf_ktime_get_ns();
#endif
}

/* The row of a key; the first to come makes it. */
static inline row *row_get(struct row_key *key)
{
	void *rows = current_table();
	row *found;

	if (!rows)
		return 0;
	found = bpf_map_lookup_elem(rows, key);
	if (found)
		return found;
	if (!ROW_PREPARE(key)) {
		drop_count(DROP_MAP_FULL);
		return 0;
	}
#if defined(LATENCY) || defined(DISTINCT)
	int first = 0;
	row *fresh = blank.lookup(&first);

	if (!fresh)
		return 0;
	bpf_map_update_elem(rows, key, fresh, BPF_NOEXIST);
#else
	row fresh = {};

	bpf_map_update_elem(rows, key, &fresh, BPF_NOEXIST);
#endif
	found = bpf_map_lookup_elem(rows, key);
	if (found)
		row_name(ROW_COUNT(found));
	else
		drop_count(DROP_MAP_FULL);
	return found;
}

#ifdef LATENCY
static inline void row_time(struct row_times *to, u64 duration_ns)
{
	u32 bucket = histogram_bucket(duration_ns);

	if (!to->timed || duration_ns < to->min_ns)
		to->min_ns = duration_ns;
	if (duration_ns > to->max_ns)
		to->max_ns = duration_ns;
	to->timed++;
	to->total_ns += duration_ns;
	to->histogram[bucket]++;
}
#endif
