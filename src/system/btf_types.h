/* SPDX-License-Identifier: MIT */
/*
 * The types of the running kernel, read from /sys/kernel/btf/vmlinux and searched. Reading takes 10
 * to 50 ms and 10 MB, so btf.c reads them only for a question that the cache cannot answer.
 *
 * A kernel has some hundred thousand types, and looking one up by its name takes a millisecond. So
 * one pass over all types finds every name of the list in btf_types.c, and a name that is not in
 * that list is never found.
 */
#ifndef BTF_TYPES_H
#define BTF_TYPES_H

#include <stdbool.h>

#define BTF_TYPES_PATH "/sys/kernel/btf/vmlinux"

struct btf_types;

/* What can be asked of a name. */
enum btf_question {
	BTF_ASK_ID,         /* the BTF id of a struct, typedef or function */
	BTF_ASK_OFFSET,     /* where a member of a struct lies, in bytes */
	BTF_ASK_ARGS,       /* how many arguments a tracepoint "btf_trace_NAME" has */
	BTF_ASK_ENUMERATOR, /* the value of an enumerator */
};

/**
 * btf_types_read() - read and search the kernel's types
 * @typesp: filled; release with btf_types_free()
 *
 * Return: 0 or negative errno.
 */
int btf_types_read(struct btf_types **typesp);

/** btf_types_free() - release the types; NULL is fine. */
void btf_types_free(struct btf_types *types);

/** btf_types_has_name() - is this name in the list, so that it can be asked about? */
bool btf_types_has_name(const char *name);

/**
 * btf_types_answer() - answer a question
 * @types:    from btf_types_read()
 * @question: what is asked
 * @name:     of what
 * @member:   for BTF_ASK_OFFSET: a member, or a path through structs "thread_info.status"; members
 *            of unnamed structs and unions count as members of the outer one
 *
 * Return: the answer, or -ENOENT.
 */
int btf_types_answer(const struct btf_types *types, enum btf_question question, const char *name,
		     const char *member);

#endif
