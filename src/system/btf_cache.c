/* SPDX-License-Identifier: MIT */
/* Answers kept for later runs. See btf_cache.h. */
#define _GNU_SOURCE
#include "btf_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob_cache.h"
#include "cleanup.h"

enum {
	QUESTION_MAX = 128,
};

/* @text: lines of "question answer", or NULL */
struct btf_cache {
	char *subject;
	char *text;
	bool is_new;
};

struct btf_cache *btf_cache_open(const char *subject)
{
	cleanup_close int dir = blob_cache_open();
	struct blob kept = { .bytes = NULL };
	struct btf_cache *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->subject = strdup(subject);
	if (dir < 0 || !blob_cache_find(dir, subject, &kept))
		return a;
	a->text = strndup(kept.bytes, kept.len);
	blob_clear(&kept);
	return a;
}

bool btf_cache_find(const struct btf_cache *a, const char *question, int *answer)
{
	size_t len = strlen(question);
	const char *line = a ? a->text : NULL;

	while (line && *line) {
		if (strncmp(line, question, len) == 0 && line[len] == ' ')
			return sscanf(line + len, "%d", answer) == 1;
		line = strchr(line, '\n');
		line += line != NULL;
	}
	return false;
}

void btf_cache_add(struct btf_cache *a, const char *question, int answer)
{
	char *more = NULL;

	if (!a || strlen(question) >= QUESTION_MAX)
		return;
	if (asprintf(&more, "%s%s %d\n", a->text ? a->text : "", question, answer) < 0)
		return;
	free(a->text);
	a->text = more;
	a->is_new = true;
}

void btf_cache_close(struct btf_cache *a)
{
	cleanup_close int dir = a && a->is_new && a->subject ? blob_cache_open() : -1;
	const struct blob output = { .bytes = a ? a->text : NULL,
				     .len = a && a->text ? strlen(a->text) : 0 };

	if (dir >= 0)
		blob_cache_keep(dir, a->subject, &output);
	if (!a)
		return;
	free(a->subject);
	free(a->text);
	free(a);
}
