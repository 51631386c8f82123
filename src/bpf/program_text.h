/* SPDX-License-Identifier: MIT */
/*
 * The C text of one BPF program: the options of this run as #define lines, then the program with
 * its headers in place of their #include lines, reduced to what this run compiles.
 *
 * Nothing else selects what is compiled, no flag and no file, so --ebpf prints exactly the text
 * that clang gets, and the cache of objects can use it as its key.
 */
#ifndef PROGRAM_TEXT_H
#define PROGRAM_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "kernel_layout.h"

struct source;

enum {
	PARAMETERS_MAX = 64,
};

/*
 * PARAMETER(n) in a program compiles to a 64-bit constant with this high half ("para") and the low
 * half n. The loader finds these constants and replaces them.
 */
#define PARAMETER_MARK 0x7061726100000000ULL

/**
 * source_new() - begin the text of a program
 * @sourcep: result; release with source_free()
 * @program: its file in programs/, "openat/count.bpf.c"
 *
 * Return: 0; -ENOENT if the build has no such file; -ENOMEM.
 */
int source_new(struct source **sourcep, const char *program, struct error *err);

/**
 * source_new_text() - as source_new(), for a program that is not in programs/
 * @program: its name in messages; borrowed until source_free()
 * @text:    its C text; borrowed until source_free()
 *
 * Return: 0 or -ENOMEM.
 */
int source_new_text(struct source **sourcep, const char *program, const char *text,
		    struct error *err);

/** source_free() - free the text; NULL is allowed. */
void source_free(struct source *source);

/**
 * source_define() - add `#define NAME VALUE` in front of the program
 * @name: identifier, also with parameters: "FILTER(c)"
 * @fmt:  printf() format of the value, which must not contain a newline
 *
 * If there is no memory, source_text() will report it.
 */
void source_define(struct source *source, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * source_member() - add a member of a kernel structure; see kernel_layout.h
 *
 * Does nothing if it is there. If there are too many, source_text() will report it.
 */
void source_member(struct source *source, const struct layout_member *member);

/** source_fail() - make source_text() report -ENOMEM: a caller had no memory for a define. */
void source_fail(struct source *source);

/**
 * struct parameters - constants that a program gets when it is loaded, not when it is compiled
 * @values: values[n] is the value of PARAMETER(n)
 * @count:  used entries of @values
 *
 * Runs that differ only in parameters (the pids of -p) share one text and one cached object.
 */
struct parameters {
	uint64_t values[PARAMETERS_MAX];
	size_t count;
};

/**
 * source_parameter() - add a parameter
 *
 * Return: its number, for PARAMETER(n); -E2BIG if there are PARAMETERS_MAX already.
 */
int source_parameter(struct source *source, uint64_t value);

/** source_parameters() - the parameters added so far; borrowed until source_free(). */
const struct parameters *source_parameters(const struct source *source);

/** source_comment() - add a comment line in front of the program; @fmt: printf() format. */
void source_comment(struct source *source, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** source_program() - the program's file name, for messages. */
const char *source_program(const struct source *source);

/**
 * source_function() - name a function that will run at a hook
 * @function: borrowed until source_free()
 *
 * The text then has only the functions named and what they use. Without a call it has all.
 */
void source_function(struct source *source, const char *function);

/**
 * source_text() - the text that is compiled; program_resolve.h says how it is reduced
 * @textp: result; borrowed until @source changes
 *
 * Return: 0; -ENOENT if an included file is not part of the build; -EINVAL for an #if without
 * #endif and the like; -ENOMEM.
 */
int source_text(struct source *source, const char **textp, struct error *err);

/**
 * source_text_with_places() - as source_text(), with #line directives
 *
 * With them clang's messages name the files of programs/ and their lines.
 */
int source_text_with_places(struct source *source, const char **textp, struct error *err);

/** source_text_whole() - as source_text(), but not reduced to this run's part. */
int source_text_whole(struct source *source, const char **textp, struct error *err);

#endif
