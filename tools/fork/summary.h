/* SPDX-License-Identifier: MIT */
/* A period of bcc-fork in numbers: how much was born, executed and ended, who forks most, what
 * lived shortest, what failed. */
#ifndef FORK_SUMMARY_H
#define FORK_SUMMARY_H

#include "fork/records.h"
#include "report.h"

struct fork_summary;

/**
 * fork_summary_new() - begin the first period
 * @host_pids: name processes by their ids in the initial PID namespace
 * Return: 0 or -ENOMEM.
 */
int fork_summary_new(struct fork_summary **summaryp, bool host_pids);

void fork_summary_free(struct fork_summary *summary);

/**
 * fork_summary_note() - count a record that fork_event_type() has accepted
 * Return: 0 or -ENOMEM.
 */
int fork_summary_note(struct fork_summary *summary, const struct fork_head *head);

/**
 * struct fork_period - what a summary covers
 * @ts_ns:   wall-clock time of its end
 * @span_ns: its length
 * @failures: were failed execs looked for?
 * @top:     so many of those who fork most; 0: ten
 * @timestamp: a text begins with the time of day
 * @goes_on:  it is not over: it is only shown how far it is
 */
struct fork_period {
	uint64_t ts_ns;
	uint64_t span_ns;
	unsigned top;
	bool failures;
	bool timestamp;
	bool goes_on;
};

/**
 * fork_summary_report() - print the period, and begin the next one, unless it goes on
 * A table gets lines of text; JSON and CSV get records `summary`, `forker`, `shortest`, `status`.
 * Return: 0 or the negative errno of a failed write.
 */
int fork_summary_report(struct fork_summary *summary, struct report *report,
			const struct fork_period *period);

#endif
