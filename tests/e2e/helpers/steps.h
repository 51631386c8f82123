/* SPDX-License-Identifier: MIT */
/*
 * The frame of workload and opener: programs that run the steps on their command line and print one
 * line of JSON for each, so that a test knows exactly what a tool must have seen.
 *
 *   PROGRAM [--gate] [--out PATH | --err] [--threads T] STEP [+ STEP]...
 *
 *   --gate       print {"ready":true,"pid":...,"tids":[...]}, then wait for a line on standard
 * input before the first step
 *   --out PATH   append the results to PATH, opened by openat2(2), which no test counts
 *   --err        print the results to standard error
 *   --threads T  start T threads before the gate; each of them runs all steps
 *
 * A step is a word and its arguments. Each line of results is one write(2).
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_MAX_BYTES = 1 << 16, THREADS_MAX = 256 };

/* A line of results that is being written. */
struct line {
	size_t len;
	char text[LINE_MAX_BYTES];
};

/** line_begin() - start a line: {"step":"@step","pid":...,"tid":... */
void line_begin(struct line *line, const char *step);

/** line_add() - append formatted text; dies if the line gets too long */
void line_add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** line_end() - close the object and write the line */
void line_end(struct line *line);

/**
 * struct step - one word of the command line
 * @args: how many arguments the step needs; more are handed to it too
 * @takes_all: the step gets all words that remain, `+` and further steps included
 * @run: does the step; @line is memory for its results, @argv[0] the word itself
 */
struct step {
	const char *name;
	int args;
	bool takes_all;
	void (*run)(struct line *line, int argc, char **argv);
};

/**
 * steps_main() - the program's main(): read the options, start the threads, run all steps
 * @steps: ends with an entry without a name
 */
int steps_main(const struct step *steps, char **argv);

/** steps_run() - run these words as steps, in a step that makes a child for them */
void steps_run(char **argv);

/** steps_out_path() - the PATH of --out, or NULL */
const char *steps_out_path(void);

/** steps_thread_index() - the number of the calling thread among the T of --threads, from 0 */
long steps_thread_index(void);

#endif
