/* SPDX-License-Identifier: MIT */
/* Records of several CPUs, sorted by their times. See time_merge.h. */
#define _GNU_SOURCE
#include "time_merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* A record: where its bytes are, and what it is sorted by. */
struct held {
	uint64_t time_ns;
	uint64_t sequence; /* in which it was added */
	size_t offset;     /* in time_merge.bytes */
	size_t size;
};

struct time_merge {
	time_merge_record_fn record;
	void *context;
	struct held *held;
	size_t count, capacity;
	char *bytes;
	size_t used, size;
	uint64_t sequence;
};

int time_merge_new(struct time_merge **mergep, time_merge_record_fn record, void *context)
{
	struct time_merge *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->record = record;
	m->context = context;
	*mergep = m;
	return 0;
}

void time_merge_free(struct time_merge *m)
{
	if (!m)
		return;
	free(m->held);
	free(m->bytes);
	free(m);
}

/* The next record must begin at a multiple of 8. */
static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* Make space for one more record of @size bytes. */
static int grow(struct time_merge *m, size_t size)
{
	if (m->count == m->capacity) {
		size_t capacity = m->capacity ? 2 * m->capacity : 256;
		struct held *held = reallocarray(m->held, capacity, sizeof(*held));

		if (!held)
			return -ENOMEM;
		m->held = held;
		m->capacity = capacity;
	}
	if (m->used + size > m->size) {
		size_t larger = 2 * (m->used + size);
		char *bytes = realloc(m->bytes, larger);

		if (!bytes)
			return -ENOMEM;
		m->bytes = bytes;
		m->size = larger;
	}
	return 0;
}

int time_merge_add(struct time_merge *m, const void *data, size_t size)
{
	struct held *h;

	if (size < sizeof(uint64_t))
		return -EINVAL;
	if (grow(m, padded(size)) < 0)
		return -ENOMEM;
	h = &m->held[m->count++];
	*h = (struct held){ .sequence = m->sequence++, .offset = m->used, .size = size };
	memcpy(&h->time_ns, data, sizeof(h->time_ns));
	memcpy(m->bytes + m->used, data, size);
	m->used += padded(size);
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->sequence < y->sequence ? -1 : 1;
}

/* Forget the first @done records and move the bytes of the others to the front. */
static int keep_rest(struct time_merge *m, size_t done)
{
	size_t rest = m->count - done, size = 0, at = 0;
	char *bytes;

	for (size_t i = done; i < m->count; i++)
		size += padded(m->held[i].size);
	bytes = rest ? malloc(size) : NULL;
	if (rest && !bytes)
		return -ENOMEM;
	for (size_t i = done; i < m->count; i++) {
		memcpy(bytes + at, m->bytes + m->held[i].offset, m->held[i].size);
		m->held[i].offset = at;
		at += padded(m->held[i].size);
	}
	memmove(m->held, m->held + done, rest * sizeof(*m->held));
	m->count = rest;
	if (rest) {
		free(m->bytes);
		m->bytes = bytes;
		m->size = size;
	}
	m->used = at;
	return 0;
}

int time_merge_release(struct time_merge *m, uint64_t before)
{
	size_t done = 0;
	int r = 0;

	if (!m->count)
		return 0;
	qsort(m->held, m->count, sizeof(*m->held), by_time);
	while (r == 0 && done < m->count && m->held[done].time_ns < before) {
		const struct held *h = &m->held[done++];

		r = m->record(m->bytes + h->offset, h->size, m->context);
	}
	return done && r == 0 ? keep_rest(m, done) : r;
}
