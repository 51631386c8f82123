/* SPDX-License-Identifier: MIT */
/* What path ids stand for. See path_names.h. */
#define _GNU_SOURCE
#include "path_names.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "map_read.h"
#include "path_join.h"

enum {
	READINGS_KEPT = 2, /* a text may come one reading before its row */
};

/* @used: number of the last reading that had a row with it */
struct text {
	uint64_t id[2];
	uint64_t used;
	size_t len;
	char bytes[];
};

/* One of the names that common ids stand for; borrowed from a text. */
struct name {
	const char *bytes;
	size_t len;
};

/*
 * @texts: found by id with @texts_index
 * @names: found by their bytes with @names_index; common id N is names[N - 1]
 * @bytes: of all texts
 */
struct path_names {
	struct text **texts;
	struct hash_index texts_index;
	struct name *names;
	struct hash_index names_index;
	size_t bytes;
	uint64_t reading;
};

static uint64_t hash_id(const uint64_t id[2])
{
	return hash_bytes(id, 2 * sizeof(*id));
}

static uint64_t hash_text(const void *owner, uint32_t i)
{
	return hash_id(((const struct path_names *)owner)->texts[i]->id);
}

static bool has_id(const void *owner, uint32_t i, const void *id)
{
	const struct text *text = ((const struct path_names *)owner)->texts[i];

	return memcmp(text->id, id, sizeof(text->id)) == 0;
}

static uint64_t hash_name(const void *owner, uint32_t i)
{
	const struct name *name = &((const struct path_names *)owner)->names[i];

	return hash_bytes(name->bytes, name->len);
}

static bool is_name(const void *owner, uint32_t i, const void *key)
{
	const struct name *name = &((const struct path_names *)owner)->names[i], *wanted = key;

	return name->len == wanted->len && memcmp(name->bytes, wanted->bytes, name->len) == 0;
}

static struct text *find(const struct path_names *texts, const uint64_t id[2])
{
	uint32_t i = hash_index_find(&texts->texts_index, hash_id(id), has_id, texts, id);

	return i == HASH_NONE ? NULL : texts->texts[i];
}

/* What is behind a text says that it was cut. */
static size_t size_of(size_t len)
{
	return sizeof(struct text) + len + sizeof("...");
}

int path_names_new(struct path_names **textsp)
{
	*textsp = calloc(1, sizeof(**textsp));
	return *textsp ? 0 : -ENOMEM;
}

void path_names_free(struct path_names *texts)
{
	if (!texts)
		return;
	for (size_t i = 0; i < texts->texts_index.count; i++)
		free(texts->texts[i]);
	free(texts->texts);
	free(texts->names);
	hash_index_free(&texts->texts_index);
	hash_index_free(&texts->names_index);
	free(texts);
}

static int add(const void *key, const void *value, size_t size, struct path_names *texts)
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
	len = open_path_join(how, (const char *)(how + 1), size, joined, sizeof(joined),
			     &truncated);
	if (len < 0)
		return 0; /* no path that could be shown */
	if (texts->bytes + size_of((size_t)len) > PATH_NAMES_BYTES)
		return 0;
	if (hash_index_reserve(&texts->texts_index, &texts->texts, sizeof(struct text *), hash_text,
			       texts) < 0)
		return -ENOMEM;
	text = malloc(size_of((size_t)len));
	if (!text)
		return -ENOMEM;
	text->id[0] = id[0];
	text->id[1] = id[1];
	text->used = texts->reading;
	memcpy(text->bytes, joined, (size_t)len);
	memcpy(text->bytes + len, "...", 4);
	text->len = (size_t)len + (how->marks & OPEN_PATH_CUT ? 3 : 0);
	texts->texts[texts->texts_index.count] = text;
	hash_index_add(&texts->texts_index, hash_id(id));
	texts->bytes += size_of(text->len);
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

int path_names_read(struct path_names *texts, const struct loaded *loaded, struct error *err)
{
	int r;

	texts->reading++;
	r = map_read_and_delete(loader_map(loaded, "texts_short", sizeof(struct open_path_id),
					   sizeof(struct open_text_short)),
				sizeof(struct open_path_id), sizeof(struct open_text_short),
				add_short, texts, err);
	if (r == 0)
		r = map_read_and_delete(loader_map(loaded, "texts_long",
						   sizeof(struct open_path_id),
						   sizeof(struct open_text_long)),
					sizeof(struct open_path_id), sizeof(struct open_text_long),
					add_long, texts, err);
	return r;
}

void path_names_used(struct path_names *texts, const uint64_t id[2])
{
	struct text *text = find(texts, id);

	/* Those that are not there yet come with this reading's texts. */
	if (text)
		text->used = texts->reading + 1;
}

struct path_name path_names_path(const struct path_names *texts, const uint64_t id[2])
{
	const struct text *text = find(texts, id);

	return text ? (struct path_name){ text->bytes, text->len } : (struct path_name){ NULL, 0 };
}

static struct path_name dir_of(struct path_name path)
{
	size_t len = open_path_dir(path.bytes, path.len);

	return len ? (struct path_name){ path.bytes, len } : (struct path_name){ ".", 1 };
}

int path_names_common(struct path_names *texts, const uint64_t id[2], bool dir, uint64_t common[2])
{
	struct path_name text = path_names_path(texts, id);
	struct name name;
	uint64_t hash;
	uint32_t i;

	common[0] = common[1] = 0;
	if (!text.bytes)
		return 0;
	if (dir)
		text = dir_of(text);
	name = (struct name){ .bytes = text.bytes, .len = text.len };
	hash = hash_bytes(name.bytes, name.len);
	i = hash_index_find(&texts->names_index, hash, is_name, texts, &name);
	if (i == HASH_NONE) {
		if (hash_index_reserve(&texts->names_index, &texts->names, sizeof(name), hash_name,
				       texts) < 0)
			return -ENOMEM;
		i = (uint32_t)texts->names_index.count;
		texts->names[i] = name;
		hash_index_add(&texts->names_index, hash);
	}
	common[0] = (uint64_t)i + 1;
	return 0;
}

struct path_name path_names_named(const struct path_names *texts, const uint64_t common[2])
{
	if (!common[0] || common[0] > texts->names_index.count)
		return (struct path_name){ NULL, 0 };
	return (struct path_name){ texts->names[common[0] - 1].bytes,
				   texts->names[common[0] - 1].len };
}

void path_names_age(struct path_names *texts)
{
	size_t left = 0;

	hash_index_refill(&texts->names_index, 0, hash_name, texts);
	for (size_t i = 0; i < texts->texts_index.count; i++) {
		struct text *text = texts->texts[i];

		if (text->used + READINGS_KEPT > texts->reading) {
			texts->texts[left++] = text;
			continue;
		}
		texts->bytes -= size_of(text->len);
		free(text);
	}
	hash_index_refill(&texts->texts_index, left, hash_text, texts);
}
