/* SPDX-License-Identifier: MIT */
/* What path ids stand for. See openat_texts.h. */
#define _GNU_SOURCE
#include "path_names.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "map_read.h"
#include "path_join.h"

enum {
	FIRST_BUCKETS = 1024,
	READINGS_KEPT = 2, /* a text may have come one reading before its row */
};

struct text {
	struct text *next;
	uint64_t id[2];
	uint64_t used; /* the number of the reading */
	size_t len;
	char bytes[];
};

/* One of the names that common ids stand for; @number is its place in the list, from 1. */
struct name {
	const char *bytes;
	size_t len;
	uint64_t number;
};

struct openat_texts {
	struct text **buckets;
	size_t nbuckets, count;
	uint64_t reading;
	void *names; /* tree of struct name, by text */
	struct name **list;
	size_t nnames, room;
};

static size_t bucket_of(const struct openat_texts *texts, const uint64_t id[2])
{
	return (size_t)(id[0] & (texts->nbuckets - 1));
}

static struct text *find(const struct openat_texts *texts, const uint64_t id[2])
{
	struct text *text = texts->buckets[bucket_of(texts, id)];

	while (text && (text->id[0] != id[0] || text->id[1] != id[1]))
		text = text->next;
	return text;
}

int openat_texts_new(struct openat_texts **textsp)
{
	struct openat_texts *texts = calloc(1, sizeof(*texts));

	if (!texts)
		return -ENOMEM;
	texts->nbuckets = FIRST_BUCKETS;
	texts->buckets = calloc(texts->nbuckets, sizeof(*texts->buckets));
	if (!texts->buckets) {
		free(texts);
		return -ENOMEM;
	}
	*textsp = texts;
	return 0;
}

static void forget_names(struct openat_texts *texts)
{
	tdestroy(texts->names, free);
	texts->names = NULL;
	texts->nnames = 0;
}

void openat_texts_free(struct openat_texts *texts)
{
	if (!texts)
		return;
	forget_names(texts);
	for (size_t i = 0; i < texts->nbuckets; i++) {
		for (struct text *text = texts->buckets[i], *next; text; text = next) {
			next = text->next;
			free(text);
		}
	}
	free(texts->buckets);
	free(texts->list);
	free(texts);
}

/* Twice the buckets; when there is no memory for that it goes slower. */
static void grow(struct openat_texts *texts)
{
	struct text **old = texts->buckets, **more = calloc(texts->nbuckets * 2, sizeof(*more));
	size_t nold = texts->nbuckets;

	if (!more)
		return;
	texts->buckets = more;
	texts->nbuckets = nold * 2;
	for (size_t i = 0; i < nold; i++) {
		for (struct text *text = old[i], *next; text; text = next) {
			next = text->next;
			text->next = more[bucket_of(texts, text->id)];
			more[bucket_of(texts, text->id)] = text;
		}
	}
	free(old);
}

static int add(const void *key, const void *value, size_t room, struct openat_texts *texts)
{
	const uint64_t *id = key; /* struct open_path_id */
	const struct open_text *how = value;
	char joined[OPEN_PATH_JOINED_MAX];
	struct text *text = find(texts, id);
	bool truncated;
	int len;

	if (text) {
		text->used = texts->reading;
		return 0;
	}
	len = open_path_join(how, (const char *)(how + 1), room, joined, sizeof(joined),
			     &truncated);
	if (len < 0)
		return 0; /* nothing that could be shown */
	text = malloc(sizeof(*text) + (size_t)len + 4);
	if (!text)
		return -ENOMEM;
	text->id[0] = id[0];
	text->id[1] = id[1];
	text->used = texts->reading;
	memcpy(text->bytes, joined, (size_t)len);
	memcpy(text->bytes + len, "...", 4);
	text->len = (size_t)len + (how->marks & OPEN_PATH_CUT ? 3 : 0);
	if (texts->count++ > texts->nbuckets)
		grow(texts);
	text->next = texts->buckets[bucket_of(texts, text->id)];
	texts->buckets[bucket_of(texts, text->id)] = text;
	return 0;
}

