/* SPDX-License-Identifier: MIT */
/* A stream that writes into memory. See memstream.h. */
#define _GNU_SOURCE
#include "memstream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct text {
	char **textp;
	size_t *lenp;
	size_t capacity;
	bool failed;
};

static bool reserve(struct text *t, size_t more)
{
	size_t capacity = t->capacity;
	char *text;

	while (capacity < *t->lenp + more + 1)
		capacity *= 2;
	if (capacity == t->capacity)
		return true;
	text = realloc(*t->textp, capacity);
	if (!text)
		return false;
	*t->textp = text;
	t->capacity = capacity;
	return true;
}

static ssize_t add(void *cookie, const char *bytes, size_t len)
{
	struct text *t = cookie;

	t->failed = t->failed || !reserve(t, len);
	if (t->failed) {
		errno = ENOMEM;
		return 0; /* a failure, to fopencookie(3) */
	}
	memcpy(*t->textp + *t->lenp, bytes, len);
	*t->lenp += len;
	(*t->textp)[*t->lenp] = '\0';
	return (ssize_t)len;
}

static int finish(void *cookie)
{
	struct text *t = cookie;
	bool failed = t->failed;

	free(t);
	return failed ? -1 : 0;
}

FILE *memstream_open(char **textp, size_t *lenp)
{
	enum { FIRST = 256 };
	struct text *t = calloc(1, sizeof(*t));
	char *text = malloc(FIRST);
	FILE *out = t && text
			    ? fopencookie(t, "w",
					  (cookie_io_functions_t){ .write = add, .close = finish })
			    : NULL;

	if (!out) {
		free(t);
		free(text);
		return NULL;
	}
	text[0] = '\0';
	*textp = text;
	*lenp = 0;
	*t = (struct text){ .textp = textp, .lenp = lenp, .capacity = FIRST };
	return out;
}
