/* SPDX-License-Identifier: MIT */
/* Growing bytes, and numbers as text in them. See buffer.h. */
#include "buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

enum {
	FIRST_SIZE = 512, /* bytes; a line of a report fits */
	PER_MILLION = 1000000,
};

char *buffer_reserve(struct buffer *b, size_t more)
{
	size_t size = b->size ? b->size : FIRST_SIZE;
	char *data;

	if (b->err)
		return NULL;
	if (b->data && more <= b->size - b->len)
		return b->data + b->len;
	while (size - b->len < more && size <= SIZE_MAX / 2)
		size *= 2;
	data = size - b->len < more ? NULL : realloc(b->data, size);
	if (!data) {
		b->err = -ENOMEM;
		return NULL;
	}
	b->data = data;
	b->size = size;
	return b->data + b->len;
}

void buffer_reset(struct buffer *b)
{
	b->len = 0;
	b->err = 0;
}

void buffer_free(struct buffer *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

void buffer_add(struct buffer *b, const char *bytes, size_t len)
{
	char *to = len ? buffer_reserve(b, len) : NULL;

	if (!to)
		return;
	memcpy(to, bytes, len);
	b->len += len;
}

void buffer_string(struct buffer *b, const char *s)
{
	buffer_add(b, s, strlen(s));
}

void buffer_char(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void buffer_fill(struct buffer *b, char c, size_t count)
{
	char *to = count ? buffer_reserve(b, count) : NULL;

	if (!to)
		return;
	memset(to, c, count);
	b->len += count;
}

void buffer_number(struct buffer *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	buffer_add(b, digits + at, sizeof(digits) - at);
}

void buffer_integer(struct buffer *b, int64_t n)
{
	if (n < 0)
		buffer_char(b, '-');
	/* In unsigned arithmetic, because -INT64_MIN does not exist. */
	buffer_number(b, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

static void add_padded(struct buffer *b, uint64_t n, size_t digits)
{
	char text[20];

	for (size_t i = digits; i-- > 0; n /= 10)
		text[i] = (char)('0' + n % 10);
	buffer_add(b, text, digits);
}

void buffer_seconds(struct buffer *b, uint64_t ns)
{
	buffer_number(b, ns / NS_PER_S);
	buffer_char(b, '.');
	add_padded(b, ns % NS_PER_S, 9);
}

void buffer_fraction(struct buffer *b, uint64_t ppm)
{
	buffer_number(b, ppm / PER_MILLION);
	buffer_char(b, '.');
	add_padded(b, ppm % PER_MILLION, 6);
}
