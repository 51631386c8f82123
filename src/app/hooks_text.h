/* SPDX-License-Identifier: MIT */
/*
 * The hooks of a run in words. A list of a dozen names fills three lines of a terminal, so the
 * `Tracing` line has it only where it fits: elsewhere it says how many hooks of which kind there
 * are.
 */
#ifndef HOOKS_TEXT_H
#define HOOKS_TEXT_H

#include <stddef.h>

#include "object.h"

/**
 * hooks_text() - every hook by name: "kprobe:a, kprobe:b"
 * @count: the first so many programs of @object; the others are the filter's
 * Return: @buf.
 */
const char *hooks_text(const struct object *object, size_t count, char *buf, size_t size);

/**
 * hooks_text_short() - the same if it fits, else "5 tracepoints, 2 raw tracepoints (-v lists them)"
 * @room: columns for it. A single hook is named even if it is wider, and "(-v lists them)" is left
 *        out when there is no room for it
 * Return: @buf.
 */
const char *hooks_text_short(const struct object *object, size_t count, size_t room, char *buf,
			     size_t size);

#endif
