/* SPDX-License-Identifier: MIT */
/*
 * Stand-ins for the kernel's structures, as C text in front of a program.
 *
 * A stand-in has only the members that the program reads, each at the offset that the running
 * kernel gives it. The members are a union of paddings, so their order does not matter and two of
 * them may lie at one place. programs/lib/read.bpf.h says how a program reads them.
 */
#ifndef KERNEL_LAYOUT_H
#define KERNEL_LAYOUT_H

#include <stddef.h>

enum {
	LAYOUT_MEMBERS_MAX = 128,
};

/**
 * struct layout_member - one member of a stand-in; the strings are borrowed
 * @structure: tag of the structure
 * @name:      what the program calls the member
 * @type:      its C type
 * @origin:    what the kernel calls it, for a comment; NULL if it is the same
 * @offset:    in bytes
 */
struct layout_member {
	const char *structure, *name, *type, *origin;
	size_t offset;
};

/** struct layout - all stand-ins of a program; all zero is none */
struct layout {
	struct layout_member members[LAYOUT_MEMBERS_MAX];
	size_t count;
};

/**
 * layout_add() - add a member; does nothing if it is there
 *
 * Return: 0; -E2BIG if there are LAYOUT_MEMBERS_MAX already.
 */
int layout_add(struct layout *layout, const struct layout_member *member);

/**
 * layout_text() - the structures as C text, in the order of their first members
 *
 * Return: the text, for the caller to free; NULL if there is no memory.
 */
char *layout_text(const struct layout *layout);

#endif
