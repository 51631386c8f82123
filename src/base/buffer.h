/* SPDX-License-Identifier: MIT */
/*
 * A growing run of bytes, and the pieces of text that reports are composed of. A writer composes a
 * whole record in a buffer and hands it on in one piece, so that no reader sees half of one. A
 * failed allocation is remembered in the buffer: a writer checks @err once, at the end.
 *
 * Numbers are written with '.' as the decimal point and without grouping in every locale.
 */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct buffer - growing bytes; all zero is an empty buffer
 * @data: heap memory, without a NUL at its end; NULL until something is added
 * @len:  bytes in use
 * @size: bytes allocated
 * @err:  -ENOMEM after an allocation failed, else 0; until buffer_reset(), later additions then do
 *        nothing
 */
struct buffer {
	char *data;
	size_t len;
	size_t size;
	int err;
};

/**
 * buffer_reserve() - allocate memory for bytes that the caller writes itself
 * @b:    the buffer; the caller adds to @len what it has written
 * @more: bytes that may be written
 *
 * Return: the end of the text, valid until the next addition; NULL when @b->err is set.
 */
char *buffer_reserve(struct buffer *b, size_t more);

/** buffer_reset() - forget the text and the error, and keep the memory for the next text. */
void buffer_reset(struct buffer *b);

/** buffer_free() - release the memory. The buffer is empty then and can be used again. */
void buffer_free(struct buffer *b);

/** buffer_add() - add @len bytes, copied from @bytes; NUL bytes are bytes as any other. */
void buffer_add(struct buffer *b, const char *bytes, size_t len);

/** buffer_string() - add the bytes of a NUL-terminated string. */
void buffer_string(struct buffer *b, const char *s);

/** buffer_char() - add one byte. */
void buffer_char(struct buffer *b, char c);

/** buffer_fill() - add @c, @count times. */
void buffer_fill(struct buffer *b, char c, size_t count);

/** buffer_number() - add a number in decimal. */
void buffer_number(struct buffer *b, uint64_t n);

/** buffer_integer() - add a signed number in decimal. */
void buffer_integer(struct buffer *b, int64_t n);

/** buffer_seconds() - add @ns nanoseconds as seconds with nine decimals: "1.500000000". */
void buffer_seconds(struct buffer *b, uint64_t ns);

/** buffer_fraction() - add @ppm parts per million as a fraction with six decimals: "0.250000". */
void buffer_fraction(struct buffer *b, uint64_t ppm);

#endif
