/* SPDX-License-Identifier: MIT */
/* Types of the running kernel, from /sys/kernel/btf/vmlinux. */
#ifndef BTF_H
#define BTF_H

#include <stdbool.h>

#include "error.h"

struct btf_kernel;

/**
 * btf_kernel_open() - know the kernel's types
 * @use_cache: take answers that an earlier run found on a kernel of the same build, and keep new
 * ones: then the types themselves are read only when something new is asked Return: 0; -ENOENT the
 * kernel has no BTF; another negative errno.
 *
 * One pass over some hundred thousand types finds every name this project asks for (the list is in
 * btf.c); looking each up on its own costs a millisecond.
 */
int btf_kernel_open(struct btf_kernel **btfp, bool use_cache, struct error *err);

/**
 * btf_kernel_failed() - have the types turned out not to be readable since they were opened?
 * What has been asked meanwhile was answered as if nothing were there. Return: 0, or negative
 * errno. @btf may be NULL.
 */
int btf_kernel_failed(const struct btf_kernel *btf, struct error *err);

void btf_kernel_free(struct btf_kernel *btf);

/**
 * btf_offset() - where a member lies
 * @type:   a struct's name
 * @member: "pid", or a path through structs: "thread_info.status"
 * Return: offset in bytes; -ENOENT when there is no such member.
 */
int btf_offset(const struct btf_kernel *btf, const char *type, const char *member,
	       struct error *err);

/** btf_lacks() - say why @name was not found: it is not there, or the types could not be read.
 * Return: the error's code. */
int btf_lacks(const struct btf_kernel *btf, const char *name, struct error *err);

/** btf_id() - BTF id of a name (function, or tracepoint as "btf_trace_NAME"). Return: -ENOENT. */
int btf_id(const struct btf_kernel *btf, const char *name);

/** btf_has() - does the kernel have this function, helper or tracepoint? */
bool btf_has(const struct btf_kernel *btf, const char *name);

/** btf_enumerator() - the value of one of the kernel's enumerators (the list is in btf.c). Return:
 * -ENOENT. */
int btf_enumerator(const struct btf_kernel *btf, const char *name);

/** btf_tracepoint_args() - number of arguments of "btf_trace_NAME". Return: -ENOENT. */
int btf_tracepoint_args(const struct btf_kernel *btf, const char *name);

#endif
