/* SPDX-License-Identifier: MIT */
/*
 * The complete C text of one BPF program: what this run needs as #define lines, then the program
 * with its own headers folded in, reduced to what this run compiles. There are no other flags, so
 * what --ebpf prints is what is compiled.
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

/* The high half of the 64-bit constant that PARAMETER(n) compiles to; the low half is n. "para". */
#define PARAMETER_MARK 0x7061726100000000ULL

/**
 * source_new() - begin the text of a program
 * @sourcep: result; release with source_free()
 * @program: its file in programs/, "openat/count.bpf.c"
 * Return: 0, -ENOENT or -ENOMEM.
 */
int source_new(struct source **sourcep, const char *program, struct error *err);

/**
 * source_new_text() - the same for a program that is not in programs/
 * @program: the name it goes by in messages
 * @text:    its C text; borrowed until source_free()
 */
int source_new_text(struct source **sourcep, const char *program, const char *text,
		    struct error *err);

void source_free(struct source *source);

/**
 * source_define() - add `#define NAME VALUE` in front of the program
 * @name: identifier, may have a parameter list: "FILTER(c)"
 * @fmt:  printf format of the value; it must not contain a newline
 *
 * Running out of memory is remembered and reported by source_text().
 */
void source_define(struct source *source, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** source_member() - add a member of a kernel structure, unless it is there; see kernel_layout.h. */
void source_member(struct source *source, const struct layout_member *member);

/** source_fail() - what was to be defined could not be made for lack of memory: source_text() is to
 * say so. */
void source_fail(struct source *source);

/**
 * struct parameters - constants that are put into a program when it is loaded, not when it is
 * compiled PARAMETER(n) in a program stands for values[n].
 */
struct parameters {
	uint64_t values[PARAMETERS_MAX];
	size_t count;
};

/** source_parameter() - add a parameter. Return: its number, or -E2BIG. */
int source_parameter(struct source *source, uint64_t value);

/** source_parameters() - those added so far; borrowed. */
const struct parameters *source_parameters(const struct source *source);

/** source_comment() - add a comment line in front of the program. */
void source_comment(struct source *source, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** source_program() - the program's file name, for messages. */
const char *source_program(const struct source *source);

/**
 * source_function() - name a function that goes on a hook; borrowed until source_free()
 * Of functions that are not static, source_text() then has only those named. Without a call it has
 * them all.
 */
void source_function(struct source *source, const char *function);

/**
 * source_text() - what is compiled: this run's part of the text, see program_resolve.h
 * @textp: result, borrowed from @source until it changes
 * Return: 0, -ENOENT (an include that is not embedded), -EINVAL (an #if without #endif) or -ENOMEM.
 */
int source_text(struct source *source, const char **textp, struct error *err);

/** source_text_with_places() - the same with #line, so that clang's messages name files and lines
 * of programs/. */
int source_text_with_places(struct source *source, const char **textp, struct error *err);

/** source_text_whole() - the text before it is reduced to this run's part. */
int source_text_whole(struct source *source, const char **textp, struct error *err);

#endif
