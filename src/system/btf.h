/* SPDX-License-Identifier: MIT */
/*
 * Questions about the types of the running kernel: where a member of a structure lies, whether a
 * function or a tracepoint exists. The answers go into compiled programs as numbers. An answer that
 * an earlier run found on a kernel of the same build comes from the cache (btf_cache.h), so most
 * runs do not read the types at all; see btf_types.h for those that do.
 */
#ifndef BTF_H
#define BTF_H

#include <stdbool.h>

#include "error.h"

struct btf_kernel;

/**
 * btf_kernel_open() - prepare for questions
 * @btfp:      filled; release with btf_kernel_free()
 * @use_cache: use answers of earlier runs, keep new ones, and read the types only for a question
 *             that no earlier run has asked; otherwise read them now
 * @err:       filled on failure
 *
 * Return: 0; -ENOENT when the kernel has no BTF; another negative errno.
 */
int btf_kernel_open(struct btf_kernel **btfp, bool use_cache, struct error *err);

/**
 * btf_kernel_failed() - have the types turned out to be unreadable since btf_kernel_open()?
 * @btf: may be NULL
 * @err: filled on failure
 *
 * Questions asked since then were answered as if the kernel had nothing, so a caller that got
 * -ENOENT checks this before it believes the answer.
 *
 * Return: 0, or negative errno.
 */
int btf_kernel_failed(const struct btf_kernel *btf, struct error *err);

/** btf_unreadable() - say that the types cannot be read; @code: negative errno. Return: @code. */
int btf_unreadable(int code, struct error *err);

/** btf_kernel_free() - keep new answers in the cache, and release; NULL is fine. */
void btf_kernel_free(struct btf_kernel *btf);

/**
 * btf_kernel_forget() - in a child process: free the memory of the types, and keep no answers
 * @btf: NULL is fine; not to be asked any more
 */
void btf_kernel_forget(struct btf_kernel *btf);

/*
 * In the functions below @btf may be NULL: then nothing is found. A name that is not in the list of
 * btf_types.c is never found either; add it there.
 */

/**
 * btf_offset() - where a member of a structure lies
 * @btf:    from btf_kernel_open()
 * @type:   name of the structure
 * @member: "pid", or a path through structures: "thread_info.status"
 * @err:    filled on failure
 *
 * Return: offset in bytes; -ENOENT when the structure has no such member; another negative errno
 * when the types cannot be read.
 */
int btf_offset(const struct btf_kernel *btf, const char *type, const char *member,
	       struct error *err);

/**
 * btf_lacks() - say why a name was not found: the kernel has none, or the types are unreadable
 *
 * Return: the error's code.
 */
int btf_lacks(const struct btf_kernel *btf, const char *name, struct error *err);

/** btf_id() - BTF id of a function, or of a tracepoint as "btf_trace_NAME". Return: or -ENOENT. */
int btf_id(const struct btf_kernel *btf, const char *name);

/** btf_has() - does the kernel have this function, helper or tracepoint? */
bool btf_has(const struct btf_kernel *btf, const char *name);

/** btf_enumerator() - the value of an enumerator of the kernel. Return: or -ENOENT. */
int btf_enumerator(const struct btf_kernel *btf, const char *name);

/** btf_tracepoint_args() - number of arguments of "btf_trace_NAME". Return: or -ENOENT. */
int btf_tracepoint_args(const struct btf_kernel *btf, const char *name);

#endif
