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
	KERNEL_LAYOUT_MEMBERS_MAX = 128,
};

/**
 * struct kernel_layout_member - one member of a stand-in; the strings are borrowed
 * @structure: tag of the structure
 * @name:      what the program calls the member
 * @type:      its C type
 * @origin:    what the kernel calls it, for a comment; NULL if it is the same
 * @offset:    in bytes
 */
struct kernel_layout_member {
	const char *structure, *name, *type, *origin;
	size_t offset;
};

/** struct kernel_layout - all stand-ins of a program; all zero is none */
struct kernel_layout {
	struct kernel_layout_member members[KERNEL_LAYOUT_MEMBERS_MAX];
	size_t count;
};

/**
 * kernel_layout_add() - add a member; does nothing if it is there
 *
 * Return: 0; -E2BIG if there are KERNEL_LAYOUT_MEMBERS_MAX already.
 */
int kernel_layout_add(struct kernel_layout *layout, const struct kernel_layout_member *member);

/**
 * kernel_layout_text() - the structures as C text, in the order of their first members
 *
 * Return: the text, for the caller to free; NULL if there is no memory.
 */
char *kernel_layout_text(const struct kernel_layout *layout);

#endif
