/* SPDX-License-Identifier: MIT */
/* Text composed piece by piece. See words.h. */
#include "words.h"

#include <stdarg.h>
#include <stdio.h>

void words_init(struct words *w, char *bytes, size_t size)
{
	*w = (struct words){ .bytes = bytes, .size = size };
	bytes[0] = '\0';
}

void words_add(struct words *w, const char *format, ...)
{
	size_t room = w->size - w->len;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(w->bytes + w->len, room, format, ap);
	va_end(ap);
	if (n > 0)
		w->len += (size_t)n < room ? (size_t)n : room - 1;
}
