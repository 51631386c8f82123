/* SPDX-License-Identifier: MIT */
/*
 * Pieces of JSON text, added to a buffer: strings, members of an object, cells. Strings are valid
 * UTF-8 whatever bytes they are made of, and safe to show on a terminal.
 */
#ifndef JSON_VALUE_H
#define JSON_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "report.h"

/** json_add_string() - add a NUL-terminated text as a string. */
void json_add_string(struct buffer *b, const char *s);

/** json_add_key() - add ,"key": */
void json_add_key(struct buffer *b, const char *key);

/** json_add_number() - add ,"key":n */
void json_add_number(struct buffer *b, const char *key, uint64_t n);

/** json_add_seconds() - add ,"key":seconds with nine decimals. */
void json_add_seconds(struct buffer *b, const char *key, uint64_t ns);

/**
 * json_add_cell() - add ,"key":value for a cell; nothing for a RATE column
 *
 * A text that is not valid UTF-8 is followed by ,"key_bytes":"hex"; a list that has such texts by a
 * list with null for the others.
 * A HISTOGRAM cell must be the report's own copy of one.
 */
void json_add_cell(struct buffer *b, const struct column *column, const struct cell *cell);

#endif
