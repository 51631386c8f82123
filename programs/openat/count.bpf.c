/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Count opens, how many fail, how long they take, and how many different paths they are for: rows
 * by process, or by what else was asked for, see lib/rows.bpf.h.
 *
 * Where paths tell rows apart the key has a short id of the path. The text goes into a table with
 * the first row that has the id; the tool empties that table each time it reads the rows.
 */
#ifndef NEED_TIME
#define NEED_TIME 0
#endif
#define IN_FLIGHT_TIMES NEED_TIME

#include "openat/call.bpf.h"
#include "openat/path_read.bpf.h"

struct row_key;
static inline int path_names_keep(const struct row_key *key);

#include "lib/rows.bpf.h"

#if BY_PATH
/* What the ids of paths stand for: most paths are short, and a few take much room. */
BPF_TABLE("hash", struct open_path_id, struct open_text_short, texts_short, TEXTS_SHORT_MAX);
/* Those that are longer. */
BPF_TABLE("hash", struct open_path_id, struct open_text_long, texts_long, TEXTS_LONG_MAX);

/* Say what a key's path id stands for. Return: 0: there is no room. */
static inline int path_names_keep(const struct row_key *key)
{
	struct open_path_id id = { .half = { key->path[0], key->path[1] } };
	int which = key->cpu / OPEN_CPUS;
	struct open_buffer *buffer = open_buffers.lookup(&which);

	if (!buffer)
		return 0;
	if (!id.half[0] && !id.half[1])
		return 1;
	if (text_size(&buffer->event.text) <= OPEN_TEXT_SHORT)
		return texts_short.lookup(&id) ||
		       !texts_short.update(&id, (struct open_text_short *)&buffer->event.text);
	return texts_long.lookup(&id) ||
	       !texts_long.update(&id, (struct open_text_long *)&buffer->event.text);
}
#endif

#if DISTINCT
/* Of the bits of a hash that do not choose the register: 1 and how many zeros they begin with. */
static inline u8 rank_of(u64 hash)
{
	u64 rest = hash << OPEN_DISTINCT_BITS | 1ull << (OPEN_DISTINCT_BITS - 1), log2 = 0;

	rest >>= 1;
	HIDE_FROM_CLANG(rest);
	ADD_HIGHEST_BIT(rest, log2);
	return 63 - log2;
}

/* One register of a HyperLogLog, see src/base/hyperloglog.h: the largest rank that was seen. */
static inline void note_distinct(row *to, u64 hash)
{
	u32 which = hash >> (64 - OPEN_DISTINCT_BITS);
	u8 rank = rank_of(hash);

	which &= OPEN_DISTINCT - 1;
	if (rank > to->ranks[which])
		to->ranks[which] = rank;
}
#endif

static inline int is_counting(void)
{
	return current_table() != 0;
}

/* @which: io_uring's hooks have rows of their own, as they come in between system calls. */
static inline row *row_of(int slot, int error, const u64 *path, int which)
{
	struct row_key key = {};

	row_key_fill(&key, slot, error);
	if (BY_PATH) {
		key.path[0] = path[0];
		key.path[1] = path[1];
	}
	key.cpu += which * OPEN_CPUS;
	return row_get(&key);
}

/* Only the failure is new of an open that was counted at its submit, if its success was counted. */
static inline int counts_again(const struct open_call *call)
{
	if (!SUCCESS_COUNTS)
		return 1;
	return !call->counted_at_submit;
}

static inline void opened(void *ctx, struct open_call *call, struct open_buffer *buffer,
			  u64 duration_ns, int which)
{
	int error = error_of(call->ret);
	u64 id[2] = {};
	row *to;

	if (PATH_ID)
		text_id(buffer, id);
	to = row_of(call->slot, error, id, which);
	if (!to)
		return;
	ROW_COUNT(to)->calls += counts_again(call);
	ROW_COUNT(to)->errors += error != 0;
	if (LATENCY && duration_ns)
		row_time(to, duration_ns);
	if (DISTINCT && (id[0] | id[1]))
		note_distinct(to, id[0]);
}

static inline void begun_one(int slot)
{
	row *to = row_of(slot, 0, 0, BUFFER_CALLS);

	if (to)
		ROW_COUNT(to)->calls++;
}

#include "openat/hooks.bpf.h"
