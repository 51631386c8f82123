/* SPDX-License-Identifier: MIT */
/* What a run of bcc-syscalls is asked for. See syscalls_choices.h; the program that takes is in
 * syscalls_plan.c. */
#define _GNU_SOURCE
#include "syscalls_options.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "syscall_names.h"

enum syscalls_option {
	OPT_BY = OPTION_OWN,
	OPT_SYSCALL,
	OPT_LIST,
	OPT_FAILED,
	OPT_ERRNO,
	OPT_LATENCY,
	OPT_HISTOGRAM,
	OPT_CUMULATIVE,
	OPT_STREAM,
	OPT_BUFFER,
};

enum {
	KNOWN = (1 << BY_CALL) - 1, /* those before */
};

const struct option_entry syscalls_options[SYSCALLS_OPTIONS] = {
	{ 0, "by", "KEY[,KEY...]",
	  "what a row is about: syscall (default), process, thread, comm, user,\ncgroup, errno, or "
	  "a combination",
	  OPT_BY, false },
	{ 'e', "syscall", "LIST",
	  "only these calls: names, globs, numbers, i386:NAME, !NAME, and the classes\n%file %desc "
	  "%process %network %memory %signal %ipc",
	  OPT_SYSCALL, true },
	{ 'l', "list", NULL,
	  "print the system calls there are (with -e: those it selects), and exit", OPT_LIST,
	  false },
	{ 'x', "failed", NULL, "only calls that fail", OPT_FAILED, true },
	{ 0, "errno", "ERRNO[,...]", "only calls that fail with one of these: names or numbers",
	  OPT_ERRNO, true },
	{ 'L', "latency", NULL,
	  "how long calls take, time spent sleeping in them included; and which are\nwaiting, "
	  "since when; sorted by total_ns",
	  OPT_LATENCY, false },
	{ 0, "histogram", NULL, "with -L: draw how the times of each row are distributed",
	  OPT_HISTOGRAM, false },
	{ 0, "cumulative", NULL, "sums since the start beside those of the interval",
	  OPT_CUMULATIVE, false },
	{ 0, "stream", NULL, "a line for each call as it returns, instead of counts", OPT_STREAM,
	  false },
	{ 0, "buffer", "PAGES",
	  "with --stream: perf buffer of each CPU, a power of two (default 128)", OPT_BUFFER,
	  false },
};

/* A list that is given again goes on where the one before ended. */
static int parse_calls(struct syscalls_choices *choices, const char *list, struct error *err)
{
	char *joined = NULL;

	if (asprintf(&joined, "%s%s%s", choices->lists ? choices->lists : "",
		     choices->lists ? "," : "", list) < 0)
		return error_nomem(err);
	free(choices->lists);
	choices->lists = joined;
	return syscall_set_parse(&choices->set, joined, err);
}

int syscalls_choices_parse(void *state, int id, const char *value, struct error *err)
{
	struct syscalls_choices *choices = state;

	switch (id) {
	case OPT_BY:
		return by_parse(&choices->by, value, KNOWN, err);
	case OPT_SYSCALL:
		return parse_calls(choices, value, err);
	case OPT_ERRNO:
		return errnos_add(&choices->errnos, value, err);
	case OPT_BUFFER:
		return options_pages(value, &choices->buffer_pages, err);
	case OPT_LIST:
		choices->list = true;
		return 0;
	case OPT_FAILED:
		choices->failed = true;
		return 0;
	case OPT_LATENCY:
		choices->latency = true;
		return 0;
	case OPT_HISTOGRAM:
		choices->histogram = true;
		return 0;
	case OPT_CUMULATIVE:
		choices->cumulative = true;
		return 0;
	default:
		choices->stream = true;
		return 0;
	}
}

static const char *not_with_stream(const struct syscalls_choices *choices,
				   const struct options *options)
{
	if (choices->by.words)
		return "by";
	if (choices->latency)
		return "latency";
	if (choices->histogram)
		return "histogram";
	if (choices->cumulative)
		return "cumulative";
	if (options->report.top)
		return "top";
	return options->interval_given ? "interval" : NULL;
}

int syscalls_choices_check(void *state, const struct options *options, struct error *err)
{
	struct syscalls_choices *choices = state;
	const char *other = choices->stream ? not_with_stream(choices, options) : NULL;

	if (other)
		return error_set(err, -EINVAL, "--stream and --%s exclude each other", other);
	if (choices->histogram && !choices->latency)
		return error_set(err, -EINVAL, "--histogram needs --latency");
	if (choices->buffer_pages && !choices->stream)
		return error_set(err, -EINVAL, "--buffer needs --stream");
	return 0;
}

void syscalls_choices_clear(void *state)
{
	struct syscalls_choices *choices = state;

	free(choices->lists);
	choices->lists = NULL;
}

struct by syscalls_choices_by(const struct syscalls_choices *choices)
{
	static const struct by usual = { 1u << BY_SYSCALL };

	return choices->by.words ? choices->by : usual;
}

bool syscalls_choices_counts(const struct syscalls_choices *choices)
{
	return syscalls_choices_by(choices).words == 1u << BY_SYSCALL && !choices->latency;
}

bool syscalls_choices_only_failed(const struct syscalls_choices *choices)
{
	return choices->failed || choices->errnos.count;
}

int syscalls_choices_select(const struct syscalls_choices *choices, const struct loaded *loaded,
			    struct error *err)
{
	struct syscall_bits bits = { .bits = { 0 } };
	uint32_t zero = 0;
	int r = 0;

	if (!choices->set.any)
		return 0;
	memcpy(bits.bits, choices->set.bits, sizeof(choices->set.bits));
	for (size_t i = 0; i < SYSCALL_SLOTS / 64; i++)
		bits.numbers[i % SYSCALL_NUMBER_WORDS] |= choices->set.bits[i];
	/* It begins a command, and what it returns as may have been an execveat: the program has to
	 * see it. */
	for (int abi = 0; abi < (int)SYSCALL_ABIS; abi++) {
		int number = syscall_number((enum syscall_abi)abi, "execve");

		if (number >= 0)
			bits.numbers[number / 64] |= 1ULL << number % 64;
	}
	r = bpf_map_update_elem(load_map(loaded, "selected"), &zero, &bits, BPF_ANY);
	return r < 0 ? error_set(err, r, "selecting system calls: %s", error_name(r)) : 0;
}
