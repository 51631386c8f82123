/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own description of its tracepoints: their ids and the fields of their records. If
 * tracefs is not mounted, a private instance is opened (detached_mount.h), so nothing changes on
 * the user's machine.
 */
#ifndef TRACEFS_H
#define TRACEFS_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"

/**
 * tracefs_open() - open the root directory of tracefs
 *
 * Return: a descriptor that the caller closes, or negative errno.
 */
int tracefs_open(struct error *err);

/**
 * tracefs_event_id() - the number by which perf_event_open(2) knows a tracepoint
 * @tracefs: from tracefs_open()
 * @event:   "category/name"
 * @err:     filled on failure
 *
 * Return: the id; -ENOENT when the kernel has no such tracepoint; another negative errno.
 */
int tracefs_event_id(int tracefs, const char *event, struct error *err);

/**
 * struct tracefs_field - where a field lies in the record that a classic tracepoint's program gets
 * @offset:   in bytes
 * @size:     in bytes
 * @data_loc: the field is a u32, (length << 16 | offset), that says where the bytes are
 */
struct tracefs_field {
	unsigned offset;
	unsigned size;
	bool data_loc;
};

/**
 * tracefs_field() - look a field up in the format file of a tracepoint
 * @tracefs: from tracefs_open()
 * @event:   "category/name"
 * @name:    of the field
 * @field:   filled
 * @err:     filled on failure
 *
 * Return: 0; -ENOENT when the tracepoint or the field does not exist; another negative errno.
 */
int tracefs_field(int tracefs, const char *event, const char *name, struct tracefs_field *field,
		  struct error *err);

/** tracefs_format_field() - the same, from a format file. Return: 0, -ENOENT or -EINVAL. */
int tracefs_format_field(FILE *format, const char *name, struct tracefs_field *field);

#endif