static int add_short(const void *key, const void *value, void *context)
{
	return add(key, value, OPEN_TEXT_SHORT, context);
}

static int add_long(const void *key, const void *value, void *context)
{
	return add(key, value, OPEN_TEXT_MAX, context);
}

int openat_texts_read(struct openat_texts *texts, const struct loaded *loaded, struct error *err)
{
	int r;

	texts->reading++;
	r = table_take(load_map(loaded, "texts_short"), sizeof(struct open_path_id),
		       sizeof(struct open_text_short), add_short, texts, err);
	if (r == 0)
		r = table_take(load_map(loaded, "texts_long"), sizeof(struct open_path_id),
			       sizeof(struct open_text_long), add_long, texts, err);
	return r;
}

void openat_texts_used(struct openat_texts *texts, const uint64_t id[2])
{
	struct text *text = find(texts, id);

	/* Those that are not there yet come with this reading's texts. */
	if (text)
		text->used = texts->reading + 1;
}

struct openat_text openat_texts_path(const struct openat_texts *texts, const uint64_t id[2])
{
	const struct text *text = find(texts, id);

	return text ? (struct openat_text){ text->bytes, text->len }
		    : (struct openat_text){ NULL, 0 };
}

static int compare_names(const void *a, const void *b)
{
	const struct name *one = a, *other = b;
	size_t len = one->len < other->len ? one->len : other->len;
	int order = memcmp(one->bytes, other->bytes, len);

	return order ? order : (one->len > other->len) - (one->len < other->len);
}

static struct openat_text dir_of(struct openat_text path)
{
	size_t len = open_path_dir(path.bytes, path.len);

	return len ? (struct openat_text){ path.bytes, len } : (struct openat_text){ ".", 1 };
}

static int list_name(struct openat_texts *texts, struct name *name)
{
	if (texts->nnames == texts->room) {
		size_t room = texts->room ? texts->room * 2 : FIRST_BUCKETS;
		struct name **list = realloc(texts->list, room * sizeof(struct name *));

		if (!list)
			return -ENOMEM;
		texts->list = list;
		texts->room = room;
	}
	texts->list[texts->nnames++] = name;
	name->number = texts->nnames;
	return 0;
}

int openat_texts_common(struct openat_texts *texts, const uint64_t id[2], bool dir,
			uint64_t common[2])
{
	struct openat_text text = openat_texts_path(texts, id);
	struct name *name, **there;

	common[0] = common[1] = 0;
	if (!text.bytes)
		return 0;
	if (dir)
		text = dir_of(text);
	name = malloc(sizeof(*name));
	if (!name)
		return -ENOMEM;
	*name = (struct name){ .bytes = text.bytes, .len = text.len };
	there = tsearch(name, &texts->names, compare_names);
	if (!there || (*there == name && list_name(texts, name) < 0)) {
		if (there)
			tdelete(name, &texts->names, compare_names);
		free(name);
		return -ENOMEM;
	}
	if (*there != name)
		free(name);
	common[0] = (*there)->number;
	return 0;
}

struct openat_text openat_texts_named(const struct openat_texts *texts, const uint64_t common[2])
{
	if (!common[0] || common[0] > texts->nnames)
		return (struct openat_text){ NULL, 0 };
	return (struct openat_text){ texts->list[common[0] - 1]->bytes,
				     texts->list[common[0] - 1]->len };
}

void openat_texts_age(struct openat_texts *texts)
{
	forget_names(texts);
	for (size_t i = 0; i < texts->nbuckets; i++) {
		for (struct text **at = &texts->buckets[i], *text; (text = *at);) {
			if (text->used + READINGS_KEPT > texts->reading) {
				at = &text->next;
				continue;
			}
			*at = text->next;
			free(text);
			texts->count--;
		}
	}
}
