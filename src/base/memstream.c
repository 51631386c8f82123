/* SPDX-License-Identifier: MIT */
/* A stream that writes into memory. See text_stream.h. */
#define _GNU_SOURCE
#include "memstream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct text {
	char **textp;
	size_t *lenp;
	size_t room;
	bool failed;
};

static bool make_room(struct text *t, size_t more)
{
	size_t room = t->room;
	char *text;

	while (room < *t->lenp + more + 1)
		room *= 2;
	if (room == t->room)
		return true;
	text = realloc(*t->textp, room);
	if (!text)
		return false;
	*t->textp = text;
	t->room = room;
	return true;
}

static ssize_t add(void *cookie, const char *bytes, size_t len)
{
	struct text *t = cookie;

	t->failed = t->failed || !make_room(t, len);
	if (t->failed) {
		errno = ENOMEM;
		return 0; /* how the C library wants to hear of a failure */
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

FILE *text_stream(char **textp, size_t *lenp)
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
	*t = (struct text){ .textp = textp, .lenp = lenp, .room = FIRST };
	return out;
}
