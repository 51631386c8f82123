/* SPDX-License-Identifier: MIT */
/*
 * Where members of the kernel's structures lie, on a kernel without BTF: what offset_finder.h finds
 * out. That is done for the first question that no earlier run on a kernel of this build has
 * answered; answers are kept as those from BTF are (btf_cache.h).
 */
#ifndef FOUND_OFFSETS_H
#define FOUND_OFFSETS_H

#include <stdbool.h>

#include "error.h"

struct found_offsets;

/**
 * found_offsets_open() - prepare for questions
 * @use_cache: use answers of earlier runs, and keep new ones
 *
 * Return: release with found_offsets_close(). NULL without memory; then nothing is known.
 */
struct found_offsets *found_offsets_open(bool use_cache);

/** found_offsets_close() - keep new answers, and release; NULL is fine. */
void found_offsets_close(struct found_offsets *found);

/**
 * found_offset() - where a member lies
 * @found:  NULL is fine
 * @type:   name of the structure
 * @member: as for btf_offset(). The type "stack" has one member, "regs": bytes from the start of a
 *          task's stack to the registers of its system call
 * @err:    filled on failure
 *
 * Return: offset in bytes, or -ENOENT: not known.
 */
int found_offset(struct found_offsets *found, const char *type, const char *member,
		 struct error *err);

#endif
