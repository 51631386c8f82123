/* SPDX-License-Identifier: MIT */
/*
 * The C text of one BPF program: the options of this run as #define lines, then the program with
 * its headers in place of their #include lines, reduced to what this run compiles.
 *
 * Nothing else selects what is compiled, no flag and no file, so --ebpf prints exactly the text
 * that clang gets. The cache of objects uses the text before it is reduced as its key, so that a
 * hit need not reduce it.
 */
#ifndef PROGRAM_TEXT_H
#define PROGRAM_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "kernel_layout.h"

struct program_text;

enum {
	PARAMETERS_MAX = 64,
};

/*
 * PARAMETER(n) in a program compiles to a 64-bit constant with this high half ("para") and the low
 * half n. The loader finds these constants and replaces them.
 */
#define PARAMETER_MARK 0x7061726100000000ULL

/**
 * program_text_new() - begin the text of a program
 * @sourcep: result; release with program_text_free()
 * @program: its file in programs/, "openat/count.bpf.c"
 *
 * Return: 0; -ENOENT if the build has no such file; -ENOMEM.
 */
int program_text_new(struct program_text **sourcep, const char *program, struct error *err);

/**
 * program_text_new_from() - as program_text_new(), for a program that is not in programs/
 * @program: its name in messages; borrowed until program_text_free()
 * @text:    its C text; borrowed until program_text_free()
 *
 * Return: 0 or -ENOMEM.
 */
int program_text_new_from(struct program_text **sourcep, const char *program, const char *text,
			  struct error *err);

/**
 * program_text_new_given() - as program_text_new_from(), for the text of a file that a person wrote
 * @path: names the file in messages, those of clang too; borrowed until program_text_free()
 *
 * Return: 0 or -ENOMEM.
 */
int program_text_new_given(struct program_text **sourcep, const char *path, const char *text,
			   struct error *err);

/** program_text_free() - free the text; NULL is allowed. */
void program_text_free(struct program_text *source);

/**
 * program_text_define() - add `#define NAME VALUE` in front of the program
 * @name: identifier, also with parameters: "FILTER(c)"
 * @fmt:  printf() format of the value, which must not contain a newline
 *
 * If there is no memory, program_text_resolved() will report it.
 */
void program_text_define(struct program_text *source, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * program_text_member() - add a member of a kernel structure; see kernel_layout.h
 *
 * Does nothing if it is there. If there are too many, program_text_resolved() will report it.
 */
void program_text_member(struct program_text *source, const struct kernel_layout_member *member);

/** program_text_fail() - make program_text_resolved() report -ENOMEM: a caller had no memory for a
 * define. */
void program_text_fail(struct program_text *source);

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
 * program_text_parameter() - add a parameter
 *
 * Return: its number, for PARAMETER(n); -E2BIG if there are PARAMETERS_MAX already.
 */
int program_text_parameter(struct program_text *source, uint64_t value);

/** program_text_set_parameter() - give parameter @number, which is there, another value. */
void program_text_set_parameter(struct program_text *source, int number, uint64_t value);

/** program_text_parameters() - the parameters added so far; borrowed until program_text_free(). */
const struct parameters *program_text_parameters(const struct program_text *source);

/** program_text_comment() - add a comment line in front of the program; @fmt: printf() format. */
void program_text_comment(struct program_text *source, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * program_text_name() - what messages call it: "programs/openat/count.bpf.c", or a given file's
 * path
 */
const char *program_text_name(const struct program_text *source);

/**
 * program_text_function() - name a function that will run at a hook
 * @function: borrowed until program_text_free()
 *
 * The text then has only the functions named and what they use. Without a call it has all.
 */
void program_text_function(struct program_text *source, const char *function);

/**
 * program_text_resolved() - the text that is compiled; program_resolve.h says how it is reduced
 * @textp: result; borrowed until @source changes
 *
 * Return: 0; -ENOENT if an included file is not part of the build; -EINVAL for an #if without
 * #endif or one that is not decided; -ENOMEM.
 */
int program_text_resolved(struct program_text *source, const char **textp, struct error *err);

/**
 * program_text_with_places() - as program_text_resolved(), with #line directives
 *
 * With them clang's messages name the files of programs/ and their lines.
 */
int program_text_with_places(struct program_text *source, const char **textp, struct error *err);

/**
 * program_text_whole() - the text before it is reduced to this run's part: the key of the cache
 *
 * Return: as program_text_resolved().
 */
int program_text_whole(struct program_text *source, const char **textp, struct error *err);

#endif
