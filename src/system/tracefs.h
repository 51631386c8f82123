/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own description of its tracepoints. Where tracefs is not mounted, a private instance
 * is opened that no path leads to (fsmount, Linux 5.2), so nothing is mounted on the user's
 * machine.
 */
#ifndef TRACEFS_H
#define TRACEFS_H

#include <stdbool.h>
#include <stdio.h>

#include "error.h"

/**
 * tracefs_open() - the root directory of tracefs
 * Return: a descriptor the caller closes, or negative errno.
 */
int tracefs_open(struct error *err);

/**
 * tracefs_event_id() - number by which perf knows a tracepoint
 * @tracefs: from tracefs_open()
 * @event:   "category/name"
 * Return: the id, or negative errno (-ENOENT: the kernel has no such tracepoint).
 */
int tracefs_event_id(int tracefs, const char *event, struct error *err);

/**
 * struct tracefs_field - where a field lies in the record a classic tracepoint program gets
 * @offset, @size: bytes
 * @data_loc: the field is a u32 (length << 16 | offset) that says where the bytes are
 */
struct tracefs_field {
	unsigned offset;
	unsigned size;
	bool data_loc;
};

/** tracefs_field() - look a field up in the event's format file. Return: 0, -ENOENT, or negative
 * errno. */
int tracefs_field(int tracefs, const char *event, const char *name, struct tracefs_field *field,
		  struct error *err);

/** tracefs_format_field() - the same in the text of a format file. Return: 0, -ENOENT, -EINVAL. */
int tracefs_format_field(FILE *format, const char *name, struct tracefs_field *field);

#endif
