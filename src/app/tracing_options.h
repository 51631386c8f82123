/* SPDX-License-Identifier: MIT */
/*
 * Options that bcc-syscalls and bcc-openat have in common: what a row is about, which results
 * count, how long things take, and a line for each event instead of rows.
 *
 * A tool embeds struct tracing_options in its own options, names the members in its table with
 * OPTION_SETS(), and leaves the ids below to tracing_options_parse().
 */
#ifndef TRACING_OPTIONS_H
#define TRACING_OPTIONS_H

#include "errno_set.h"
#include "group_by.h"
#include "options.h"

/** enum tracing_option - a tool's own ids begin with OPTION_TOOL */
enum tracing_option {
	OPT_BY = OPTION_OWN,
	OPT_ERRNO,
	OPT_BUFFER,
	OPTION_TOOL,
};

/**
 * struct tracing_options - all zero: rows by the tool's default key, everything counts
 * @by:           what a row is about
 * @errnos:       only events that fail with one of these; none: any
 * @failed:       only events that fail
 * @latency:      how long they take
 * @histogram:    and drawn
 * @stream:       a line for each instead of rows
 * @buffer_pages: size of each CPU's perf buffer, a power of two; 0: the default
 */
struct tracing_options {
	struct group_by by;
	struct errno_set errnos;
	bool failed;
	bool latency;
	bool histogram;
	bool stream;
	uint64_t buffer_pages;
};

/**
 * tracing_options_parse() - the value of an option that has one of the ids above
 * @keys: bit set of the words that --by takes
 * Return: 0, -EINVAL or -ENOMEM; the error does not name the option.
 */
int tracing_options_parse(struct tracing_options *options, int id, const char *value, unsigned keys,
			  struct error *err);

/**
 * tracing_options_check() - which do not go together
 * @not_with_stream: a further option given that has no meaning for a stream, or NULL
 * Return: 0 or -EINVAL.
 */
int tracing_options_check(const struct tracing_options *options, const struct options *common,
			  const char *not_with_stream, struct error *err);

/** tracing_options_by() - what rows are about: @usual unless --by says otherwise. */
struct group_by tracing_options_by(const struct tracing_options *options, enum by_word usual);

/** options_pages() - the value of --buffer: a power of two. Return: 0 or -EINVAL. */
int options_pages(const char *value, uint64_t *pages, struct error *err);

#endif
