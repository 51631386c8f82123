/* SPDX-License-Identifier: MIT */
/*
 * Pieces of JSON text. See json_value.h.
 *
 * Numbers are written by hand, because jansson's hold neither the nine decimals of a time nor an
 * unsigned 64-bit count. Strings, the hard part, are jansson's.
 */
#include "json_value.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "escape.h"
#include "packed_histogram.h"

/* Does JSON show these bytes as they are? */
static bool is_plain(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			return false;
	}
	return true;
}

/* A jansson string of the bytes, made valid UTF-8. The end of @b is the memory for that. */
static json_t *make_string(struct buffer *b, const char *bytes, size_t len, size_t *valid_len)
{
	char *valid = buffer_reserve(b, ESCAPE_MAX(len));

	if (!valid)
		return NULL;
	*valid_len = escape_utf8(valid, ESCAPE_MAX(len), bytes, len);
	return json_stringn_nocheck(valid, *valid_len);
}

static void add_encoded(struct buffer *b, const char *bytes, size_t len)
{
	size_t valid_len = 0, size;
	json_t *string = make_string(b, bytes, len, &valid_len);
	char *out, *encoded;

	size = 6 * valid_len + 2; /* every byte as \u001f, and the quotes */
	/* jansson's text goes behind the longest form that escape_json() can make of it. */
	out = string ? buffer_reserve(b, 7 * size) : NULL;
	if (out) {
		encoded = out + 6 * size;
		b->len += escape_json(out, encoded,
				      json_dumpb(string, encoded, size, JSON_ENCODE_ANY));
	} else {
		b->err = -ENOMEM;
	}
	json_decref(string);
}

/* Bytes that are not UTF-8 become \xNN. Return: false: there were some, so the string does not tell
 * them. */
static bool add_bytes(struct buffer *b, const char *bytes, size_t len)
{
	/* jansson allocates three times for each string, and most strings need no encoding. */
	if (!is_plain(bytes, len)) {
		add_encoded(b, bytes, len);
		return escape_is_utf8(bytes, len);
	}
	buffer_char(b, '"');
	buffer_add(b, bytes, len);
	buffer_char(b, '"');
	return true;
}

void json_add_string(struct buffer *b, const char *s)
{
	add_bytes(b, s, strlen(s));
}

void json_add_key(struct buffer *b, const char *key)
{
	buffer_char(b, ',');
	json_add_string(b, key);
	buffer_char(b, ':');
}

void json_add_number(struct buffer *b, const char *key, uint64_t n)
{
	json_add_key(b, key);
	buffer_number(b, n);
}

void json_add_seconds(struct buffer *b, const char *key, uint64_t ns)
{
	json_add_key(b, key);
	buffer_seconds(b, ns);
}

static void add_hex(struct buffer *b, const char *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	buffer_char(b, '"');
	for (size_t i = 0; i < len; i++) {
		buffer_char(b, digits[(unsigned char)bytes[i] >> 4]);
		buffer_char(b, digits[bytes[i] & 0xf]);
	}
	buffer_char(b, '"');
}

static void add_bytes_key(struct buffer *b, const char *key)
{
	buffer_char(b, ',');
	buffer_char(b, '"');
	buffer_string(b, key);
	buffer_string(b, "_bytes\":");
}

/*
 * In a string, bytes that are not UTF-8 look like an escape that somebody may have written. What a
 * program needs to tell both apart follows: the bytes of the whole string, in hex.
 */
static void add_text_bytes(struct buffer *b, const char *key, const struct cell *cell)
{
	add_bytes_key(b, key);
	add_hex(b, cell->text.bytes, cell->text.len);
}

static void add_list_bytes(struct buffer *b, const char *key, const struct cell *cell)
{
	add_bytes_key(b, key);
	for (size_t i = 0; i < cell->list.count; i++) {
		const struct cell *item = &cell->list.cells[i];

		buffer_char(b, i ? ',' : '[');
		if (item->null || escape_is_utf8(item->text.bytes, item->text.len))
			buffer_string(b, "null");
		else
			add_hex(b, item->text.bytes, item->text.len);
	}
	buffer_char(b, ']');
}

/* Return: as add_bytes(), for all of them. */
static bool add_list(struct buffer *b, const struct cell *cell)
{
	bool told = true;

	buffer_char(b, '[');
	for (size_t i = 0; i < cell->list.count; i++) {
		const struct cell *item = &cell->list.cells[i];

		if (i)
			buffer_char(b, ',');
		if (item->null)
			buffer_string(b, "null");
		else
			told &= add_bytes(b, item->text.bytes, item->text.len);
	}
	buffer_char(b, ']');
	return told;
}

static void add_pair(struct buffer *b, const struct pair *pair)
{
	const struct cell *value = &pair->value;

	json_add_string(b, pair->name);
	buffer_char(b, ':');
	if (value->null) {
		buffer_string(b, "null");
	} else if (pair->text) {
		if (!add_bytes(b, value->text.bytes, value->text.len))
			add_text_bytes(b, pair->name, value);
	} else if (pair->is_unsigned) {
		buffer_number(b, value->number);
	} else {
		buffer_integer(b, value->integer);
	}
}

static void add_pairs(struct buffer *b, const struct cell *cell)
{
	buffer_char(b, '{');
	for (size_t i = 0; i < cell->pairs.count; i++) {
		if (i)
			buffer_char(b, ',');
		add_pair(b, &cell->pairs.pairs[i]);
	}
	buffer_char(b, '}');
}

static void add_value(struct buffer *b, const struct column *column, const struct cell *cell)
{
	switch (column->kind) {
	case COLUMN_TEXT:
		if (!add_bytes(b, cell->text.bytes, cell->text.len))
			add_text_bytes(b, column->key, cell);
		break;
	case COLUMN_LIST:
		if (!add_list(b, cell))
			add_list_bytes(b, column->key, cell);
		break;
	case COLUMN_SIGNED:
		buffer_integer(b, cell->integer);
		break;
	case COLUMN_BOOL:
		buffer_string(b, cell->number ? "true" : "false");
		break;
	case COLUMN_TIME:
		buffer_seconds(b, cell->number);
		break;
	case COLUMN_PERCENT:
		buffer_fraction(b, cell->number);
		break;
	case COLUMN_PAIRS:
		add_pairs(b, cell);
		break;
	case COLUMN_HISTOGRAM:
		histogram_json(b, cell->packed);
		break;
	default:
		buffer_number(b, cell->number);
	}
}

void json_add_cell(struct buffer *b, const struct column *column, const struct cell *cell)
{
	if (column->kind == COLUMN_RATE)
		return;
	json_add_key(b, column->key);
	if (cell->null)
		buffer_string(b, "null");
	else
		add_value(b, column, cell);
}
