/* SPDX-License-Identifier: MIT */
/*
 * C text to object, by libbcc and its clang, in a forked child.
 *
 * Why a child: LLVM ends the process on back-end errors (exit(1) or abort() inside the library), a
 * compile changes the process's directory and never gives its 100 MB back, and linking LLVM costs
 * every start 17 ms. Why a sandboxed one: it reads C, as root, on a machine in trouble. The child
 * has no privilege, no files but the embedded stand-in for kernel headers on a file system of its
 * own, no environment and bounded resources, and it makes no maps: the library's map creation is
 * interposed.
 *
 * Needs no privilege. Must be called before the process has threads.
 */
#ifndef COMPILER_H
#define COMPILER_H

#include <stdbool.h>
#include <stddef.h>

#include "blob.h"
#include "error.h"
#include "hook.h"
#include "object.h"
#include "program_text.h"

/**
 * compile_output() - as compile(), but to bytes in the form object_read() takes
 * @output: the object, and the libraries that made it; release with blob_clear()
 */
int compile_output(struct source *source, const struct hook *hooks, size_t nhooks,
		   struct blob *output, struct error *err);

/**
 * compile() - make an object of a program
 * @source: its text
 * @hooks:  for each function of the program that is to be kept, the hook it is meant for
 * @nhooks: how many
 * @object: result; release with object_clear()
 * @err:    on failure, detail holds clang's own words
 *
 * Return: 0; -EINVAL the text does not compile; -ENOENT libbcc cannot be loaded; -ECHILD the
 * compiler died; or another negative errno.
 */
int compile(struct source *source, const struct hook *hooks, size_t nhooks, struct object *object,
	    struct error *err);

/**
 * compile_library_version() - which libbcc a compile would use
 * @buf: "0.26.0" and the like
 * Return: 0, -ENOENT when libbcc cannot be found.
 *
 * libbcc does not tell its version at run time; the name of the file behind libbcc.so.0 does. The
 * library is looked for, not loaded.
 */
int compile_library_version(char *buf, size_t size);

#endif
