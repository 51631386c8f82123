/* SPDX-License-Identifier: MIT */
/*
 * Every program that a tool can need compiles, as an ordinary user, to what an old kernel can run.
 *
 * A test says which command lines its tool understands (test_combinations_*.c). Each is given to
 * the tool's own parser, and its own plans make programs of it, for the kernels of
 * made_up_kernel.h. combinations.c compiles each different program once, object_checks.c looks at
 * the result, and questions.c checks that the command lines and kernels leave no part of a program
 * out.
 */
#ifndef COMBINATIONS_H
#define COMBINATIONS_H

#include "unit.h"

#include "group_by.h"
#include "made_up_kernel.h"
#include "object.h"
#include "plan.h"
#include "tool.h"

struct job;

/**
 * struct suite - the combinations of one tool
 * @tool:           without texts and columns, which no plan asks for
 * @folder:         of programs/, where the tool's programs are
 * @lines:          its options, as on a command line
 * @other_words:    conditions of shared files that only other tools fulfil; ended by NULL
 * @check_maps:     has the program its maps? Return: 0, or: 1 after complain()
 */
struct suite {
	struct tool tool;
	const char *folder;
	const char *const *lines;
	size_t nlines;
	const char *const *other_words;
	int (*check_maps)(const struct job *job, const struct object *object);
};

extern const struct suite suite;

/**
 * struct job - one program to compile
 * @line, @filter: its command line, in two parts
 * @made_up, @set: how the kernel shows the events
 * @words, @kernel, @options, @tool_options: filled while the job is at hand, see job_open()
 */
struct job {
	const char *line, *filter;
	const struct made_up_kernel *made_up;
	const struct probe_set *set;
	char words[256];
	struct kernel kernel;
	struct options options;
	void *tool_options;
};

/** job_open() - parse the job's command line; to be closed */
void job_open(struct job *job);
void job_close(struct job *job);

/** job_plan() - the plan that a run would make. Return: 0, or why there is none. */
int job_plan(const struct job *job, struct plan *plan, struct error *err);

/** jobs_each() - @visit every job, open, in turn. Return: how many there are. */
size_t jobs_each(void (*visit)(const struct job *job));

/** check_object() - is it what its plan says, and fit for its kernel? Return: 1 after complain() */
int check_object(const struct job *job, const struct object *object, const struct plan *plan);

/** complain() - Return: 1. */
int complain(const struct job *job, const char *what, const char *detail);

/** struct expected_map - a map, and whether this job's program should have it */
struct expected_map {
	const char *name;
	bool wanted;
};

/** check_maps() - are there these, those of every tool, and no others? @count: of @maps */
int check_maps(const struct job *job, const struct object *object, const struct expected_map *maps,
	       size_t count);

/** check_rows() - the tables that rows are counted in. @value_size: of a row */
int check_rows(const struct job *job, const struct object *object, const struct group_by *by,
	       size_t value_size);

/** test_all_answers(), test_all_programs() - see questions.c */
void test_all_answers(void **state);
void test_all_programs(void **state);

#endif
