/* SPDX-License-Identifier: MIT */
/*
 * C text to object, by libbcc and its clang, in a forked child.
 *
 * The tools do not compile in their own process because LLVM ends the process when its back end
 * meets an error (exit(1) or abort() inside the library), because a compile changes the working
 * directory and never frees its 100 MB, and because linking LLVM would add 17 ms to every start.
 *
 * The child runs a compiler as root, so it is confined (compiler_sandbox.h), and it makes no maps
 * (libbcc_overrides.h). Compiling needs no privilege. It must be called before the process has
 * threads, because it forks.
 */
#ifndef COMPILER_H
#define COMPILER_H

#include <stddef.h>

#include "blob.h"
#include "error.h"
#include "hook.h"
#include "program_text.h"

/**
 * compiler_compile() - compile a program
 * @source:         its text; borrowed
 * @hooks, @nhooks: the functions to keep, each with the hook it will run at
 * @output:         result: an ELF file for object_read(), and in .origin the compiler's libraries,
 *                  a line each: path, space, file_identity(). Release with blob_clear()
 * @err:            if the compiler failed, the detail holds what clang and LLVM printed
 *
 * Return: 0; -EINVAL if the text does not compile; -ENOENT if libbcc cannot be loaded; -EPERM if
 * the child cannot confine itself; -ECHILD if the child died or made no object; or another
 * negative errno.
 */
int compiler_compile(struct program_text *source, const struct hook *hooks, size_t nhooks,
		     struct blob *output, struct error *err);

/**
 * compiler_library_version() - the version of libbcc that a compile would use
 * @buf:  result: "0.26.0"; "unknown" if libbcc is installed without a version in its name
 * @size: of @buf in bytes
 *
 * libbcc has no function that tells its version. The name of the file behind libbcc.so.0 does. The
 * library is not loaded for this.
 *
 * Return: 0, or -ENOENT if libbcc is not installed.
 */
int compiler_library_version(char *buf, size_t size);

#endif
