/* SPDX-License-Identifier: MIT */
/* Sums per process. See per_process.h. */
#define _GNU_SOURCE
#include "per_process.h"

#include <errno.h>
#include <stdlib.h>

#include "hash.h"

/* @gone: it had ended when look() asked last */
struct total {
	uint64_t start_ns;
	uint64_t sum;
	uint32_t pid;
	bool gone;
};

/**
 * struct per_process - the processes of a run
 * @list:  one entry for each process that is not forgotten, found by @index
 * @alive: processes that were alive when look() asked last
 * @gone:  processes that had ended then, and are still in @list
 * @fresh: processes that have come since
 * @past:  sums of processes that are forgotten
 */
struct per_process {
	struct total *list;
	struct hash_index index;
	size_t alive, gone, fresh;
	struct distribution past;
};

int per_process_new(struct per_process **totalsp)
{
	*totalsp = calloc(1, sizeof(**totalsp));
	return *totalsp ? 0 : -ENOMEM;
}

void per_process_free(struct per_process *t)
{
	if (!t)
		return;
	hash_index_free(&t->index);
	free(t->list);
	free(t);
}

static uint64_t hash_of(const struct total *total)
{
	const uint64_t key[] = { total->start_ns, total->pid };

	return hash_bytes(key, sizeof(key));
}

static uint64_t hash_total(const void *owner, uint32_t i)
{
	return hash_of(&((const struct per_process *)owner)->list[i]);
}

static bool is_of(const void *owner, uint32_t i, const void *process)
{
	const struct total *a = &((const struct per_process *)owner)->list[i], *b = process;

	return a->pid == b->pid && a->start_ns == b->start_ns;
}

int per_process_add(struct per_process *t, uint32_t pid, uint64_t start_ns, uint64_t count)
{
	const struct total process = { .pid = pid, .start_ns = start_ns };
	uint64_t hash = hash_of(&process);
	uint32_t i = hash_index_find(&t->index, hash, is_of, t, &process);

	if (i == HASH_NONE) {
		if (hash_index_reserve(&t->index, &t->list, sizeof(*t->list), hash_total, t) < 0)
			return -ENOMEM;
		i = (uint32_t)t->index.count;
		t->list[i] = process;
		hash_index_add(&t->index, hash);
		t->fresh++;
	}
	t->list[i].sum += count;
	return 0;
}

static void forget_gone(struct per_process *t)
{
	size_t left = 0;

	if (!t->gone)
		return;
	for (size_t i = 0; i < t->index.count; i++) {
		if (t->list[i].gone)
			distribution_add(&t->past, t->list[i].sum);
		else
			t->list[left++] = t->list[i];
	}
	t->gone = 0;
	hash_index_refill(&t->index, left, hash_total, t);
	hash_index_shrink(&t->index, &t->list, sizeof(*t->list), hash_total, t);
}

/* Those that had the same id follow one another, the latest last. */
static int by_id_and_start(const void *a, const void *b)
{
	const struct total *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->start_ns < y->start_ns ? -1 : x->start_ns > y->start_ns;
}

static void look(struct per_process *t, per_process_alive_fn alive, void *context)
{
	qsort(t->list, t->index.count, sizeof(*t->list), by_id_and_start);
	hash_index_refill(&t->index, t->index.count, hash_total, t);
	for (size_t i = 0; i < t->index.count; i++) {
		struct total *total = &t->list[i];
		bool reused = i + 1 < t->index.count && total[1].pid == total->pid;

		if (!total->gone && (reused || !alive(total->pid, context))) {
			total->gone = true;
			t->gone++;
		}
	}
	t->alive = t->index.count - t->gone;
	t->fresh = 0;
}

void per_process_fold(struct per_process *t, per_process_alive_fn alive, void *context)
{
	forget_gone(t);
	if (t->fresh > PER_PROCESS_FRESH_MAX + t->alive / 4)
		look(t, alive, context);
}

size_t per_process_count(const struct per_process *t)
{
	return t->index.count;
}

const struct distribution *per_process_finish(struct per_process *t)
{
	for (size_t i = 0; i < t->index.count; i++)
		distribution_add(&t->past, t->list[i].sum);
	hash_index_refill(&t->index, 0, hash_total, t);
	t->alive = t->gone = t->fresh = 0;
	return &t->past;
}
