/* SPDX-License-Identifier: MIT */
/* Fields of a CSV line, added to a buffer: quoted where RFC 4180 wants it, and escaped. */
#ifndef CSV_VALUE_H
#define CSV_VALUE_H

#include "buffer.h"
#include "report.h"

/** csv_add_string() - add a NUL-terminated text as a field. */
void csv_add_string(struct buffer *b, const char *s);

/**
 * csv_add_cell() - add a cell as a field, which is empty when the cell is null
 *
 * A HISTOGRAM cell must be the report's own copy of one.
 */
void csv_add_cell(struct buffer *b, enum column_kind kind, const struct cell *cell);

#endif
